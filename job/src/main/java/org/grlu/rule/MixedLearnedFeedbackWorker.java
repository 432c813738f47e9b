package org.grlu.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** Computes {@link MixedLearnedFeedback} on one block of examples, each with all its pairs. */
final class MixedLearnedFeedbackWorker implements LearningRule.Worker {
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
  private final MixedLearning learning;
  private final MixedFeedback feedback;
  private final MixedPairs pairs;

  /** B e by layer, (padded units). */
  private final Floats[] sent;

  /** The term that an unbiased rule adds to the signal, by layer, (padded units). */
  private final Floats[] drawn;

  /** The measured change of the outputs D, by layer, (padded units). */
  private final Floats[] moved;

  /** The part of {@link #sent} that belongs to each stage, (span). */
  private final Floats[] sentTo;

  /** The part of {@link #moved} that belongs to each stage, (span). */
  private final Floats[] movedAt;

  /** The part of {@link MixedPairs#tried} that belongs to each stage and pair, (span). */
  private final Floats[][] tried;

  /** The number of the rule's own sum that belongs to each stage's layer. */
  private final int[] sum;

  /** The output's error, (stride of the last layer). */
  private final Floats error;

  /**
   * The change of the logits that the feedback is compared with, by class, (stride of the last
   * layer).
   */
  private final Floats change;

  /** The change of the logits that the feedback predicts, by class. */
  private final Floats expected;

  /** The change of the logits that the feedback predicts from a stage's own noise, by class. */
  private final Floats ofNoise;

  /** The prediction error of one stage, by class. */
  private final Floats told;

  private final Floats moments;

  /** |q|^2 of each stage. */
  private final float[] power;

  /**
   * The product q (B e) of each stage, which is the change of the reward that the feedback predicts
   * from its noise.
   */
  private final float[] own;

  /** |q|^2 of each layer. */
  private final float[] powerOfLayer;

  MixedLearnedFeedbackWorker(
      LearnedFeedback rule, NetworkShape shape, LeafGrid grid, Arena memory) {
    this.rule = rule;
    this.shape = shape;
    last = shape.depth() - 1;
    classes = shape.units(last);
    learning = new MixedLearning(shape, grid.blockExamples(), memory);
    feedback = new MixedFeedback(shape, learning);
    List<FeedbackStage> stages = feedback.stages;
    List<Integer> layers = new ArrayList<>(FeedbackStage.arrays(shape).keySet());
    int most = Math.min(MixedPairs.MOST, grid.blockPerturbations());
    pairs = new MixedPairs(shape, learning.clean, true, layers::contains, most, memory);
    sent = new Floats[last];
    drawn = new Floats[last];
    moved = new Floats[last];
    for (int l : layers) {
      sent[l] = memory.of(shape.stride(l));
      drawn[l] = memory.of(rule.unbiased() ? shape.stride(l) : 0);
      moved[l] = memory.of(rule.chained() ? shape.stride(l) : 0);
    }
    sentTo = new Floats[stages.size()];
    movedAt = new Floats[stages.size()];
    tried = new Floats[stages.size()][most];
    sum = new int[stages.size()];
    for (int s = 0; s < sentTo.length; s++) {
      FeedbackStage stage = stages.get(s);
      int l = stage.layer();
      sum[s] = layers.indexOf(l);
      sentTo[s] = sent[l].part(stage.at(), stage.span());
      movedAt[s] = rule.chained() ? moved[l].part(stage.at(), stage.span()) : null;
      for (int p = 0; p < most; p++) {
        tried[s][p] = pairs.tried[l].part(p * shape.stride(l) + stage.at(), stage.span());
      }
    }
    error = memory.of(shape.stride(last));
    change = memory.of(shape.stride(last));
    expected = memory.of(shape.stride(last));
    ofNoise = memory.of(shape.stride(last));
    told = memory.of(shape.stride(last));
    moments = memory.of(MOMENTS);
    power = new float[stages.size()];
    own = new float[stages.size()];
    powerOfLayer = new float[last];
  }

  @Override
  public void prepare(Weights weights) {}

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    learning.run(leaf);
    feedback.read(leaf.weights());
    for (int r = 0; r < leaf.examples(); r++) {
      example(leaf, r, sums);
    }
    if (Double.isFinite(sums.reward)) {
      learning.learn(leaf.examples(), sums);
    }
  }

  private void example(Leaf leaf, int row, LeafSums sums) {
    learning.error(leaf, row);
    error.copy(learning.signal[last], row * shape.stride(last), 0, shape.stride(last));
    if (!Float.isFinite(error.get(0))) {
      // a step with such a reward changes nothing
      sums.addReward(row, Double.NaN);
      return;
    }
    feedback.send(row);
    for (int l = 0; l < last; l++) {
      if (sent[l] != null) {
        sent[l].copy(learning.signal[l], row * shape.stride(l), 0, shape.stride(l));
        kernels.clear(drawn[l], drawn[l].length());
      }
    }
    float squares = FLOOR;
    for (int k = 0; k < classes; k++) {
      squares = Math.fma(error.get(k), error.get(k), squares);
    }
    double reward = 0;
    for (int from = leaf.fromPerturbation(); from < leaf.toPerturbation(); ) {
      int to = Math.min(leaf.toPerturbation(), from + MixedPairs.MOST);
      reward += pairs.run(leaf, leaf.fromExample() + row, row, from, to);
      for (int p = 0; Double.isFinite(reward) && p < to - from; p++) {
        learn(p, to - from, squares, leaf.perturbations(), sums);
      }
      from = to;
    }
    sums.addReward(row, reward);
    feedback.throughActivation(row);
    for (int l = 0; rule.unbiased() && l < last; l++) {
      if (sent[l] != null) {
        int at = row * shape.stride(l);
        kernels.addScaled(1f, drawn[l], 0, learning.signal[l], at, shape.stride(l));
      }
    }
  }

  /** Adds the feedback's updates from one pair. */
  private void learn(
      int pair, int count, float errorSquares, Perturbations perturbations, LeafSums sums) {
    float delta = pairs.difference.get(pair);
    float all = 0;
    Arrays.fill(powerOfLayer, 0f);
    for (int s = 0; s < own.length; s++) {
      kernels.pairMoments(sentTo[s], tried[s][pair], feedback.stages.get(s).span(), moments);
      own[s] = moments.get(CROSS);
      power[s] = moments.get(SQUARES);
      delta -= own[s];
      all += power[s];
      powerOfLayer[feedback.stages.get(s).layer()] += power[s];
    }
    if (rule.teacher() == LearnedFeedback.Teacher.LOGITS) {
      pairs.change(pair, count, change);
    }
    if (rule.chained()) {
      chain(pair, count, errorSquares, sums);
    } else {
      teach(pair, delta / errorSquares, all, sums);
    }
    for (int l = 0; rule.unbiased() && l < last; l++) {
      // layers without noise have no such term
      if (sent[l] != null && perturbations.deviation(l) > 0) {
        float sigma = perturbations.deviation(l);
        float more = delta / (sigma * sigma) / rule.perturbations();
        int span = shape.stride(l);
        kernels.addScaled(more, pairs.noise[l], pair * span, drawn[l], 0, span);
      }
    }
  }

  /** Adds the updates of the form with one prediction error for all stages. */
  private void teach(int pair, float surprise, float all, LeafSums sums) {
    boolean byReward = rule.teacher() == LearnedFeedback.Teacher.REWARD;
    for (int s = 0; !byReward && s < own.length; s++) {
      int span = feedback.stages.get(s).span();
      kernels.dots(tried[s][pair], feedback.matrix[s], classes, span, expected);
      kernels.addScaled(-1f, expected, 0, change, 0, classes);
    }
    for (int s = 0; s < own.length; s++) {
      boolean together = rule.norm() == LearnedFeedback.Norm.ALL;
      float factor = inverse(together ? all : powerOfLayer[feedback.stages.get(s).layer()]);
      if (byReward) {
        add(s, surprise * factor, error, tried[s][pair], sums);
      } else {
        add(s, factor, change, tried[s][pair], sums);
      }
    }
  }

  /**
   * Adds the updates of the chained form, with one prediction error for each stage, from the last
   * stage down.
   */
  private void chain(int pair, int count, float errorSquares, LeafSums sums) {
    float lambda = (float) rule.chainLambda();
    float target = pairs.difference.get(pair);
    for (int l = 0; l < last; l++) {
      if (sent[l] != null) {
        pairs.moved(l, pair, count, moved[l]);
      }
    }
    for (int s = own.length - 1; s >= 0; s--) {
      int span = feedback.stages.get(s).span();
      kernels.pairMoments(sentTo[s], movedAt[s], span, moments);
      float factor = inverse(moments.get(SQUARES));
      if (rule.teacher() == LearnedFeedback.Teacher.REWARD) {
        float value = moments.get(CROSS);
        add(s, (target - value) / errorSquares * factor, error, movedAt[s], sums);
        target = lambda * target + (1 - lambda) * value - own[s];
        continue;
      }
      kernels.dots(movedAt[s], feedback.matrix[s], classes, span, expected);
      kernels.dots(tried[s][pair], feedback.matrix[s], classes, span, ofNoise);
      for (int k = 0; k < classes; k++) {
        told.set(k, change.get(k) - expected.get(k));
        float next = lambda * change.get(k) + (1 - lambda) * expected.get(k) - ofNoise.get(k);
        change.set(k, next);
      }
      add(s, factor, told, movedAt[s], sums);
    }
  }

  /** Adds {@code factor x (ofClass outer ofNeuron)} to the update of a stage's feedback. */
  private void add(int s, float factor, Floats ofClass, Floats ofNeuron, LeafSums sums) {
    FeedbackStage stage = feedback.stages.get(s);
    Floats to = sums.own(sum[s]);
    kernels.addOuter(factor, ofClass, classes, ofNeuron, stage.span(), to, stage.feedbackAt());
  }

  /** Returns the inverse, or 0 for a pair that changed nothing, which therefore teaches nothing. */
  private static float inverse(float squares) {
    return squares < Float.MIN_NORMAL ? 0f : 1f / squares;
  }
}
