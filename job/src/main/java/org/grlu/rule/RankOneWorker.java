package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.math.TopK;
import org.grlu.network.Activation;
import org.grlu.network.Dense;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.Weights;

/**
 * Computes {@link Evolution} with noise of rank one on a block of pairs, one in each lane, and one
 * example at a time. All pairs of an example share the first layer's product with the weights. The
 * outputs of a pair are {@code s + h} and {@code s - h}, as in {@link PairsPass}. A pair costs as
 * much as there, and in addition the products of b with s and h.
 */
final class RankOneWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final int last;
  private final RankOneNoise noise;

  /** The input of each layer; null for sources that no layer reads. */
  private final PairSource[] sources;

  /** The pass through each layer; null for the first layer, whose product all pairs share. */
  private final DensePairs[] layers;

  private final TopK[] topK;

  /** The first layer's product with the weights, (stride). */
  private final Floats product;

  // scratch memory, (units x lanes) each
  private final Floats plus;
  private final Floats minus;
  private final Floats maskPlus;
  private final Floats maskMinus;
  private final Floats scores;

  /** The Gumbel draws of a layer, (widest stride). */
  private final Floats draws;

  /** Zeros, (units x lanes). */
  private final Floats zeros;

  // scratch memory, (lanes) each
  private final Floats ones;
  private final Floats rewardPlus;
  private final Floats rewardMinus;

  RankOneWorker(NetworkShape shape, LeafGrid grid, Arena memory) {
    this.shape = shape;
    this.last = shape.depth() - 1;
    int lanes = Kernels.padded(grid.blockPerturbations());
    noise = new RankOneNoise(shape, lanes, memory);
    sources = new PairSource[last + 1];
    layers = new DensePairs[last + 1];
    topK = new TopK[last + 1];
    int widest = Kernels.LANES;
    for (int l = 0; l <= last; l++) {
      widest = Math.max(widest, shape.stride(l));
    }
    int block = widest * lanes;
    plus = memory.of(block);
    minus = memory.of(block);
    maskPlus = memory.of(block);
    maskMinus = memory.of(block);
    scores = memory.of(block);
    zeros = memory.of(block);
    draws = memory.of(widest);
    product = memory.of(shape.stride(0));
    ones = memory.of(lanes);
    ones.fill(0, lanes, 1f);
    rewardPlus = memory.of(lanes);
    rewardMinus = memory.of(lanes);
    DensePairs.Scratch scratch =
        new DensePairs.Scratch(
            memory.of(block), memory.of(block), memory.of(widest), memory.of(block));
    for (int l = 0; l <= last; l++) {
      topK[l] = new TopK(kernels, lanes, memory);
      layers[l] =
          shape.layer(l).readsImages()
              ? null
              : new DensePairs(
                  (Dense) shape.layer(l), shape, sources, scratch, lanes, null, memory);
    }
    for (int i = 1; i <= last; i++) {
      int width = shape.layers().get(i);
      sources[i] = new PairSource(width, lanes, false, memory.of(width * lanes), memory);
    }
    if (shape.skip() == Skip.DENSE) {
      sources[0] = new PairSource(shape.inputs(0), lanes, true, null, memory);
    }
  }

  @Override
  public void prepare(Weights weights) {
    for (int l = 1; l <= last; l++) {
      layers[l].prepare(weights.layer(l));
    }
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    int lanes = Kernels.padded(leaf.pairs());
    noise.draw(leaf, lanes);
    for (int example = leaf.fromExample(); example < leaf.toExample(); example++) {
      run(leaf, example, lanes);
      rewards(leaf, example, lanes, sums);
    }
  }

  /** Computes both members' logits in {@link #plus} and {@link #minus}. */
  private void run(Leaf leaf, int example, int lanes) {
    int e = leaf.inBatch(example);
    if (sources[0] != null) {
      Floats s = sources[0].s;
      s.copy(leaf.batch().raw(), e * s.length(), 0, s.length());
      sources[0].measure(kernels, lanes);
    }
    leaf.batch().firstLayer(kernels, leaf.weights(), e, product, 0);
    Floats change = noise.first(leaf.batch(), e, lanes);
    int units = shape.units(0);
    kernels.normalisePairs(
        product, true, change, 1f, zeros, ones, zeros, zeros, 0, units, lanes, plus);
    kernels.normalisePairs(
        product, true, change, -1f, zeros, ones, zeros, zeros, 0, units, lanes, minus);
    for (int l = 0; l < last; l++) {
      activate(leaf, example, l, lanes);
      DensePairs next = layers[l + 1];
      next.linear(leaf.weights().layer(l + 1), leaf.pairs(), lanes, plus, minus);
      noise.project(l + 1, sources, lanes);
      noise.add(l + 1, 1f, next.meanPlus, next.scalePlus, lanes, plus);
      noise.add(l + 1, -1f, next.meanMinus, next.scaleMinus, lanes, minus);
    }
  }

  /** Computes hidden layer l's activation and skip connection, and fills source l + 1. */
  private void activate(Leaf leaf, int example, int l, int lanes) {
    int units = shape.units(l);
    int n = units * lanes;
    if (shape.activation() == Activation.RELU) {
      kernels.positive(plus, maskPlus, n);
      kernels.positive(minus, maskMinus, n);
    } else {
      leaf.perturbations().gumbel(example, l, draws, 0);
      rank(plus, l, lanes, maskPlus);
      rank(minus, l, lanes, maskMinus);
    }
    PairSource next = sources[l + 1];
    kernels.activatePair(plus, maskPlus, minus, maskMinus, false, zeros, n, next.s, next.h);
    if (shape.residual(l)) {
      kernels.add(sources[l].s, next.s, n);
      kernels.add(sources[l].h, next.h, n);
    }
    next.measure(kernels, lanes);
  }

  /** Computes the top-k mask of z, which ranks z plus {@link #draws}. */
  private void rank(Floats z, int l, int lanes, Floats mask) {
    int units = shape.units(l);
    scores.copy(z, 0, 0, units * lanes);
    kernels.addToRows(draws, scores, units, lanes);
    topK[l].mask(scores, units, lanes, shape.kept(l), mask);
  }

  private void rewards(Leaf leaf, int example, int lanes, LeafSums sums) {
    int units = shape.units(last);
    int label = leaf.batch().label(leaf.inBatch(example));
    kernels.labelProbability(plus, units, lanes, label, rewardPlus);
    kernels.labelProbability(minus, units, lanes, label, rewardMinus);
    kernels.log(rewardPlus, Rewards.FLOOR, rewardPlus, lanes);
    kernels.log(rewardMinus, Rewards.FLOOR, rewardMinus, lanes);
    double[] ofPerturbations = sums.ofPerturbations();
    double total = 0;
    for (int r = 0; r < leaf.pairs(); r++) {
      int at = 2 * (leaf.fromPerturbation() + r);
      ofPerturbations[at] += rewardPlus.get(r);
      ofPerturbations[at + 1] += rewardMinus.get(r);
      total += (double) rewardPlus.get(r) + rewardMinus.get(r);
    }
    sums.addReward(example - leaf.fromExample(), total);
  }
}
