package org.grlu.rule;

import java.util.Arrays;
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
  private static final int FEW = 4;

  private final Kernels kernels = Kernels.best();
  private final Grlu rule;
  private final NetworkShape shape;
  private final int depth;
  private final int last;

  /** Lanes of a full block: what buffers are made for. */
  private final int capacity;

  private final PairSource[] sources;
  private final float[][] noise;
  private final float[][] columnSums;
  private final TopK[] topK;
  private final float[] first;

  /** (units x lanes), as all buffers below unless they say otherwise. */
  private final float[] maskPlus;

  private final float[] maskMinus;
  private final float[] scores;
  private final float[] draws;
  private final float[] plus;
  private final float[] minus;
  private final float[] productS;
  private final float[] productH;

  /** Layer norm's mean and scale, by layer and lane. */
  private final float[][] meanPlus;

  private final float[][] meanMinus;
  private final float[][] scalePlus;
  private final float[][] scaleMinus;

  private final float[] rewardPlus;
  private final float[] rewardMinus;

  /** By lane; zero in lanes without a perturbation. */
  private final float[] difference;

  /** W s of sources that all lanes share, (widest stride). */
  private final float[] shared;

  private final PairUpdate update;

  GrluWorker(Grlu rule, NetworkShape shape, int perturbations) {
    this.rule = rule;
    this.shape = shape;
    this.capacity = Kernels.padded(perturbations);
    this.depth = shape.depth();
    this.last = depth - 1;
    this.topK = new TopK[depth];
    int widest = Kernels.LANES;
    noise = new float[depth][];
    columnSums = new float[depth][];
    sources = new PairSource[depth];
    boolean relu = shape.activation() == Activation.RELU;
    for (int l = 0; l < depth; l++) {
      widest = Math.max(widest, shape.stride(l));
      noise[l] = new float[capacity * shape.units(l)];
      columnSums[l] = new float[shape.stride(l)];
      topK[l] = new TopK(kernels, capacity);
    }
    for (int i = 1; i < depth; i++) {
      float[] h = i == 1 ? noise[0] : new float[capacity * shape.layers().get(i)];
      sources[i] = new PairSource(shape.layers().get(i), capacity, i == 1 && relu, h);
    }
    if (shape.skip() == Skip.DENSE) {
      sources[0] = new PairSource(shape.inputs(0), capacity, true, null);
    }
    int block = capacity * widest;
    first = new float[shape.stride(0)];
    maskPlus = new float[block];
    maskMinus = new float[block];
    scores = new float[block];
    draws = new float[block];
    plus = new float[block];
    minus = new float[block];
    productS = new float[block];
    productH = new float[block];
    meanPlus = new float[depth][capacity];
    meanMinus = new float[depth][capacity];
    scalePlus = new float[depth][capacity];
    scaleMinus = new float[depth][capacity];
    rewardPlus = new float[capacity];
    rewardMinus = new float[capacity];
    difference = new float[capacity];
    shared = new float[widest];
    update = new PairUpdate(shape, capacity, widest, sources);
  }

  @Override
  public void prepare(Weights weights) {
    for (int l = 1; l < depth; l++) {
      kernels.columnSums(weights.layer(l), shape.inputs(l), shape.stride(l), columnSums[l]);
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
        perturbations.noise(example, fromPerturbation, rows, l, lanes, noise[l]);
      }
      batch.firstLayer(kernels, weights, leaf.inBatch(example), first, 0);
      if (last == 0) {
        perturb(first, shape.units(0), lanes);
      } else {
        firstLayer(batch, perturbations, leaf.inBatch(example), example, fromPerturbation, rows);
      }
      for (int l = 1; l < depth; l++) {
        linear(weights, l, rows, lanes);
        if (l < last) {
          activate(perturbations, example, fromPerturbation, l, rows, lanes);
        }
      }
      sums.addReward(rewards(batch.label(leaf.inBatch(example)), rows, lanes));
      for (int l = 1; l < depth; l++) {
        update.factors(rows, meanPlus[l], meanMinus[l], scalePlus[l], scaleMinus[l]);
        update.add(l, rows, lanes, noise[l], difference, sums.matrix(l));
      }
      int at = (example - fromExample) * shape.stride(0);
      update.firstLayer(rows, lanes, noise[0], difference, sums, at);
    }
  }

  /** The first layer's activation, from its product, that all pairs share; gates noise[0]. */
  private void firstLayer(
      InputBatch batch,
      Perturbations perturbations,
      int inBatch,
      int example,
      int fromPerturbation,
      int rows) {
    int lanes = Kernels.padded(rows);
    int units = shape.units(0);
    if (sources[0] != null) {
      float[] s = sources[0].s;
      System.arraycopy(batch.raw(), inBatch * s.length, s, 0, s.length);
      sources[0].measure(kernels, lanes);
    }
    float[] s = sources[1].s;
    if (shape.activation() == Activation.RELU) {
      kernels.positive(first, maskPlus, shape.stride(0));
      kernels.multiply(first, maskPlus, s, shape.stride(0));
      if (rule.gate() == Gate.ACTIVE) {
        kernels.scaleRows(noise[0], maskPlus, noise[0], units, lanes);
      }
    } else {
      perturbations.gumbels(example, fromPerturbation, rows, 0, lanes, scores);
      kernels.addToRows(first, scores, units, lanes);
      topK[0].mask(scores, units, lanes, shape.kept(0), maskPlus);
      kernels.scaleRows(maskPlus, first, s, units, lanes);
      if (rule.gate() == Gate.ACTIVE) {
        kernels.multiply(noise[0], maskPlus, noise[0], units * lanes);
      }
    }
    sources[1].measure(kernels, lanes);
  }

  /**
   * Layer l before its activation, the last with its noise, for both members, into {@link #plus}
   * and {@link #minus}.
   */
  private void linear(Weights weights, int l, int rows, int lanes) {
    int units = shape.units(l);
    float[] w = weights.layer(l);
    boolean allShared = product(w, l, rows, lanes);
    moments(l, lanes, 1f, meanPlus[l], scalePlus[l]);
    moments(l, lanes, -1f, meanMinus[l], scaleMinus[l]);
    int bias = weights.biasAt(l);
    float[] sums = columnSums[l];
    float[] ws = productS;
    float[] wh = productH;
    kernels.normalisePairs(
        ws, allShared, wh, 1f, meanPlus[l], scalePlus[l], sums, w, bias, units, lanes, plus);
    kernels.normalisePairs(
        ws, allShared, wh, -1f, meanMinus[l], scaleMinus[l], sums, w, bias, units, lanes, minus);
    if (l == last) {
      kernels.addScaled(1f, noise[l], 0, plus, 0, units * lanes);
      kernels.addScaled(-1f, noise[l], 0, minus, 0, units * lanes);
    }
  }

  /** W s and W h; returns whether W s is the same for all lanes. */
  private boolean product(float[] w, int l, int rows, int lanes) {
    int units = shape.units(l);
    int stride = shape.stride(l);
    kernels.clear(productH, units * lanes);
    boolean allShared = true;
    int from = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      PairSource x = sources[i];
      int width = x.width;
      if (x.shared) {
        // shared sources come first: the network's input, and the first hidden layer's ReLU
        if (from == 0) {
          kernels.clear(shared, stride);
        }
        kernels.rowTimes(x.s, 0, 1, width, w, from * stride, stride, shared, 0);
      } else {
        if (allShared) {
          kernels.clear(productS, units * lanes);
          if (from > 0) {
            kernels.addToRows(shared, productS, units, lanes);
          }
        }
        allShared = false;
        kernels.multiplyAdd(
            units, lanes, width, w, from * stride, 1, stride, x.s, 0, lanes, productS, 0, lanes);
      }
      if (x.h != null) {
        times(w, from, l, x.h, width, rows, lanes);
      }
      from += width;
    }
    if (allShared) {
      System.arraycopy(shared, 0, productS, 0, stride);
    }
    return allShared;
  }

  /**
   * Adds W h to {@link #productH}. A few rows are cheaper one by one, turned: of a block's sixteen
   * lanes they would leave most idle.
   */
  private void times(float[] w, int from, int l, float[] h, int width, int rows, int lanes) {
    int stride = shape.stride(l);
    int units = shape.units(l);
    if (rows > FEW) {
      kernels.multiplyAdd(
          units, lanes, width, w, from * stride, 1, stride, h, 0, lanes, productH, 0, lanes);
      return;
    }
    for (int r = 0; r < rows; r++) {
      for (int u = 0; u < units; u++) {
        draws[r * stride + u] = productH[u * lanes + r];
      }
    }
    for (int r = 0; r < rows; r++) {
      kernels.rowTimes(h, r, lanes, width, w, from * stride, stride, draws, r * stride);
      for (int u = 0; u < units; u++) {
        productH[u * lanes + r] = draws[r * stride + u];
      }
    }
  }

  private void moments(int l, int lanes, float sign, float[] mean, float[] scale) {
    kernels.clear(mean, lanes);
    kernels.clear(scale, lanes);
    for (int i = shape.firstSource(l); i <= l; i++) {
      sources[i].addSums(sign, lanes, mean, scale);
    }
    kernels.layerNorm(shape.inputs(l), mean, scale, lanes);
  }

  /** Hidden layer l's activation, noise and skip: fills source l + 1, gates noise[l]. */
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
    kernels.activatePair(plus, maskPlus, minus, maskMinus, gated, noise[l], n, next.s, next.h);
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
  private void rank(float[] z, int l, int lanes, float[] mask) {
    int n = shape.units(l) * lanes;
    System.arraycopy(z, 0, scores, 0, n);
    kernels.add(draws, scores, n);
    topK[l].mask(scores, shape.units(l), lanes, shape.kept(l), mask);
  }

  /** The perturbed logits of a network of one layer, from those that all pairs share. */
  private void perturb(float[] z, int units, int lanes) {
    System.arraycopy(noise[0], 0, plus, 0, units * lanes);
    kernels.addToRows(z, plus, units, lanes);
    kernels.clear(minus, units * lanes);
    kernels.addScaled(-1f, noise[0], 0, minus, 0, units * lanes);
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
      difference[r] = (rewardPlus[r] - rewardMinus[r]) * 0.5f;
      total += (double) rewardPlus[r] + rewardMinus[r];
    }
    Arrays.fill(difference, rows, lanes, 0f);
    return total;
  }
}
