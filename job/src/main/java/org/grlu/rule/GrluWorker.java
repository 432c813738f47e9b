package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Kernels;
import org.grlu.math.TopK;
import org.grlu.network.Activation;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.Weights;

/**
 * {@link Grlu} on a block of perturbations of one example at a time, with what the two members of a
 * pair share computed once.
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
  private final int capacity;

  private final PairSource[] sources;
  private final float[][] noise;
  private final float[][] columnSums;
  private final float[] first;
  private final float[] maskPlus;
  private final float[] maskMinus;
  private final float[] scores;
  private final float[] draws;

  private final float[] plus;
  private final float[] minus;
  private final float[] productS;
  private final float[] productH;
  private final float[] meanInput;
  private final float[] eligibility;

  /** Layer norm's mean and scale, by layer and row. */
  private final float[][] meanPlus;

  private final float[][] meanMinus;
  private final float[][] scalePlus;
  private final float[][] scaleMinus;

  private final float[] rewardPlus;
  private final float[] rewardMinus;
  private final float[] difference;

  /** Rows A, C and ones, each (capacity); and B and C by themselves. */
  private final float[] factors;

  private final float[] factorB;
  private final float[] factorC;

  /** The eligibilities summed with each row of {@link #factors}, (3 x widest). */
  private final float[] totals;

  GrluWorker(Grlu rule, NetworkShape shape, int capacity) {
    this.rule = rule;
    this.shape = shape;
    this.capacity = capacity;
    this.depth = shape.depth();
    this.last = depth - 1;
    int widest = 0;
    int widestInput = Kernels.LANES;
    noise = new float[depth][];
    columnSums = new float[depth][];
    sources = new PairSource[depth];
    boolean relu = shape.activation() == Activation.RELU;
    for (int l = 0; l < depth; l++) {
      widest = Math.max(widest, shape.stride(l));
      noise[l] = new float[capacity * shape.stride(l)];
      columnSums[l] = new float[shape.stride(l)];
    }
    for (int i = 1; i < depth; i++) {
      int width = shape.layers().get(i);
      float[] h = i == 1 ? noise[0] : new float[capacity * Kernels.padded(width)];
      sources[i] = new PairSource(width, capacity, i == 1 && relu, h);
      widestInput = Math.max(widestInput, sources[i].stride);
    }
    if (shape.skip() == Skip.DENSE) {
      sources[0] = new PairSource(shape.inputs(0), capacity, true, null);
    }
    first = new float[shape.stride(0)];
    maskPlus = new float[capacity * widest];
    maskMinus = new float[capacity * widest];
    scores = new float[widest];
    draws = new float[widest];
    plus = new float[capacity * widest];
    minus = new float[capacity * widest];
    productS = new float[capacity * widest];
    productH = new float[capacity * widest];
    meanInput = new float[capacity * widestInput];
    eligibility = new float[capacity * widest];
    meanPlus = new float[depth][capacity];
    meanMinus = new float[depth][capacity];
    scalePlus = new float[depth][capacity];
    scaleMinus = new float[depth][capacity];
    rewardPlus = new float[capacity];
    rewardMinus = new float[capacity];
    difference = new float[capacity];
    factors = new float[3 * capacity];
    Arrays.fill(factors, 2 * capacity, 3 * capacity, 1f);
    factorB = new float[capacity];
    factorC = new float[capacity];
    totals = new float[3 * widest];
  }

  @Override
  public void prepare(Weights weights) {
    for (int l = 1; l < depth; l++) {
      kernels.columnSums(weights.layer(l), shape.inputs(l), shape.stride(l), columnSums[l]);
    }
  }

  @Override
  public void leaf(
      Weights weights,
      InputBatch batch,
      Perturbations perturbations,
      int batchFrom,
      int fromExample,
      int toExample,
      int fromPerturbation,
      int toPerturbation,
      LeafSums sums) {
    sums.clear();
    int rows = toPerturbation - fromPerturbation;
    for (int example = fromExample; example < toExample; example++) {
      for (int l = 0; l < depth; l++) {
        for (int r = 0; r < rows; r++) {
          perturbations.noise(example, fromPerturbation + r, l, noise[l], r * shape.stride(l));
        }
      }
      firstLayer(
          weights, batch, perturbations, example - batchFrom, example, fromPerturbation, rows);
      for (int l = 1; l < depth; l++) {
        linear(weights, l, rows);
        if (l < last) {
          activate(perturbations, example, fromPerturbation, l, rows);
        }
      }
      sums.reward += rewards(batch.label(example - batchFrom), rows);
      int stride = shape.stride(0);
      int at = (example - fromExample) * stride;
      kernels.multiplyAdd(
          1, stride, rows, difference, 0, 0, 1, noise[0], 0, stride, sums.coefficients, at, 0);
      for (int l = 1; l < depth; l++) {
        learn(l, rows, sums.deeper[l]);
      }
    }
  }

  /** The first layer, whose product and ReLU all pairs share; fills source 1, gates noise[0]. */
  private void firstLayer(
      Weights weights,
      InputBatch batch,
      Perturbations perturbations,
      int inBatch,
      int example,
      int fromPerturbation,
      int rows) {
    int stride = shape.stride(0);
    batch.firstLayer(kernels, weights, inBatch, first, 0);
    if (last == 0) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(first, 0, plus, r * stride, stride);
        System.arraycopy(first, 0, minus, r * stride, stride);
      }
      return;
    }
    if (sources[0] != null) {
      PairSource input = sources[0];
      System.arraycopy(batch.raw(), inBatch * input.stride, input.s, 0, input.stride);
      input.measure(kernels, rows);
    }
    float[] s = sources[1].s;
    if (shape.activation() == Activation.RELU) {
      kernels.positive(first, maskPlus, stride);
      kernels.multiply(first, maskPlus, s, stride);
      if (rule.gate() == Gate.ACTIVE) {
        kernels.multiplyRows(noise[0], maskPlus, noise[0], rows, stride);
      }
    } else {
      for (int r = 0; r < rows; r++) {
        perturbations.gumbel(example, fromPerturbation + r, 0, scores, 0);
        kernels.addScaled(1f, first, 0, scores, 0, stride);
        TopK.mask(kernels, scores, 0, shape.units(0), shape.kept(0), maskPlus, r * stride);
      }
      kernels.multiplyRows(maskPlus, first, s, rows, stride);
      if (rule.gate() == Gate.ACTIVE) {
        kernels.multiply(noise[0], maskPlus, noise[0], rows * stride);
      }
    }
    sources[1].measure(kernels, rows);
  }

  /** Layer l before its activation, for both members, into {@link #plus} and {@link #minus}. */
  private void linear(Weights weights, int l, int rows) {
    int stride = shape.stride(l);
    float[] w = weights.layer(l);
    boolean shared = product(w, l, rows);
    moments(l, rows, 1f, meanPlus[l], scalePlus[l]);
    moments(l, rows, -1f, meanMinus[l], scaleMinus[l]);
    int sStride = shared ? 0 : stride;
    int bias = weights.biasAt(l);
    float[] sums = columnSums[l];
    float[] ws = productS;
    float[] wh = productH;
    kernels.normalise(
        ws, sStride, wh, 1f, meanPlus[l], scalePlus[l], sums, w, bias, rows, stride, plus);
    kernels.normalise(
        ws, sStride, wh, -1f, meanMinus[l], scaleMinus[l], sums, w, bias, rows, stride, minus);
  }

  /** W s and W h; returns whether one row of W s serves all. */
  private boolean product(float[] w, int l, int rows) {
    int stride = shape.stride(l);
    boolean shared = true;
    for (int i = shape.firstSource(l); i <= l; i++) {
      shared &= sources[i].shared;
    }
    Arrays.fill(productS, 0, (shared ? 1 : rows) * stride, 0f);
    Arrays.fill(productH, 0, rows * stride, 0f);
    int row = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      PairSource x = sources[i];
      int from = row * stride;
      kernels.multiplyAdd(
          x.shared ? 1 : rows,
          stride,
          x.width,
          x.s,
          0,
          x.stride,
          1,
          w,
          from,
          stride,
          productS,
          0,
          stride);
      if (x.shared && !shared) {
        // dense skip: the network's input comes first, and its product is where all rows start
        for (int r = 1; r < rows; r++) {
          System.arraycopy(productS, (r - 1) * stride, productS, r * stride, stride);
        }
      }
      if (x.h != null) {
        kernels.multiplyAdd(
            rows, stride, x.width, x.h, 0, x.stride, 1, w, from, stride, productH, 0, stride);
      }
      row += x.width;
    }
    return shared;
  }

  private void moments(int l, int rows, float sign, float[] mean, float[] scale) {
    int inputs = shape.inputs(l);
    for (int r = 0; r < rows; r++) {
      float sum = 0;
      float squares = 0;
      for (int i = shape.firstSource(l); i <= l; i++) {
        sum += sources[i].sum(r, sign);
        squares += sources[i].squares(r, sign);
      }
      mean[r] = sum / inputs;
      scale[r] = ForwardPass.scaleOf(mean[r], squares / inputs);
    }
  }

  /** Hidden layer l's activation, noise and skip: fills source l + 1, gates noise[l]. */
  private void activate(
      Perturbations perturbations, int example, int fromPerturbation, int l, int rows) {
    int stride = shape.stride(l);
    int n = rows * stride;
    if (shape.activation() == Activation.RELU) {
      kernels.positive(plus, maskPlus, n);
      kernels.positive(minus, maskMinus, n);
    } else {
      for (int r = 0; r < rows; r++) {
        int at = r * stride;
        perturbations.gumbel(example, fromPerturbation + r, l, draws, 0);
        rank(plus, at, l, maskPlus);
        rank(minus, at, l, maskMinus);
      }
    }
    PairSource next = sources[l + 1];
    boolean gated = rule.gate() == Gate.ACTIVE;
    kernels.activatePair(plus, maskPlus, minus, maskMinus, gated, noise[l], n, next.s, next.h);
    if (shape.residual(l)) {
      PairSource x = sources[l];
      for (int r = 0; r < rows; r++) {
        kernels.addScaled(1f, x.s, r * x.sStride(), next.s, r * stride, stride);
      }
      kernels.addScaled(1f, x.h, 0, next.h, 0, n);
    }
    next.measure(kernels, rows);
  }

  /** The top-k mask of a row of z, by z plus {@link #draws}. */
  private void rank(float[] z, int at, int l, float[] mask) {
    System.arraycopy(z, at, scores, 0, shape.stride(l));
    kernels.addScaled(1f, draws, 0, scores, 0, shape.stride(l));
    TopK.mask(kernels, scores, 0, shape.units(l), shape.kept(l), mask, at);
  }

  /** Perturbs the logits, fills {@link #difference}; returns the sum of all rewards. */
  private double rewards(int label, int rows) {
    int stride = shape.stride(last);
    int units = shape.units(last);
    kernels.addScaled(1f, noise[last], 0, plus, 0, rows * stride);
    kernels.addScaled(-1f, noise[last], 0, minus, 0, rows * stride);
    kernels.labelProbability(plus, rows, stride, units, label, rewardPlus);
    kernels.labelProbability(minus, rows, stride, units, label, rewardMinus);
    kernels.log(rewardPlus, Rewards.FLOOR, rewardPlus, rows);
    kernels.log(rewardMinus, Rewards.FLOOR, rewardMinus, rows);
    double total = 0;
    for (int r = 0; r < rows; r++) {
      difference[r] = (rewardPlus[r] - rewardMinus[r]) * 0.5f;
      total += (double) rewardPlus[r] + rewardMinus[r];
    }
    return total;
  }

  /** Adds what layer l > 0 learns from these rows: eligibility outer mean input of the pair. */
  private void learn(int l, int rows, float[] sums) {
    int stride = shape.stride(l);
    for (int r = 0; r < rows; r++) {
      float p = scalePlus[l][r];
      float m = scaleMinus[l][r];
      factors[r] = 0.5f * (p + m);
      factorC[r] = 0.5f * (meanPlus[l][r] * p + meanMinus[l][r] * m);
      factors[capacity + r] = factorC[r];
      factorB[r] = 0.5f * (p - m);
    }
    kernels.scaleRows(noise[l], difference, eligibility, rows, stride);
    Arrays.fill(totals, 0, 3 * stride, 0f);
    kernels.multiplyAdd(
        3, stride, rows, factors, 0, capacity, 1, eligibility, 0, stride, totals, 0, stride);
    kernels.addScaled(1f, totals, 2 * stride, sums, shape.inputs(l) * stride, stride);
    int row = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      PairSource x = sources[i];
      int at = row * stride;
      if (!x.shared) {
        kernels.combine(factors, x.s, factorB, x.h, factorC, rows, x.stride, meanInput);
        kernels.multiplyAdd(
            x.width,
            stride,
            rows,
            meanInput,
            0,
            1,
            x.stride,
            eligibility,
            0,
            stride,
            sums,
            at,
            stride);
      }
      row += x.width;
    }
    learnShared(l, rows, sums);
  }

  /** The same from sources that all rows share: their part of the outer product is rank one. */
  private void learnShared(int l, int rows, float[] sums) {
    int stride = shape.stride(l);
    int row = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      PairSource x = sources[i];
      int at = row * stride;
      if (x.shared) {
        if (x.h != null) {
          kernels.scaleRows(eligibility, factorB, eligibility, rows, stride);
          kernels.multiplyAdd(
              x.width, stride, rows, x.h, 0, 1, x.stride, eligibility, 0, stride, sums, at, stride);
        }
        kernels.rankOne(x.width, stride, x.s, 0, totals, 0, totals, stride, sums, at);
      }
      row += x.width;
    }
  }
}
