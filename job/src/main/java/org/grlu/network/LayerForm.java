package org.grlu.network;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How a kind of layer is configured: {@code { convolution = 16, size = 5 }}.
 *
 * @param options in the order in which they are written; the first is the kind's name
 * @param builder makes the layer
 */
public record LayerForm(List<Option> options, Builder builder) {
  private static final long MOST = 65_536;

  /** Rows of a pass that evaluates. */
  private static final long ROWS = 64;

  /**
   * An option.
   *
   * @param type Long, Double, Boolean or String
   * @param standard its value where it is not given; null where it must be
   * @param allowed in words, for errors
   */
  public record Option(
      String name, Class<?> type, Object standard, String allowed, Predicate<Object> check) {
    static Option count(String name, Object standard, long least) {
      String allowed = "a whole number, %d to %d".formatted(least, MOST);
      Predicate<Object> check = v -> (long) v >= least && (long) v <= MOST;
      return new Option(name, Long.class, standard, allowed, check);
    }

    static Option flag(String name, boolean standard) {
      return new Option(name, Boolean.class, standard, "true or false", v -> true);
    }
  }

  /** Makes a layer of its options' values. */
  public interface Builder {
    /**
     * The layer.
     *
     * @throws IllegalArgumentException that says what does not fit what it reads
     */
    Layer build(int index, Extent reads, Map<String, Object> values);
  }

  static final Option SHARED = Option.flag("shared", true);
  static final Option FROZEN = Option.flag("frozen", false);
  static final Option NOISE =
      new Option(
          "noise",
          Double.class,
          1.0,
          "a number from 0.001 to 1000",
          v -> (double) v >= 0.001 && (double) v <= 1000);

  /**
   * Refuses sizes that no array holds: what a block of rows puts out, and weights.
   *
   * @throws IllegalArgumentException that says so
   */
  static void bound(long placesOfRow, long weights) {
    if (ROWS * placesOfRow > Weights.MOST || weights > Weights.MOST) {
      throw new IllegalArgumentException(
          "%d numbers and %d weights, must be at most %d and %d"
              .formatted(placesOfRow, weights, Weights.MOST / ROWS, Weights.MOST));
    }
  }

  static int whole(Map<String, Object> values, String name) {
    return Math.toIntExact((long) values.get(name));
  }

  static boolean flag(Map<String, Object> values, Option option) {
    return (boolean) values.get(option.name());
  }

  static double noise(Map<String, Object> values) {
    return (double) values.get(NOISE.name());
  }

  /** The kind's name. */
  public String name() {
    return options.get(0).name();
  }
}
