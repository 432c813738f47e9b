package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** Computes {@link LearnedFeedback} on one block of examples, each with all its pairs. */
final class LearnedFeedbackWorker implements LearningRule.Worker {
  /** The number that is added to |e|^2 in the feedback's update. */
  private static final float FLOOR = 1e-3f;

  /** How many sums {@link Kernels#pairMoments} gives. */
  private static final int MOMENTS = 5;

  /**
   * The positions among these sums of the products of both arguments, and of the squares of the
   * second.
   */
  private static final int CROSS = 3;

  private static final int SQUARES = 4;

  private final Kernels kernels = Kernels.best();
  private final LearnedFeedback rule;
  private final NetworkShape shape;
  private final int last;
  private final int classes;
  private final ForwardPass clean;
  private final OnePairPass pass;

  private final String[] names;

  /** B of each hidden layer, (classes x stride). */
  private final Floats[] feedback;

  /** B e of each hidden layer, (stride). */
  private final Floats[] signal;

  /** The term that the pairs of an unbiased rule add to B e, by hidden layer, (stride). */
  private final Floats[] drawn;

  /** The error {@code onehot - softmax} of an example, (stride of the last layer). */
  private final Floats error;

  /**
   * By class, (stride of the last layer): the change of the logits that the feedback is compared
   * with.
   */
  private final Floats change;

  /** The change of the logits that the feedback predicts, by class. */
  private final Floats expected;

  /** The change of the logits that the feedback predicts from a layer's own noise, by class. */
  private final Floats ofNoise;

  /** The prediction error of one layer, by class. */
  private final Floats told;

  private final Floats moments;

  /** |q|^2 of each hidden layer. */
  private final float[] power;

  /**
   * The product q (B e) of each hidden layer, which is the change of the reward that the feedback
   * predicts from the layer's noise.
   */
  private final float[] own;

  LearnedFeedbackWorker(LearnedFeedback rule, NetworkShape shape, int capacity, Arena memory) {
    this.rule = rule;
    this.shape = shape;
    this.last = shape.depth() - 1;
    this.classes = shape.units(last);
    this.clean = new ForwardPass(shape, capacity, memory);
    this.pass = new OnePairPass(shape, Gate.ACTIVE, shape::hidden, Scope.ALL, clean, memory);
    names = LearnedFeedback.names(shape);
    feedback = new Floats[last];
    signal = new Floats[last];
    drawn = new Floats[last];
    for (int l = 0; l < last; l++) {
      signal[l] = memory.of(shape.stride(l));
      drawn[l] = memory.of(rule.unbiased() ? shape.stride(l) : 0);
    }
    error = memory.of(shape.stride(last));
    change = memory.of(shape.stride(last));
    expected = memory.of(shape.stride(last));
    ofNoise = memory.of(shape.stride(last));
    told = memory.of(shape.stride(last));
    moments = memory.of(MOMENTS);
    power = new float[last];
    own = new float[last];
  }

  @Override
  public void prepare(Weights weights) {
    clean.prepare(weights);
  }

  @Override
  public ForwardPass clean() {
    return clean;
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    for (int l = 0; l < last; l++) {
      feedback[l] = leaf.weights().state().array(names[l]);
    }
    leaf.run(clean, shape);
    for (int r = 0; r < leaf.examples(); r++) {
      example(leaf, r, sums);
    }
  }

  private void example(Leaf leaf, int row, LeafSums sums) {
    int example = leaf.fromExample() + row;
    int label = leaf.batch().label(leaf.inBatch(example));
    int logits = row * shape.stride(last);
    OutputLearning.error(clean.logits(), logits, shape.units(last), label, error, 0);
    if (!Float.isFinite(error.get(label))) {
      // a step with such a reward changes nothing
      sums.addReward(row, Double.NaN);
      return;
    }
    float squares = FLOOR;
    for (int k = 0; k < classes; k++) {
      squares = Math.fma(error.get(k), error.get(k), squares);
    }
    for (int l = 0; l < last; l++) {
      int stride = shape.stride(l);
      kernels.clear(signal[l], stride);
      kernels.clear(drawn[l], drawn[l].length());
      kernels.rowTimes(error, 0, 1, classes, feedback[l], 0, stride, signal[l], 0);
    }
    for (int pair = leaf.fromPerturbation(); pair < leaf.toPerturbation(); pair++) {
      double reward = pass.run(leaf, example, pair);
      sums.addReward(row, reward);
      if (Double.isFinite(reward)) {
        learn(squares, leaf.perturbations(), sums);
      }
    }
    for (int l = 0; l < last; l++) {
      coefficients(l, row, sums.coefficients(l));
    }
    int stride = shape.stride(last);
    sums.coefficients(last).copy(error, 0, row * stride, stride);
  }

  /** Adds the feedback's updates from one pair. */
  private void learn(float errorSquares, Perturbations perturbations, LeafSums sums) {
    float delta = pass.difference();
    float all = 0;
    for (int l = 0; l < last; l++) {
      kernels.pairMoments(signal[l], pass.noise[l], shape.stride(l), moments);
      own[l] = moments.get(CROSS);
      power[l] = moments.get(SQUARES);
      delta -= own[l];
      all += power[l];
    }
    if (rule.chained()) {
      chain(errorSquares, sums);
    } else if (rule.teacher() == LearnedFeedback.Teacher.REWARD) {
      for (int l = 0; l < last; l++) {
        add(l, delta / errorSquares * inverse(l, all), error, pass.noise[l], sums);
      }
    } else {
      fillChange();
      for (int l = 0; l < last; l++) {
        kernels.dots(pass.noise[l], feedback[l], classes, shape.stride(l), expected);
        kernels.addScaled(-1f, expected, 0, change, 0, change.length());
      }
      for (int l = 0; l < last; l++) {
        add(l, inverse(l, all), change, pass.noise[l], sums);
      }
    }
    for (int l = 0; rule.unbiased() && l < last; l++) {
      float sigma = perturbations.deviation(l);
      float more = delta / (sigma * sigma) / rule.perturbations();
      kernels.addScaled(more, pass.noise[l], 0, drawn[l], 0, shape.stride(l));
    }
  }

  /**
   * Adds the updates of the chained form, with one prediction error for each layer, from the last
   * hidden layer down.
   */
  private void chain(float errorSquares, LeafSums sums) {
    float lambda = (float) rule.chainLambda();
    float target = pass.difference();
    boolean byReward = rule.teacher() == LearnedFeedback.Teacher.REWARD;
    if (!byReward) {
      fillChange();
    }
    for (int l = last - 1; l >= 0; l--) {
      int stride = shape.stride(l);
      Floats moved = pass.h[l + 1];
      kernels.pairMoments(signal[l], moved, stride, moments);
      float factor = inverse(moments.get(SQUARES));
      if (byReward) {
        float value = moments.get(CROSS);
        add(l, (target - value) / errorSquares * factor, error, moved, sums);
        target = lambda * target + (1 - lambda) * value - own[l];
      } else {
        kernels.dots(moved, feedback[l], classes, stride, expected);
        kernels.dots(pass.noise[l], feedback[l], classes, stride, ofNoise);
        for (int k = 0; k < classes; k++) {
          told.set(k, change.get(k) - expected.get(k));
          float next = lambda * change.get(k) + (1 - lambda) * expected.get(k) - ofNoise.get(k);
          change.set(k, next);
        }
        add(l, factor, told, moved, sums);
      }
    }
  }

  /** Adds {@code factor x (ofClass outer ofUnit)} to the update of layer l's feedback. */
  private void add(int l, float factor, Floats ofClass, Floats ofUnit, LeafSums sums) {
    kernels.addOuter(factor, ofClass, classes, ofUnit, shape.stride(l), sums.own(l), 0);
  }

  private float inverse(int l, float all) {
    return inverse(rule.norm() == LearnedFeedback.Norm.ALL ? all : power[l]);
  }

  /** Returns the inverse, or 0 for a pair that changed nothing, which therefore teaches nothing. */
  private static float inverse(float squares) {
    return squares < Float.MIN_NORMAL ? 0f : 1f / squares;
  }

  /** Fills {@link #change} with half the difference of the members' logits. */
  private void fillChange() {
    for (int k = 0; k < classes; k++) {
      change.set(k, (pass.plus().get(k) - pass.minus().get(k)) * 0.5f);
    }
  }

  private void coefficients(int l, int row, Floats to) {
    int stride = shape.stride(l);
    if (rule.unbiased()) {
      kernels.add(drawn[l], signal[l], stride);
    }
    float[] mask = clean.mask(l).array();
    int maskAt = clean.mask(l).at() + row * stride;
    float[] from = signal[l].array();
    int fromAt = signal[l].at();
    float[] out = to.array();
    int outAt = to.at() + row * stride;
    for (int u = 0; u < stride; u++) {
      out[outAt + u] = mask[maskAt + u] * from[fromAt + u];
    }
  }
}
