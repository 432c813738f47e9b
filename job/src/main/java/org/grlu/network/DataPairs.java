package org.grlu.network;

import java.util.Arrays;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.LabelledImages;
import org.grlu.noise.StreamKey;

/**
 * First weights that come of the data: row j of the first layer is {@code sqrt(2) (u_A - u_B) /
 * |u_A - u_B|}, A and B random training images of different classes, u an image after layer norm.
 * He's rows, n draws of variance 2 / n, have the same square of their norm, 2, in the mean; so that
 * what the first layer gives is of the same size.
 */
final class DataPairs {
  /** Of a pair whose images are alike another is drawn; so often, there is none. */
  private static final int MOST_DRAWS = 1000;

  private static final int BITS = 32;

  private final LabelledImages images;
  private final int inputs;
  private final InputBatch pair;

  /** The images' numbers, class by class. */
  private final int[] byClass;

  /** Where a class starts in {@link #byClass}. */
  private final int[] classStart = new int[257];

  DataPairs(NetworkShape shape, PixelScale pixels, LabelledImages images) {
    this.images = images;
    this.inputs = shape.inputs(0);
    this.pair = new InputBatch(shape, pixels);
    for (int i = 0; i < images.size(); i++) {
      classStart[images.label(i) + 1]++;
    }
    for (int c = 0; c < 256; c++) {
      classStart[c + 1] += classStart[c];
    }
    int[] next = classStart.clone();
    byClass = new int[images.size()];
    for (int i = 0; i < images.size(); i++) {
      byClass[next[images.label(i)]++] = i;
    }
  }

  /**
   * The rows.
   *
   * @param key of their stream
   * @return (units x inputs), row-major
   * @throws DatasetException where no two images of different classes differ
   */
  float[] rows(int units, long key) {
    float[] rows = new float[units * inputs];
    double[] difference = new double[inputs];
    for (int unit = 0; unit < units; unit++) {
      double norm = draw(StreamKey.child(key, unit), difference);
      for (int i = 0; i < inputs; i++) {
        rows[unit * inputs + i] = (float) (StrictMath.sqrt(2) * difference[i] / norm);
      }
    }
    return rows;
  }

  /** Fills in the difference of a pair's images; returns its norm, above 0. */
  private double draw(long key, double[] difference) {
    for (int draw = 0; draw < MOST_DRAWS; draw++) {
      long own = StreamKey.child(key, draw);
      int a = below(StreamKey.child(own, 0), images.size());
      int from = classStart[images.label(a)];
      int size = classStart[images.label(a) + 1] - from;
      if (size == images.size()) {
        break;
      }
      int other = below(StreamKey.child(own, 1), images.size() - size);
      int b = byClass[other < from ? other : other + size];
      double norm = subtract(a, b, difference);
      if (norm > 0) {
        return norm;
      }
    }
    throw new DatasetException(
        "network.initial = data-pairs: must be he where no two training images of different classes differ: of %d there are none"
            .formatted(images.size()));
  }

  private double subtract(int a, int b, double[] difference) {
    pair.load(images, new int[] {a, b}, 0, 2);
    int[] index = pair.index();
    float[] value = pair.value();
    int inkA = pair.updateTo(0) - 3;
    int inkB = pair.updateTo(1) - 3;
    // behind the inked pixels stand the bias and what a pixel without ink becomes
    Arrays.fill(difference, (double) value[inkA + 1] - value[inkB + 1]);
    for (int k = pair.updateFrom(0); k < inkA; k++) {
      difference[index[k]] += value[k];
    }
    for (int k = pair.updateFrom(1); k < inkB; k++) {
      difference[index[k]] -= value[k];
    }
    double squares = 0;
    for (double x : difference) {
      squares += x * x;
    }
    return StrictMath.sqrt(squares);
  }

  /** A number below {@code n}, all as likely but for n / 2^32. */
  private static int below(long key, int n) {
    return (int) (((key >>> BITS) * n) >>> BITS);
  }
}
