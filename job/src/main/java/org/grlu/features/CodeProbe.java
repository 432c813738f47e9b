package org.grlu.features;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.grlu.datasets.LabelledImages;

/**
 * What can be read from codes linearly, by closed solutions: the pixels and the classes by ridge
 * regression, {@code W = (C + lambda I)^-1 Cov(x, t)} with {@code lambda = 1e-3 tr(C) / d}, and the
 * classes by the nearest mean of their codes. It is for people who look at a slow system, and no
 * part of any training. Sums are made as those of {@link Moments}.
 */
public final class CodeProbe {
  /** Longer codes are not fitted: the driver holds some matrices of their length squared. */
  public static final int LONGEST = 2048;

  private static final double RIDGE = 1e-3;
  private static final int BLOCK = 8;
  private static final int MEASURED = 32;
  private static final int PARTS = 8;

  private final Encoder encoder;
  private final int classes;

  /** From a code to pixels, then scores by regression, then scores by means. */
  private final Linear readout;

  private CodeProbe(Encoder encoder, int classes, Linear readout) {
    this.encoder = encoder;
    this.classes = classes;
    this.readout = readout;
  }

  /**
   * How well it reads images that it was not fitted to.
   *
   * @param images how many
   * @param ridgeAccuracy of the classes by ridge regression
   * @param meansAccuracy of the classes by their means
   * @param linearError the squared error of a pixel, of 0 to 1, by ridge regression
   * @param decoderError the same of the system's own decoder; NaN where it has none
   * @param squaredLength the mean of |code|^2
   * @param zeros the share of the codes' values that are 0
   */
  public record Measures(
      int images,
      double ridgeAccuracy,
      double meansAccuracy,
      double linearError,
      double decoderError,
      double squaredLength,
      double zeros) {}

  /**
   * Fits it.
   *
   * @param encoder of codes of at most {@link #LONGEST} values
   * @param parts with the images
   * @param labels of the images
   */
  public static CodeProbe fit(Encoder encoder, Parts parts, byte[] labels, int classes) {
    int d = encoder.size();
    int pixels = encoder.inputs();
    int images = labels.length;
    int count = Math.max(1, Math.min(d > 1024 ? PARTS / 2 : PARTS, images / BLOCK));
    Sums part = new Sums(encoder, labels, classes, count);
    double[] sums = Moments.fold(parts.map(count, part), 0, count);
    int[] ofClass = new int[classes];
    for (byte label : labels) {
      ofClass[label & 0xff]++;
    }
    return new CodeProbe(encoder, classes, readout(sums, d, pixels, images, ofClass));
  }

  /** Sums of z, the code with the pixels and the class after it, then of the code's rows z_i z. */
  private record Sums(Encoder encoder, byte[] labels, int classes, int count)
      implements Parts.Part {
    @Override
    public double[] of(LabelledImages all, int number) {
      int d = encoder.size();
      int pixels = encoder.inputs();
      int width = d + pixels + classes;
      double[] sums = new double[width + d * width - d * (d - 1) / 2];
      double[] z = new double[BLOCK * width];
      float[] codes = new float[BLOCK * d];
      int to = bound(number + 1, labels.length, count);
      for (int from = bound(number, labels.length, count); from < to; from += BLOCK) {
        int some = Math.min(BLOCK, to - from);
        encoder.encode(all, from, some, codes, 0);
        float[] images = Encoder.pixels(all, from, some);
        Arrays.fill(z, 0);
        for (int e = 0; e < some; e++) {
          int at = e * width;
          for (int i = 0; i < d; i++) {
            z[at + i] = codes[e * d + i];
          }
          for (int i = 0; i < pixels; i++) {
            z[at + d + i] = images[e * pixels + i];
          }
          z[at + d + pixels + (labels[from + e] & 0xff)] = 1;
        }
        add(z, d, width, sums);
      }
      return sums;
    }
  }

  private static int bound(int number, int images, int count) {
    return (int) ((long) images * number / count);
  }

  private static void add(double[] z, int d, int width, double[] sums) {
    for (int e = 0; e < BLOCK; e++) {
      for (int i = 0; i < width; i++) {
        sums[i] += z[e * width + i];
      }
    }
    int at = width;
    for (int i = 0; i < d; i++) {
      boolean zero = true;
      for (int e = 0; e < BLOCK; e++) {
        zero &= z[e * width + i] == 0;
      }
      if (!zero) {
        // of sparse codes most rows have nothing to add
        Moments.addRow(z, width, i, sums, at - i);
      }
      at += width - i;
    }
  }

  private static Linear readout(double[] sums, int d, int pixels, int images, int[] ofClass) {
    int classes = ofClass.length;
    int targets = pixels + classes;
    int width = d + targets;
    DMatrixRMaj c = new DMatrixRMaj(d, d);
    DMatrixRMaj cross = new DMatrixRMaj(d, targets);
    double trace = 0;
    int at = width;
    for (int i = 0; i < d; at += width - i, i++) {
      for (int j = i; j < width; j++) {
        double moment = sums[at + j - i] / images - sums[i] / images * (sums[j] / images);
        if (j >= d) {
          cross.data[i * targets + j - d] = moment;
        } else {
          c.data[i * d + j] = moment;
          c.data[j * d + i] = moment;
        }
      }
      trace += c.data[i * d + i];
    }
    float[] weights = new float[(targets + classes) * d];
    float[] bias = new float[targets + classes];
    double lambda = Math.max(RIDGE * trace / d, Double.MIN_NORMAL);
    DMatrixRMaj solution = solve(c, lambda, cross);
    for (int t = 0; t < targets; t++) {
      double sum = sums[d + t] / images;
      for (int i = 0; i < d; i++) {
        float w = (float) solution.data[i * targets + t];
        weights[t * d + i] = w;
        sum -= w * (sums[i] / images);
      }
      bias[t] = (float) sum;
    }
    means(sums, d, pixels, ofClass, weights, bias);
    return new Linear(d, targets + classes, Linear.Shape.PLAIN, weights, bias);
  }

  /** Least distance is the largest {@code mean . x - |mean|^2 / 2}. */
  private static void means(
      double[] sums, int d, int pixels, int[] ofClass, float[] weights, float[] bias) {
    int classes = ofClass.length;
    int width = d + pixels + classes;
    for (int label = 0; label < classes; label++) {
      double half = 0;
      int to = (pixels + classes + label) * d;
      int at = width;
      for (int i = 0; i < d; at += width - i, i++) {
        double mean = sums[at + d + pixels + label - i] / Math.max(1, ofClass[label]);
        weights[to + i] = (float) mean;
        half += mean * mean / 2;
      }
      bias[pixels + classes + label] =
          ofClass[label] == 0 ? Float.NEGATIVE_INFINITY : (float) -half;
    }
  }

  private static DMatrixRMaj solve(DMatrixRMaj c, double lambda, DMatrixRMaj cross) {
    int d = c.numRows;
    for (int i = 0; i < d; i++) {
      c.data[i * d + i] += lambda;
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(d);
    if (!solver.setA(c)) {
      throw new IllegalStateException("the codes' covariance could not be decomposed");
    }
    DMatrixRMaj solution = new DMatrixRMaj(d, cross.numCols);
    solver.solve(cross, solution);
    return solution;
  }

  /**
   * Reads images.
   *
   * @param parts with the images
   * @param labels of the images
   */
  public Measures measure(Parts parts, byte[] labels) {
    int count = Math.max(1, Math.min(PARTS, labels.length / MEASURED));
    List<double[]> all = parts.map(count, new Read(encoder, readout, labels, classes, count));
    double[] sums = Moments.fold(all, 0, count);
    double n = labels.length;
    double pixels = n * encoder.inputs();
    return new Measures(
        labels.length,
        sums[0] / n,
        sums[1] / n,
        sums[2] / pixels,
        encoder.reconstructs() ? sums[5] / pixels : Double.NaN,
        sums[3] / n,
        sums[4] / (n * encoder.size()));
  }

  /** Sums of some images' measures. */
  private record Read(Encoder encoder, Linear readout, byte[] labels, int classes, int count)
      implements Parts.Part {
    @Override
    public double[] of(LabelledImages all, int number) {
      int d = encoder.size();
      int pixels = encoder.inputs();
      int width = readout.outputs();
      double[] sums = new double[6];
      int to = bound(number + 1, labels.length, count);
      for (int from = bound(number, labels.length, count); from < to; from += MEASURED) {
        int some = Math.min(MEASURED, to - from);
        float[] codes = new float[some * d];
        encoder.encode(all, from, some, codes, 0);
        float[] read = new float[some * width];
        readout.apply(some, codes, read);
        float[] images = Encoder.pixels(all, from, some);
        for (int e = 0; e < some; e++) {
          int label = labels[from + e] & 0xff;
          int at = e * width + pixels;
          sums[0] += largest(read, at, classes) == label ? 1 : 0;
          sums[1] += largest(read, at + classes, classes) == label ? 1 : 0;
          sums[2] += distance(images, e * pixels, read, e * width, pixels);
        }
        if (encoder.reconstructs()) {
          float[] made = encoder.reconstruct(all, from, some);
          sums[5] += distance(images, 0, made, 0, made.length);
        }
        for (float x : codes) {
          sums[3] += (double) x * x;
          sums[4] += x == 0 ? 1 : 0;
        }
      }
      return sums;
    }
  }

  private static int largest(float[] values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }

  private static double distance(float[] a, int from, float[] b, int at, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double difference = a[from + i] - b[at + i];
      sum += difference * difference;
    }
    return sum;
  }

  /**
   * What the regression makes of the first images' codes.
   *
   * @return (count x pixels)
   */
  public float[] reconstruct(LabelledImages images, int count) {
    int pixels = encoder.inputs();
    float[] codes = new float[count * encoder.size()];
    encoder.encode(images, 0, count, codes, 0);
    float[] read = new float[count * readout.outputs()];
    readout.apply(count, codes, read);
    float[] made = new float[count * pixels];
    for (int e = 0; e < count; e++) {
      System.arraycopy(read, e * readout.outputs(), made, e * pixels, pixels);
    }
    return made;
  }
}
