package org.grlu.features;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.noise.StreamKey;

/**
 * Filters by evolution strategies, without labels or gradients. The fitness of some filters is the
 * mean over 1,000 random patches p of {@code max_k (w_k . p)^2}, what the winner reconstructs, each
 * filter mean-free and of length 1. A step draws antithetic pairs of noise on all of them, ranks
 * the members by fitness, and moves by {@code 1 / (2 P sigma) sum_p (rank+ - rank-) noise_p}
 * through Adam. T. Salimans et al., "Evolution Strategies as a Scalable Alternative to
 * Reinforcement Learning" (2017).
 */
record EvolutionPatches(int filters, int patch, int pairs, int steps, long key)
    implements Parts.Part {
  private static final int SEEN = 1000;

  /** Patches whose responses stay in a cache. */
  private static final int BLOCK = 128;

  private static final int STRIDE = (SEEN + BLOCK - 1) / BLOCK * BLOCK;
  private static final float SIGMA = 0.1f;
  private static final double FIRST_RATE = 0.05;
  private static final double LAST_RATE = 0.002;
  private static final double MEMORY = 0.9;
  private static final double SQUARES_MEMORY = 0.99;
  private static final double EPSILON = 1e-8;

  /** The filters, (filters x patch x patch), then the fitness before the first and last step. */
  @Override
  public double[] of(LabelledImages images, int number) {
    float[] sample = PatchSample.of(images, patch, StreamKey.child(key, 0));
    return new Search().run(sample);
  }

  /** What a search keeps between steps. */
  private final class Search {
    private final Kernels kernels = Kernels.best();
    private final int length = patch * patch;
    private final int size = filters * length;
    private final double[] first = new double[size];
    private final double[] second = new double[size];

    /** (length x patches) of a step. */
    private final Floats seen = Floats.of(length * STRIDE);

    private final Floats member = Floats.of(Kernels.padded(size));
    private final Floats responses = Floats.of(filters * BLOCK);
    private final float[] best = new float[BLOCK];
    private final Floats noise = Floats.of(pairs * Kernels.padded(size));
    private final double[] fitness = new double[2 * pairs];

    double[] run(float[] sample) {
      float[] centre = Normals.of(StreamKey.child(key, 1), 1, size);
      unit(centre);
      double[] ends = new double[2];
      for (int step = 0; step < steps; step++) {
        look(sample, step);
        if (step == 0) {
          ends[0] = fitness(centre, 0, 0);
        }
        step(centre, step);
      }
      look(sample, steps);
      ends[1] = fitness(centre, 0, 0);
      double[] result = new double[size + 2];
      for (int i = 0; i < size; i++) {
        result[i] = centre[i];
      }
      System.arraycopy(ends, 0, result, size, 2);
      return result;
    }

    private void unit(float[] w) {
      for (int f = 0; f < filters; f++) {
        PatchSample.normalise(w, f * length, length);
      }
    }

    /** Lays out the patches of a step: the next of the sample, from its start again at its end. */
    private void look(float[] sample, int step) {
      int count = sample.length / length;
      for (int p = 0; p < SEEN; p++) {
        int from = (int) (((long) step * SEEN + p) % count) * length;
        for (int i = 0; i < length; i++) {
          seen.set(i * STRIDE + p, sample[from + i]);
        }
      }
    }

    /** The fitness of {@code centre + factor noise}, the noise of a pair. */
    private double fitness(float[] centre, int pair, float factor) {
      float[] w = member.array();
      int from = pair * Kernels.padded(size);
      for (int i = 0; i < size; i++) {
        w[i] = centre[i] + factor * noise.get(from + i);
      }
      unit(w);
      double sum = 0;
      for (int at = 0; at < STRIDE; at += BLOCK) {
        kernels.clear(responses, filters * BLOCK);
        kernels.multiplyAdd(
            filters, BLOCK, length, member, 0, length, 1, seen, at, STRIDE, responses, 0, BLOCK);
        sum += winners();
      }
      return sum / SEEN;
    }

    /** The sum of the largest squares of a block's patches. */
    private double winners() {
      float[] r = responses.array();
      Arrays.fill(best, 0);
      for (int f = 0; f < filters; f++) {
        largest(r, f * BLOCK, best);
      }
      double sum = 0;
      for (int p = 0; p < BLOCK; p++) {
        sum += best[p];
      }
      return sum;
    }

    private void step(float[] centre, int step) {
      int stride = Kernels.padded(size);
      for (int p = 0; p < pairs; p++) {
        long stream = StreamKey.child(StreamKey.child(StreamKey.child(key, 2), step), p);
        kernels.gaussian(stream, 1, noise, p * stride, size);
        fitness[2 * p] = fitness(centre, p, SIGMA);
        fitness[2 * p + 1] = fitness(centre, p, -SIGMA);
      }
      double[] rank = ranks(fitness);
      double[] gradient = new double[size];
      for (int p = 0; p < pairs; p++) {
        double f = (rank[2 * p] - rank[2 * p + 1]) / (2 * pairs * SIGMA);
        for (int i = 0; i < size; i++) {
          gradient[i] += f * noise.get(p * stride + i);
        }
      }
      adam(centre, gradient, step);
      unit(centre);
    }

    private void adam(float[] centre, double[] gradient, int step) {
      double rate = FIRST_RATE + (LAST_RATE - FIRST_RATE) * step / Math.max(1, steps - 1);
      double scale = 1 - StrictMath.pow(MEMORY, step + 1);
      double squaresScale = 1 - StrictMath.pow(SQUARES_MEMORY, step + 1);
      for (int i = 0; i < size; i++) {
        double g = gradient[i];
        first[i] = MEMORY * first[i] + (1 - MEMORY) * g;
        second[i] = SQUARES_MEMORY * second[i] + (1 - SQUARES_MEMORY) * g * g;
        centre[i] +=
            (float) (rate * (first[i] / scale) / (Math.sqrt(second[i] / squaresScale) + EPSILON));
      }
    }
  }

  private static void largest(float[] r, int at, float[] best) {
    for (int p = 0; p < BLOCK; p++) {
      float x = r[at + p];
      best[p] = Math.max(best[p], x * x);
    }
  }

  /** Ranks from -1/2 to 1/2; of equal ones the first is lower. */
  static double[] ranks(double[] fitness) {
    int n = fitness.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted((i, j) -> Double.compare(fitness[i], fitness[j]))
            .mapToInt(i -> i)
            .toArray();
    double[] ranks = new double[n];
    for (int r = 0; r < n; r++) {
      ranks[order[r]] = (double) r / (n - 1) - 0.5;
    }
    return ranks;
  }
}
