package org.grlu.datasets;

import java.util.Locale;

/** The labels of a set as a file holds them: whole numbers, of which few are allowed. */
public final class LabelValues {
  /** One byte holds a class. */
  static final int MOST_CLASSES = 1 << Byte.SIZE;

  private final String name;
  private final long[] values;

  /**
   * Takes the array over, without a copy.
   *
   * @param name of the file, for messages
   */
  public LabelValues(String name, long[] values) {
    this.name = name;
    this.values = values;
  }

  String name() {
    return name;
  }

  int count() {
    return values.length;
  }

  /**
   * The classes, counted from 0.
   *
   * @param first the label of class 0
   * @throws DatasetException where a label is none of 256 from {@code first} on
   */
  byte[] classes(int first) {
    byte[] classes = new byte[values.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = of(name, values[i], i, first);
    }
    return classes;
  }

  /**
   * The class of one label, counted from 0.
   *
   * @param name of the file, for messages
   * @param example whose label it is
   * @param first the label of class 0
   * @throws DatasetException where it is none of 256 from {@code first} on
   */
  public static byte of(String name, long label, long example, int first) {
    if (label < first || label >= first + MOST_CLASSES) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: label %d of example %d; must be from %d (dataset.first-class) to %d",
              name,
              label,
              example,
              first,
              first + MOST_CLASSES - 1));
    }
    return (byte) (label - first);
  }
}
