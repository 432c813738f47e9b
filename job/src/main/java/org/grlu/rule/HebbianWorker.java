package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;

/** Computes {@link Hebbian} on one block of examples. */
final class HebbianWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final Hebbian.Variant variant;
  private final NetworkShape shape;
  private final int last;
  private final int classes;

  /** The rewarded pass. */
  private final ForwardPass pass;

  /** The pass without noise that gives the baseline r0; null if the variant has no such pass. */
  private final ForwardPass compared;

  /**
   * The noise by layer, (rows x stride). After the pass it is zero at silent neurons. It is null in
   * variants without noise.
   */
  private final Floats[] noise;

  /** The noise of one example as it is drawn, by layer, (stride). */
  private final Floats[] drawn;

  /** The form in which each layer's update is returned. */
  private final UpdateForm[] forms;

  /** The signal s of each layer that returns a matrix, (rows x stride). */
  private final Floats[] signal;

  /** The input of one layer, (rows x widest input). */
  private final Floats input;

  /** By class, padded: the softmax of an example, or 1 at the winner and 0 elsewhere. */
  private final Floats post;

  HebbianWorker(Hebbian rule, NetworkShape shape, int capacity, Arena memory) {
    this.variant = rule.variant();
    this.shape = shape;
    this.last = shape.depth() - 1;
    this.classes = shape.units(last);
    pass = new ForwardPass(shape, capacity, memory);
    compared =
        variant == Hebbian.Variant.ONE_SIDED ? new ForwardPass(shape, capacity, memory) : null;
    noise = variant.perturbs() ? new Floats[last + 1] : null;
    drawn = new Floats[last + 1];
    forms = new UpdateForm[last + 1];
    signal = new Floats[last + 1];
    int widest = 0;
    for (int l = 0; l <= last; l++) {
      int stride = shape.stride(l);
      forms[l] = shape.learns(l) ? rule.form(shape, l) : UpdateForm.NONE;
      if (variant.perturbs()) {
        noise[l] = memory.of(capacity * stride);
        drawn[l] = memory.of(stride);
      }
      if (forms[l] == UpdateForm.MATRIX) {
        signal[l] = memory.of(capacity * stride);
        widest = Math.max(widest, Kernels.padded(shape.inputs(l)));
      }
    }
    input = memory.of(capacity * widest);
    post = memory.of(shape.stride(last));
  }

  @Override
  public void prepare(Weights weights) {
    pass.prepare(weights);
    if (compared != null) {
      compared.prepare(weights);
    }
  }

  @Override
  public ForwardPass clean() {
    return variant.perturbs() ? null : pass;
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    int rows = leaf.examples();
    run(leaf, rows);
    for (int r = 0; r < rows; r++) {
      example(leaf, r, sums);
    }
    for (int l = 1; l <= last; l++) {
      if (forms[l] == UpdateForm.MATRIX) {
        addOuter(l, rows, sums.matrix(l));
      }
    }
  }

  private void run(Leaf leaf, int rows) {
    int from = leaf.inBatch(leaf.fromExample());
    ForwardPass.GumbelSource gumbel = leaf.gumbel(shape);
    if (compared != null) {
      compared.run(leaf.weights(), leaf.batch(), from, from + rows, gumbel);
    }
    for (int l = 0; noise != null && l <= last; l++) {
      int stride = shape.stride(l);
      for (int r = 0; r < rows; r++) {
        leaf.perturbations().noise(leaf.fromExample() + r, 0, 1, l, 1, drawn[l]);
        noise[l].copy(drawn[l], 0, r * stride, stride);
      }
    }
    pass.run(leaf.weights(), leaf.batch(), from, from + rows, gumbel, noise);
  }

  private void example(Leaf leaf, int row, LeafSums sums) {
    int example = leaf.fromExample() + row;
    int label = leaf.batch().label(leaf.inBatch(example));
    float baseline = 0;
    if (compared != null) {
      baseline = reward(compared.logits(), row, label);
    } else if (variant.hasMean()) {
      baseline = leaf.weights().state().array(Hebbian.MEAN_REWARD).get(0);
    }
    float reward = reward(pass.logits(), row, label);
    if (!Float.isFinite(reward)) {
      // a step with such a reward changes nothing
      sums.addReward(row, Double.NaN);
      return;
    }
    if (variant == Hebbian.Variant.SAMPLED_WINNER) {
      int winner = winner(StreamKey.child(leaf.perturbations().ownStream(), example));
      one(winner);
      reward = winner == label ? 1 : 0;
    } else if (variant == Hebbian.Variant.CLAMPED) {
      one(label);
    }
    sums.addReward(row, reward);
    float told = variant == Hebbian.Variant.CLAMPED ? 1 : reward - baseline;
    for (int l = 0; l <= last; l++) {
      if (forms[l] != UpdateForm.NONE) {
        signal(l, row, told, forms[l] == UpdateForm.MATRIX ? signal[l] : sums.coefficients(l));
      }
    }
  }

  /** Returns the reward of a row, and fills {@link #post} with the softmax of its logits. */
  private float reward(Floats logits, int row, int label) {
    Rewards.softmax(logits, row * shape.stride(last), classes, post, 0);
    return (float) Rewards.of(post.get(label));
  }

  /** Returns a class, drawn with the probabilities in {@link #post}. */
  private int winner(long key) {
    double left = (key >>> 11) * 0x1p-53;
    for (int k = 0; k < classes - 1; k++) {
      left -= post.get(k);
      if (left < 0) {
        return k;
      }
    }
    return classes - 1;
  }

  private void one(int k) {
    kernels.clear(post, post.length());
    post.set(k, 1);
  }

  /**
   * Computes {@code told x (post + noise)} for layer l's neurons. The terms that the variant does
   * not have are 0.
   */
  private void signal(int l, int row, float told, Floats out) {
    int stride = shape.stride(l);
    int at = row * stride;
    if (noise == null) {
      out.fill(at, at + stride, 0f);
    } else {
      out.copy(noise[l], at, at, stride);
    }
    float[] to = out.array();
    int toAt = out.at() + at;
    if (variant.hasPost() && l == last) {
      for (int k = 0; k < classes; k++) {
        to[toAt + k] += post.get(k);
      }
    } else if (variant.hasPost()) {
      float[] z = pass.preActivation(l).array();
      float[] mask = pass.mask(l).array();
      int zAt = pass.preActivation(l).at() + at;
      int maskAt = pass.mask(l).at() + at;
      for (int u = 0; u < stride; u++) {
        to[toAt + u] += z[zAt + u] * mask[maskAt + u];
      }
    }
    for (int u = toAt; u < toAt + stride; u++) {
      to[u] *= told;
    }
  }

  /** Adds the outer product of each row's signal and its input in the rewarded pass. */
  private void addOuter(int l, int rows, Floats matrix) {
    int stride = shape.stride(l);
    int inputs = shape.inputs(l);
    int width = Kernels.padded(inputs);
    pass.normalisedInput(l, rows, input, width);
    kernels.multiplyAdd(
        inputs, stride, rows, input, 0, 1, width, signal[l], 0, stride, matrix, 0, stride);
    for (int r = 0; r < rows; r++) {
      kernels.addScaled(1f, signal[l], r * stride, matrix, inputs * stride, stride);
    }
  }
}
