package org.grlu.features;

import java.util.Arrays;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/** {@link GrluAutoencoder} in doubles and by its definition: two passes a pair, their rewards. */
final class PlainGrluAutoencoder {
  private static final double DEVIATION = 0.1;

  /** Weights of the encoder by rows, its biases, those of the decoder. */
  final double[] parameters;

  private final LabelledImages images;
  private final int n;
  private final int size;
  private final boolean byNoise;
  private final int pairs;
  private final long key;
  private final double[] mean;

  PlainGrluAutoencoder(
      LabelledImages images, double[] start, int size, boolean byNoise, int pairs, long key) {
    this.images = images;
    this.size = size;
    this.byNoise = byNoise;
    this.pairs = pairs;
    this.key = key;
    n = images.pixelsPerImage();
    mean = Moments.mean(images, 0);
    parameters = Arrays.copyOf(start, decoderBias() + n);
  }

  private int decoder() {
    return size * n + size;
  }

  private int decoderBias() {
    return decoder() + n * size;
  }

  /** The first epoch of one. */
  void epoch(double rate) {
    int[] order = Permutation.of(stream(2), images.size());
    for (int t = 0; t < order.length; t++) {
      double[] x = new double[n];
      for (int i = 0; i < n; i++) {
        x[i] = Encoder.value(images, order[t] * n + i) - mean[i];
      }
      step(x, StreamKey.child(stream(3), t), rate * (1 - (double) t / order.length));
    }
  }

  private long stream(int use) {
    return StreamKey.child(StreamKey.child(key, use), 0);
  }

  private void step(double[] x, long draws, double rate) {
    double[] h = new double[size];
    for (int k = 0; k < size; k++) {
      h[k] = parameters[size * n + k];
      for (int i = 0; i < n; i++) {
        h[k] += parameters[k * n + i] * x[i];
      }
    }
    double[] error = error(x, h, new double[n]);
    double[] codeStep = new double[size];
    double[] outputStep = new double[n];
    for (int p = 0; p < pairs; p++) {
      double[] code = noise(draws, 0, p, size);
      double[] output = byNoise ? noise(draws, 1, p, n) : new double[n];
      double d =
          (reward(x, h, code, output, DEVIATION) - reward(x, h, code, output, -DEVIATION))
              / (2 * DEVIATION);
      for (int k = 0; k < size; k++) {
        codeStep[k] += rate / pairs * d * code[k];
      }
      for (int i = 0; i < n; i++) {
        outputStep[i] += rate / pairs * d * output[i];
      }
    }
    for (int i = 0; i < n; i++) {
      double step = byNoise ? outputStep[i] : rate * error[i];
      for (int k = 0; k < size; k++) {
        parameters[decoder() + i * size + k] += step * h[k];
        parameters[k * n + i] += codeStep[k] * x[i];
      }
      parameters[decoderBias() + i] += step;
    }
    for (int k = 0; k < size; k++) {
      parameters[size * n + k] += codeStep[k];
    }
  }

  private double reward(double[] x, double[] h, double[] code, double[] output, double size) {
    double[] moved = new double[h.length];
    for (int k = 0; k < h.length; k++) {
      moved[k] = h[k] + size * code[k];
    }
    double[] added = new double[n];
    for (int i = 0; i < n; i++) {
      added[i] = size * output[i];
    }
    double sum = 0;
    for (double e : error(x, moved, added)) {
      sum -= e * e / 2;
    }
    return sum;
  }

  private double[] error(double[] x, double[] h, double[] added) {
    double[] error = new double[n];
    for (int i = 0; i < n; i++) {
      double made = parameters[decoderBias() + i] + added[i];
      for (int k = 0; k < size; k++) {
        made += parameters[decoder() + i * size + k] * h[k];
      }
      error[i] = x[i] - made;
    }
    return error;
  }

  /** What the pair's lane of a block gets. */
  private static double[] noise(long draws, int use, int pair, int units) {
    long stream = StreamKey.child(StreamKey.child(draws, use), pair);
    Floats row = Floats.of(Kernels.padded(units));
    Kernels.best().gaussian(stream, 1, row, 0, units);
    double[] noise = new double[units];
    for (int i = 0; i < units; i++) {
      noise[i] = row.get(i);
    }
    return noise;
  }
}
