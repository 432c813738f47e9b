package org.grlu.features;

import java.util.Arrays;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.noise.StreamKey;

/**
 * Filters by competition: without labels, errors or gradients. They start as the first patches of a
 * random sample. Of each patch p the winner {@code j = argmax w_j . p} moves to it, {@code n_j +=
 * 1, w_j += (p - w_j) / n_j}, and gets length 1 again; winners of a batch are told by the filters
 * as they are before it. D. E. Rumelhart and D. Zipser, "Feature Discovery by Competitive Learning"
 * (1985); each filter is what all it has won have in common, as a mean of k-means is.
 */
record HebbianPatches(int filters, int patch, long key) implements Parts.Part {
  private static final int BATCH = 100;

  /** The filters, (filters x patch x patch). */
  @Override
  public double[] of(LabelledImages images, int number) {
    int length = patch * patch;
    float[] sample = PatchSample.of(images, patch, StreamKey.child(key, 0));
    double[] w = new double[filters * length];
    for (int i = 0; i < w.length; i++) {
      w[i] = sample[i % sample.length];
    }
    new Competition(filters, length).run(sample, w);
    return w;
  }

  /** What the filters, lanes, have won. */
  private static final class Competition {
    private final int filters;
    private final int length;
    private final int stride;
    private final int[] won;

    /** (length x filters), padded: as they are before a batch. */
    private final Floats weights;

    /** (batch x filters), padded. */
    private final Floats responses;

    Competition(int filters, int length) {
      this.filters = filters;
      this.length = length;
      stride = Kernels.padded(filters);
      won = new int[filters];
      Arrays.fill(won, 1);
      weights = Floats.of(length * stride);
      responses = Floats.of(BATCH * stride);
    }

    void run(float[] sample, double[] w) {
      Kernels kernels = Kernels.best();
      Floats patches = Floats.over(sample);
      int count = sample.length / length;
      for (int from = 0; from < count; from += BATCH) {
        int some = Math.min(BATCH, count - from);
        lay(w);
        kernels.clear(responses, BATCH * stride);
        kernels.multiplyAdd(
            some,
            stride,
            length,
            patches,
            from * length,
            length,
            1,
            weights,
            0,
            stride,
            responses,
            0,
            stride);
        for (int p = 0; p < some; p++) {
          move(winner(p), sample, (from + p) * length, w);
        }
        for (int f = 0; f < filters; f++) {
          unit(w, f * length);
        }
      }
    }

    private void lay(double[] w) {
      for (int f = 0; f < filters; f++) {
        for (int i = 0; i < length; i++) {
          weights.set(i * stride + f, (float) w[f * length + i]);
        }
      }
    }

    private int winner(int p) {
      int winner = 0;
      for (int f = 1; f < filters; f++) {
        if (responses.get(p * stride + f) > responses.get(p * stride + winner)) {
          winner = f;
        }
      }
      return winner;
    }

    private void move(int winner, float[] sample, int at, double[] w) {
      won[winner]++;
      for (int i = 0; i < length; i++) {
        int to = winner * length + i;
        w[to] += (sample[at + i] - w[to]) / won[winner];
      }
    }

    private void unit(double[] w, int at) {
      double squares = 0;
      for (int i = at; i < at + length; i++) {
        squares += w[i] * w[i];
      }
      if (squares > 0) {
        double factor = 1 / Math.sqrt(squares);
        for (int i = at; i < at + length; i++) {
          w[i] *= factor;
        }
      }
    }
  }
}
