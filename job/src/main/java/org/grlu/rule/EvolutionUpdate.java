package org.grlu.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Ends a step of {@link Evolution}: shapes the fitness of all pairs, and draws their noise again. A
 * weight's terms are added in the order of the pairs, in chains of {@value #CHAIN}. A balanced tree
 * adds the chains. Each thread has its own tiles of weights. Any number of threads therefore gives
 * the same bits.
 */
final class EvolutionUpdate implements StepUpdate {
  private static final int CHAIN = 64;

  /** The cost of drawing a normal number, as a number of additions. */
  private static final double DRAW = 16;

  private final Kernels kernels = Kernels.best();
  private final Evolution rule;
  private final NetworkShape shape;
  private final LeafGrid grid;
  private final UpdateScale scale;
  private final Arena memory;
  private final PairTerms terms;
  private final Floats row;
  private final float[] factors;

  /**
   * The sums being added, by thread and depth of the walk, (tile x widest stride). They are
   * allocated when first needed.
   */
  private final List<List<Floats>> buffers = new ArrayList<>();

  private final int widest;

  EvolutionUpdate(Evolution rule, NetworkShape shape, LeafGrid grid, Arena memory) {
    this.rule = rule;
    this.shape = shape;
    this.grid = grid;
    this.memory = memory;
    this.scale = new UpdateScale(shape, rule, grid);
    this.widest = IntStream.range(0, shape.depth()).map(shape::stride).max().orElseThrow();
    this.terms =
        rule.noiseForm() == Evolution.Noise.RANK_ONE
            ? new RankOneTerms(shape, rule.perturbations(), memory)
            : new FullTerms(shape, memory);
    this.row = memory.of(shape.stride(0));
    this.factors = new float[rule.perturbations()];
  }

  @Override
  public void apply(
      StepSettings step, StepSums sums, Perturbations perturbations, Weights weights) {
    double[] fitness = fitness(sums.ofPerturbations());
    double[] shaped = shaped(fitness, rule.shaping());
    for (int p = 0; p < factors.length; p++) {
      factors[p] = (float) shaped[p];
    }
    RowThreads threads = sums.threads();
    prepare(threads.count());
    for (int l = 0; l < shape.depth(); l++) {
      if (!shape.learns(l)) {
        continue;
      }
      Layer layer = shape.layer(l);
      float by = scale.of(l, step);
      terms.begin(perturbations, layer, factors, threads);
      double operations = (double) layer.length() * factors.length;
      if (rule.noiseForm() == Evolution.Noise.FULL) {
        operations *= DRAW;
      }
      threads.run(
          RowTiles.count(layer),
          operations,
          (thread, from, to) -> tiles(layer, thread, from, to, by, weights));
      layer.sumRows(weights.layer(l), row);
    }
  }

  /** Returns half the difference of each pair's mean rewards. */
  private double[] fitness(double[] rewards) {
    double[] fitness = new double[factors.length];
    for (int p = 0; p < fitness.length; p++) {
      fitness[p] = (rewards[2 * p] - rewards[2 * p + 1]) / 2 / grid.batch();
    }
    return fitness;
  }

  /** Returns the numbers that replace the fitness in the update, by pair. */
  static double[] shaped(double[] fitness, Evolution.Shaping shaping) {
    int pairs = fitness.length;
    double[] shaped = fitness.clone();
    switch (shaping) {
      case NONE -> {}
      case SIGN -> {
        for (int p = 0; p < pairs; p++) {
          shaped[p] = Math.signum(fitness[p]);
        }
      }
      case RANK -> {
        int[] order =
            IntStream.range(0, pairs)
                .boxed()
                .sorted(Comparator.comparingDouble(p -> fitness[p]))
                .mapToInt(p -> p)
                .toArray();
        for (int rank = 0; rank < pairs; rank++) {
          shaped[order[rank]] = (double) rank / Math.max(1, pairs - 1) - 0.5;
        }
      }
    }
    return shaped;
  }

  /** Allocates the buffers of all threads before the threads start. */
  private void prepare(int threads) {
    int depth = 1;
    for (int pairs = factors.length; pairs > CHAIN; pairs = half(pairs)) {
      depth++;
    }
    while (buffers.size() < threads) {
      buffers.add(
          IntStream.range(0, depth).mapToObj(d -> memory.of(RowTiles.ROWS * widest)).toList());
    }
  }

  /** Returns how many pairs the left subtree has, out of {@code pairs}. */
  private static int half(int pairs) {
    return Integer.highestOneBit(pairs - 1);
  }

  private void tiles(Layer layer, int thread, int from, int to, float by, Weights weights) {
    Floats sum = buffers.get(thread).get(0);
    for (int tile = from; tile < to; tile++) {
      int n = RowTiles.rows(layer, tile) * layer.stride();
      sum(thread, 0, 0, factors.length, tile, n);
      int at = RowTiles.at(layer, tile);
      kernels.addScaled(by, sum, 0, weights.layer(layer.index()), at, n);
    }
  }

  /**
   * Sums the pairs from {@code from} to {@code to} (exclusive) into the buffer of depth {@code
   * depth}.
   */
  private void sum(int thread, int depth, int from, int to, int tile, int n) {
    Floats sum = buffers.get(thread).get(depth);
    if (to - from <= CHAIN) {
      kernels.clear(sum, n);
      terms.add(thread, from, to, tile, sum);
      return;
    }
    int middle = from + half(to - from);
    sum(thread, depth, from, middle, tile, n);
    sum(thread, depth + 1, middle, to, tile, n);
    kernels.add(buffers.get(thread).get(depth + 1), sum, n);
  }
}
