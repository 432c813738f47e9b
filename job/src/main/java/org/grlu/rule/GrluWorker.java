package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.math.TopK;
import org.grlu.network.Activation;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.Weights;

/**
 * {@link Grlu} on a block of perturbations of one example at a time, with what the two members of a
 * pair share computed once. A perturbation is a lane: whatever differs between them is (units x
 * lanes), so that no vector is padded with units that a narrow layer does not have, and sums over
 * units need no folding of vectors.
 *
 * <p>The noise enters after a layer's activation, so all pairs share the first layer's product. A
 * pair hands on {@code s + h} and {@code s - h}, so a layer needs {@code W s} and {@code W h}, and
 * where s does not depend on the perturbation (behind a first ReLU layer) W s only once. Layer norm
 * is applied after the product, {@code z = scale (W x - mean (W 1)) + b}, from the sums of s, h,
 * s^2, s h and h^2. The mean input of the pair is {@code A s + B h - C} with A and B the half sum
 * and half difference of the members' scales and C that of mean x scale.
 */
final class GrluWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final Grlu rule;
  private final NetworkShape shape;
  private final int depth;
  private final int last;

  /** Lanes of a full block: what buffers are made for. */
  private final int capacity;

  private final PairSource[] sources;
  private final DensePairs[] layers;
  private final TopK[] topK;

  /**
   * By example of a block, of a layer whose product all pairs share: (widest stride) each. All
   * leaves of the block read them.
   */
  private final Floats[] products;

  /** The first example of the block of {@link #products}; {@link #NONE} at a step's start. */
  private int productsFrom = NONE;

  private static final int NONE = -1;

  /** (units x lanes), as all buffers below unless they say otherwise. */
  private final Floats maskPlus;

  private final Floats maskMinus;
  private final Floats scores;
  private final Floats draws;
  private final Floats plus;
  private final Floats minus;

  private final Floats rewardPlus;
  private final Floats rewardMinus;

  /** By lane; zero in lanes without a perturbation. */
  private final Floats difference;

  private final PairUpdate update;

  GrluWorker(Grlu rule, NetworkShape shape, LeafGrid grid, Arena memory) {
    this.rule = rule;
    this.shape = shape;
    this.capacity = Kernels.padded(grid.blockPerturbations());
    this.depth = shape.depth();
    this.last = depth - 1;
    this.topK = new TopK[depth];
    int widest = Kernels.LANES;
    sources = new PairSource[depth];
    boolean relu = shape.activation() == Activation.RELU;
    for (int l = 0; l < depth; l++) {
      widest = Math.max(widest, shape.stride(l));
      topK[l] = new TopK(kernels, capacity, memory);
    }
    int block = capacity * widest;
    draws = memory.of(block);
    DensePairs.Scratch scratch =
        new DensePairs.Scratch(memory.of(block), memory.of(block), memory.of(widest), draws);
    layers = new DensePairs[depth];
    for (int l = 0; l < depth; l++) {
      layers[l] =
          shape
              .layer(l)
              .match(dense -> new DensePairs(dense, shape, sources, scratch, capacity, memory));
    }
    for (int i = 1; i < depth; i++) {
      Floats h = i == 1 ? layers[0].noise : memory.of(capacity * shape.layers().get(i));
      sources[i] = new PairSource(shape.layers().get(i), capacity, i == 1 && relu, h, memory);
    }
    if (shape.skip() == Skip.DENSE) {
      sources[0] = new PairSource(shape.inputs(0), capacity, true, null, memory);
    }
    products = new Floats[grid.blockExamples()];
    for (int i = 0; i < products.length; i++) {
      products[i] = memory.of(widest);
    }
    maskPlus = memory.of(block);
    maskMinus = memory.of(block);
    scores = memory.of(block);
    plus = memory.of(block);
    minus = memory.of(block);
    rewardPlus = memory.of(capacity);
    rewardMinus = memory.of(capacity);
    difference = memory.of(capacity);
    update = new PairUpdate(shape, capacity, widest, sources, memory);
  }

  @Override
  public void prepare(Weights weights) {
    productsFrom = NONE;
    for (int l = 0; l < depth; l++) {
      layers[l].prepare(weights.layer(l));
    }
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    Weights weights = leaf.weights();
    InputBatch batch = leaf.batch();
    Perturbations perturbations = leaf.perturbations();
    int fromExample = leaf.fromExample();
    int fromPerturbation = leaf.fromPerturbation();
    int rows = leaf.toPerturbation() - fromPerturbation;
    int lanes = Kernels.padded(rows);
    for (int example = fromExample; example < leaf.toExample(); example++) {
      for (int l = 0; l < depth; l++) {
        perturbations.noise(example, fromPerturbation, rows, l, lanes, layers[l].noise);
      }
      int inBatch = leaf.inBatch(example);
      if (sources[0] != null) {
        Floats s = sources[0].s;
        s.copy(batch.raw(), inBatch * s.length(), 0, s.length());
        sources[0].measure(kernels, lanes);
      }
      for (int l = 0; l < depth; l++) {
        if (layers[l].sharesProduct()) {
          Floats product = products[example - fromExample];
          if (productsFrom != fromExample) {
            batch.firstLayer(kernels, weights, inBatch, product, 0);
          }
          activateShared(perturbations, example, fromPerturbation, l, rows, lanes, product);
        } else {
          layers[l].linear(weights.layer(l), rows, lanes, plus, minus);
          if (l < last) {
            activate(perturbations, example, fromPerturbation, l, rows, lanes);
          }
        }
      }
      sums.addReward(rewards(batch.label(inBatch), rows, lanes));
      learn(example - fromExample, rows, lanes, sums);
    }
    productsFrom = fromExample;
  }

  private void learn(int inBlock, int rows, int lanes, LeafSums sums) {
    for (int l = 0; l < depth; l++) {
      if (!layers[l].sharesProduct()) {
        update.factors(lanes, layers[l]);
        update.add(l, rows, lanes, layers[l].noise, difference, sums.matrix(l));
      }
    }
    for (int l = 0; l < depth; l++) {
      if (layers[l].sharesProduct()) {
        int at = inBlock * shape.stride(l);
        update.coefficients(l, rows, lanes, layers[l].noise, difference, sums, at);
      }
    }
  }

  /**
   * Layer l's activation, or the logits, from its product, that all pairs share; gates its noise.
   */
  private void activateShared(
      Perturbations perturbations,
      int example,
      int fromPerturbation,
      int l,
      int rows,
      int lanes,
      Floats product) {
    int units = shape.units(l);
    Floats noise = layers[l].noise;
    if (l == last) {
      perturb(product, noise, units, lanes);
      return;
    }
    Floats s = sources[l + 1].s;
    if (shape.activation() == Activation.RELU) {
      kernels.positive(product, maskPlus, shape.stride(l));
      kernels.multiply(product, maskPlus, s, shape.stride(l));
      if (rule.gate() == Gate.ACTIVE) {
        kernels.scaleRows(noise, maskPlus, noise, units, lanes);
      }
    } else {
      perturbations.gumbels(example, fromPerturbation, rows, l, lanes, scores);
      kernels.addToRows(product, scores, units, lanes);
      topK[l].mask(scores, units, lanes, shape.kept(l), maskPlus);
      kernels.scaleRows(maskPlus, product, s, units, lanes);
      if (rule.gate() == Gate.ACTIVE) {
        kernels.multiply(noise, maskPlus, noise, units * lanes);
      }
    }
    sources[l + 1].measure(kernels, lanes);
  }

  /** Hidden layer l's activation, noise and skip: fills source l + 1, gates its noise. */
  private void activate(
      Perturbations perturbations, int example, int fromPerturbation, int l, int rows, int lanes) {
    int n = shape.units(l) * lanes;
    if (shape.activation() == Activation.RELU) {
      kernels.positive(plus, maskPlus, n);
      kernels.positive(minus, maskMinus, n);
    } else {
      perturbations.gumbels(example, fromPerturbation, rows, l, lanes, draws);
      rank(plus, l, lanes, maskPlus);
      rank(minus, l, lanes, maskMinus);
    }
    PairSource next = sources[l + 1];
    boolean gated = rule.gate() == Gate.ACTIVE;
    Floats noise = layers[l].noise;
    kernels.activatePair(plus, maskPlus, minus, maskMinus, gated, noise, n, next.s, next.h);
    if (shape.residual(l)) {
      PairSource x = sources[l];
      if (x.shared) {
        kernels.addToRows(x.s, next.s, shape.units(l), lanes);
      } else {
        kernels.add(x.s, next.s, n);
      }
      kernels.add(x.h, next.h, n);
    }
    next.measure(kernels, lanes);
  }

  /** The top-k mask of z, by z plus {@link #draws}. */
  private void rank(Floats z, int l, int lanes, Floats mask) {
    int n = shape.units(l) * lanes;
    scores.copy(z, 0, 0, n);
    kernels.add(draws, scores, n);
    topK[l].mask(scores, shape.units(l), lanes, shape.kept(l), mask);
  }

  /** The perturbed logits, from those that all pairs share. */
  private void perturb(Floats z, Floats noise, int units, int lanes) {
    plus.copy(noise, 0, 0, units * lanes);
    kernels.addToRows(z, plus, units, lanes);
    kernels.clear(minus, units * lanes);
    kernels.addScaled(-1f, noise, 0, minus, 0, units * lanes);
    kernels.addToRows(z, minus, units, lanes);
  }

  /** Fills {@link #difference} from the perturbed logits; returns the sum of all rewards. */
  private double rewards(int label, int rows, int lanes) {
    int units = shape.units(last);
    kernels.labelProbability(plus, units, lanes, label, rewardPlus);
    kernels.labelProbability(minus, units, lanes, label, rewardMinus);
    kernels.log(rewardPlus, Rewards.FLOOR, rewardPlus, lanes);
    kernels.log(rewardMinus, Rewards.FLOOR, rewardMinus, lanes);
    double total = 0;
    for (int r = 0; r < rows; r++) {
      difference.set(r, (rewardPlus.get(r) - rewardMinus.get(r)) * 0.5f);
      total += (double) rewardPlus.get(r) + rewardMinus.get(r);
    }
    difference.fill(rows, lanes, 0f);
    return total;
  }
}
