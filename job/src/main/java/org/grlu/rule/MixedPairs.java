package org.grlu.rule;

import java.util.function.IntPredicate;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.MixedPass;
import org.grlu.network.NetworkShape;

/**
 * Runs antithetic pairs of one example in a network with several kinds of layers. Each pair has a
 * row of noise. The noise is added after the activation, in a recurrent layer before it. The
 * perturbed neurons are the same in all pairs: all neurons, or those that the pass without noise
 * lets through.
 */
final class MixedPairs {
  /** The most pairs of one run. Their values stay in the cache. */
  static final int MOST = 16;

  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final MixedPass clean;
  private final MixedPass pass;
  private final boolean gated;
  private final int last;
  private final int classes;

  /** The noise on each layer's neurons, (pairs x padded units); null for layers without noise. */
  final Floats[] noise;

  /**
   * The change of each layer's outputs by its noise, to first order, (pairs x padded units). It is
   * the noise itself where noise is added after the activation.
   */
  final Floats[] tried;

  /** Half the difference of the rewards, by pair. */
  final Floats difference;

  private final Floats lanes;
  private final Floats rewards;

  /**
   * Allocates memory for one thread.
   *
   * @param clean the pass without noise over the examples
   * @param gated whether neurons that the pass without noise silences get no noise
   * @param perturbs returns whether a layer is perturbed
   * @param pairs the most pairs of one run
   */
  MixedPairs(
      NetworkShape shape,
      MixedPass clean,
      boolean gated,
      IntPredicate perturbs,
      int pairs,
      Arena memory) {
    this.shape = shape;
    this.clean = clean;
    this.gated = gated;
    last = shape.depth() - 1;
    classes = shape.units(last);
    pass = new MixedPass(shape, 2 * pairs, memory);
    noise = new Floats[shape.depth()];
    tried = new Floats[shape.depth()];
    for (int l = 0; l <= last; l++) {
      if (perturbs.test(l)) {
        noise[l] = memory.of(pairs * shape.stride(l));
        tried[l] = shape.layer(l).perturbedBefore() ? memory.of(pairs * shape.stride(l)) : noise[l];
      }
    }
    difference = memory.of(Kernels.padded(pairs));
    int members = Kernels.padded(2 * pairs);
    lanes = memory.of(classes * members);
    rewards = memory.of(members);
  }

  /**
   * Runs the perturbations from {@code from} to {@code to} (exclusive) of an example, and fills
   * {@link #difference}.
   *
   * @param example the position of the example in the step
   * @param row the row of the example in the pass without noise
   * @return the sum of the rewards of both members of all pairs
   */
  double run(Leaf leaf, int example, int row, int from, int to) {
    int pairs = to - from;
    for (int l = 0; l <= last; l++) {
      if (noise[l] != null) {
        draw(leaf, example, row, l, from, pairs);
      }
    }
    pass.runPairs(leaf.weights(), clean, row, pairs, noise);
    return rewards(leaf.batch().label(leaf.inBatch(example)), pairs);
  }

  private void draw(Leaf leaf, int example, int row, int l, int from, int pairs) {
    int span = shape.stride(l);
    Floats slope = clean.layer(l).slope().part(row * span, span);
    boolean before = shape.layer(l).perturbedBefore();
    boolean masks = gated && !before && shape.hidden(l);
    for (int p = 0; p < pairs; p++) {
      int at = p * span;
      leaf.perturbations().row(example, from + p, l, noise[l], at);
      shape.layer(l).neurons().clearPadding(noise[l], at);
      if (masks || before) {
        kernels.multiply(noise[l].part(at, span), slope, tried[l].part(at, span), span);
      }
    }
  }

  /** Fills {@link #difference}, and returns the sum of all rewards. */
  private double rewards(int label, int pairs) {
    int members = Kernels.padded(2 * pairs);
    int stride = shape.stride(last);
    kernels.clear(lanes, classes * members);
    for (int r = 0; r < 2 * pairs; r++) {
      for (int k = 0; k < classes; k++) {
        lanes.set(k * members + r, pass.logits().get(r * stride + k));
      }
    }
    kernels.labelProbability(lanes, classes, members, label, rewards);
    kernels.log(rewards, Rewards.FLOOR, rewards, members);
    double total = 0;
    for (int p = 0; p < pairs; p++) {
      float plus = rewards.get(p);
      float minus = rewards.get(pairs + p);
      difference.set(p, (plus - minus) * 0.5f);
      total += (double) plus + minus;
    }
    return total;
  }

  /**
   * Computes half the difference of the logits of a pair's members.
   *
   * @param pair the number of the pair in the last run
   * @param pairs the number of pairs in the last run
   * @param out Modified. (classes)
   */
  void change(int pair, int pairs, Floats out) {
    int stride = shape.stride(last);
    for (int k = 0; k < classes; k++) {
      float plus = pass.logits().get(pair * stride + k);
      out.set(k, (plus - pass.logits().get((pairs + pair) * stride + k)) * 0.5f);
    }
  }

  /**
   * Computes half the difference of a layer's outputs in a pair's members.
   *
   * @param pair the number of the pair in the last run
   * @param pairs the number of pairs in the last run
   * @param out Modified. (padded units)
   */
  void moved(int l, int pair, int pairs, Floats out) {
    int span = shape.stride(l);
    if (l == 0 && !shape.layer(0).perturbedBefore()) {
      // the first layer's outputs are s + q and s - q, where q is its noise
      out.copy(noise[0], pair * span, 0, span);
      return;
    }
    Floats states = pass.layer(l).states();
    float[] x = states.array();
    float[] to = out.array();
    int plus = states.at() + pair * span;
    int minus = states.at() + (pairs + pair) * span;
    for (int u = 0; u < span; u++) {
      to[out.at() + u] = (x[plus + u] - x[minus + u]) * 0.5f;
    }
  }
}
