package org.grlu.rule;

import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.math.TopK;
import org.grlu.network.Activation;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.Weights;

/**
 * Runs both passes of one antithetic pair, one example at a time. All values are rows of units. The
 * formulas are those of {@link PairsPass}.
 */
final class OnePairPass {
  private static final int LANES = Kernels.LANES;

  /** How many sums {@link Kernels#pairMoments} gives. */
  private static final int MOMENTS = 5;

  /** The lanes of the two members in {@link #mean} and {@link #scale}. */
  static final int PLUS = 0;

  static final int MINUS = 1;

  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final boolean gated;
  private final boolean[] perturbed;
  private final Scope scope;
  private final ForwardPass clean;
  private final int last;
  private final int[] stride;
  private final int[] units;
  private final int[] inputs;
  private final boolean[] readsImages;
  private final TopK topK;

  /**
   * The noise by layer, (stride). After a pass it is noise x mean gate. It is zero in layers that
   * are not perturbed.
   */
  final Floats[] noise;

  /**
   * The values of the pair by source, (padded width): its members are {@code s + h} and {@code s -
   * h}.
   */
  final Floats[] s;

  final Floats[] h;

  /** Layer norm's mean and scale of the members, by layer, (lanes). */
  final Floats[] mean;

  final Floats[] scale;

  /** The sums that {@link Kernels#pairMoments} gives, by source. */
  private final Floats[] moments;

  /** The products W s, W h and W 1, each a row, (3 x widest stride). */
  private final Floats products;

  private final Floats plus;
  private final Floats minus;
  private final Floats maskPlus;
  private final Floats maskMinus;
  private final Floats draws;

  /** Scores as lanes for the top-k kernel, (units x lanes). */
  private final Floats scores;

  private final Floats selected;
  private final Floats logits;
  private final Floats rewards;

  /**
   * Allocates scratch memory for one thread.
   *
   * @param perturbed returns whether a layer is perturbed
   * @param scope the output neurons that are perturbed, if the last layer is
   * @param clean the unperturbed pass over each leaf's examples, which must have run before the
   *     pairs do. The pairs use its first product and its Gumbel draws. If it is null, each pair
   *     computes the product and draws its own numbers
   */
  OnePairPass(
      NetworkShape shape,
      Gate gate,
      IntPredicate perturbed,
      Scope scope,
      ForwardPass clean,
      Arena memory) {
    this.shape = shape;
    this.scope = scope;
    this.gated = gate == Gate.ACTIVE;
    this.clean = clean;
    int depth = shape.depth();
    this.last = depth - 1;
    this.perturbed = new boolean[depth];
    stride = new int[depth];
    units = new int[depth];
    inputs = new int[depth];
    readsImages = new boolean[depth];
    noise = new Floats[depth];
    s = new Floats[depth];
    h = new Floats[depth];
    moments = each(memory, depth, MOMENTS);
    mean = each(memory, depth, LANES);
    scale = each(memory, depth, LANES);
    int widest = LANES;
    for (int l = 0; l < depth; l++) {
      this.perturbed[l] = perturbed.test(l);
      stride[l] = shape.stride(l);
      units[l] = shape.units(l);
      inputs[l] = shape.inputs(l);
      readsImages[l] = shape.layer(l).readsImages();
      noise[l] = memory.of(stride[l]);
      int width = Kernels.padded(shape.layers().get(l));
      if (l > 0 || shape.skip() == Skip.DENSE) {
        s[l] = memory.of(width);
        // after a layer whose product both members share, h is the layer's noise
        h[l] = l > 0 && readsImages[l - 1] ? noise[l - 1] : memory.of(width);
      }
      widest = Math.max(widest, stride[l]);
    }
    products = memory.of(3 * widest);
    plus = memory.of(widest);
    minus = memory.of(widest);
    maskPlus = memory.of(widest);
    maskMinus = memory.of(widest);
    draws = memory.of(widest);
    boolean ranks = shape.activation() == Activation.TOP_K;
    topK = new TopK(kernels, LANES, memory);
    scores = memory.of(ranks ? widest * LANES : 0);
    selected = memory.of(ranks ? widest * LANES : 0);
    logits = memory.of(units[last] * LANES);
    rewards = memory.of(LANES);
  }

  private static Floats[] each(Arena memory, int count, int length) {
    return Stream.generate(() -> memory.of(length)).limit(count).toArray(Floats[]::new);
  }

  /**
   * Runs both members.
   *
   * @param example the position of the example in the step
   * @param pair the number of the perturbation
   * @return the sum of their rewards
   */
  double run(Leaf leaf, int example, int pair) {
    Perturbations perturbations = leaf.perturbations();
    InputBatch batch = leaf.batch();
    int inBatch = leaf.inBatch(example);
    for (int l = 0; l <= last; l++) {
      if (perturbed[l]) {
        perturbations.noise(example, pair, 1, l, 1, noise[l]);
      }
    }
    if (perturbed[last]) {
      scope.limit(noise[last], units[last], 1, batch, inBatch);
    }
    if (s[0] != null) {
      s[0].copy(batch.raw(), inBatch * s[0].length(), 0, s[0].length());
      kernels.pairMoments(s[0], h[0], s[0].length(), moments[0]);
    }
    int row = example - leaf.fromExample();
    for (int l = 0; l <= last; l++) {
      if (shape.activation() == Activation.TOP_K && l < last) {
        draw(perturbations, example, pair, l, row);
      }
      if (readsImages[l]) {
        product(leaf.weights(), batch, inBatch, l, row);
        activateShared(l);
      } else {
        linear(l, leaf.weights().layer(l));
        activate(l);
      }
    }
    return rewards(batch.label(inBatch));
  }

  /** Returns half the difference of the members' rewards. */
  float difference() {
    return (rewards.get(PLUS) - rewards.get(MINUS)) * 0.5f;
  }

  /** Returns the sum over units of h^2 at source {@code i}. */
  float power(int i) {
    return moments[i].get(MOMENTS - 1);
  }

  /** Returns the logits of the member with the noise added, (stride). */
  Floats plus() {
    return plus;
  }

  /** Returns the logits of the member with the noise subtracted, (stride). */
  Floats minus() {
    return minus;
  }

  private void draw(Perturbations perturbations, int example, int pair, int l, int row) {
    if (clean == null) {
      perturbations.gumbels(example, pair, 1, l, 1, draws);
    } else {
      draws.copy(clean.draws(l), row * stride[l], 0, stride[l]);
    }
  }

  private void product(Weights weights, InputBatch batch, int inBatch, int l, int row) {
    if (clean == null) {
      batch.firstLayer(kernels, weights, inBatch, plus, 0);
    } else {
      plus.copy(clean.preActivation(l), row * stride[l], 0, stride[l]);
    }
  }

  /** Computes source l + 1, or the logits, from {@link #plus}, which both members share. */
  private void activateShared(int l) {
    if (l == last) {
      minus.copy(plus, 0, 0, stride[l]);
      addOutputNoise();
      return;
    }
    mask(l, plus, maskPlus);
    kernels.multiply(plus, maskPlus, s[l + 1], stride[l]);
    if (gated) {
      kernels.multiply(noise[l], maskPlus, noise[l], stride[l]);
    }
    kernels.pairMoments(s[l + 1], h[l + 1], stride[l], moments[l + 1]);
  }

  /** Computes layer l's values before its activation in {@link #plus} and {@link #minus}. */
  private void linear(int l, Floats w) {
    int n = stride[l];
    kernels.clear(products, 3 * n);
    kernels.clear(mean[l], LANES);
    kernels.clear(scale[l], LANES);
    int from = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      int width = shape.layers().get(i);
      kernels.pairTimes(s[i], h[i], width, w, from * n, n, products);
      addMoments(moments[i], 1f, PLUS, mean[l], scale[l]);
      addMoments(moments[i], -1f, MINUS, mean[l], scale[l]);
      from += width;
    }
    kernels.layerNorm(inputs[l], mean[l], scale[l], LANES);
    float meanPlus = mean[l].get(PLUS);
    float meanMinus = mean[l].get(MINUS);
    float scalePlus = scale[l].get(PLUS);
    float scaleMinus = scale[l].get(MINUS);
    int bias = inputs[l] * n;
    for (int u = 0; u < n; u++) {
      float ws = products.get(u);
      float wh = products.get(n + u);
      float w1 = products.get(2 * n + u);
      float b = w.get(bias + u);
      plus.set(u, scalePlus * ((ws + wh) - meanPlus * w1) + b);
      minus.set(u, scaleMinus * ((ws - wh) - meanMinus * w1) + b);
    }
  }

  /** Adds the sums over units of {@code s + sign h} and of its square to a member's lane. */
  private static void addMoments(Floats of, float sign, int lane, Floats sum, Floats square) {
    sum.set(lane, sum.get(lane) + Math.fma(sign, of.get(2), of.get(0)));
    float squares = of.get(1) + of.get(4);
    square.set(lane, square.get(lane) + Math.fma(2f * sign, of.get(3), squares));
  }

  /**
   * Computes hidden layer l's activation, noise and skip connection. Fills source l + 1, and
   * multiplies the noise by the mean gate.
   */
  private void activate(int l) {
    if (l == last) {
      addOutputNoise();
      return;
    }
    int n = stride[l];
    mask(l, plus, maskPlus);
    mask(l, minus, maskMinus);
    Floats nextS = s[l + 1];
    Floats nextH = h[l + 1];
    kernels.activatePair(plus, maskPlus, minus, maskMinus, gated, noise[l], n, nextS, nextH);
    if (shape.residual(l)) {
      kernels.add(s[l], nextS, n);
      kernels.add(h[l], nextH, n);
    }
    kernels.pairMoments(nextS, nextH, n, moments[l + 1]);
  }

  /**
   * Computes the mask, which is 1 where the activation lets z through. Top-k ranks z plus {@link
   * #draws}.
   */
  private void mask(int l, Floats z, Floats mask) {
    if (shape.activation() == Activation.RELU) {
      kernels.positive(z, mask, stride[l]);
      return;
    }
    kernels.clear(scores, units[l] * LANES);
    kernels.addToRows(z, scores, units[l], LANES);
    kernels.addToRows(draws, scores, units[l], LANES);
    topK.mask(scores, units[l], LANES, shape.kept(l), selected);
    for (int u = 0; u < units[l]; u++) {
      mask.set(u, selected.get(u * LANES));
    }
    mask.fill(units[l], stride[l], 0f);
  }

  private void addOutputNoise() {
    if (perturbed[last]) {
      kernels.addScaled(1f, noise[last], 0, plus, 0, stride[last]);
      kernels.addScaled(-1f, noise[last], 0, minus, 0, stride[last]);
    }
  }

  private double rewards(int label) {
    for (int u = 0; u < units[last]; u++) {
      logits.set(u * LANES + PLUS, plus.get(u));
      logits.set(u * LANES + MINUS, minus.get(u));
    }
    kernels.labelProbability(logits, units[last], LANES, label, rewards);
    kernels.log(rewards, Rewards.FLOOR, rewards, LANES);
    return (double) rewards.get(PLUS) + rewards.get(MINUS);
  }
}
