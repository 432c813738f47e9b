package org.grlu.rule;

import java.util.Map;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;

/**
 * {@link DirectFeedback} in a network with several kinds of layers. Each {@link FeedbackStage} has
 * its own feedback matrix B: each hidden layer that learns, and each time step of a recurrent
 * layer. The entries of B are normal with standard deviation {@code sqrt(1 / neurons)}, where
 * neurons is the number of neurons of the stage. The signal of the neurons is {@code B e} times the
 * activation's slope.
 *
 * @param rule gives the output rate
 */
public record MixedDirectFeedback(DirectFeedback rule) implements LearningRule {
  @Override
  public int passesPerExample() {
    return rule.passesPerExample();
  }

  @Override
  public int rewardsPerExample() {
    return rule.rewardsPerExample();
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    return rule.scale(shape, l, learningRate, noiseScale, batch);
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    Map<Integer, Floats> arrays = FeedbackStage.arrays(shape);
    int classes = shape.units(shape.depth() - 1);
    long key = StreamKey.of(seed, StreamKey.Purpose.FIXED);
    for (FeedbackStage stage : FeedbackStage.of(shape)) {
      float deviation = (float) StrictMath.sqrt(1.0 / stage.numbers());
      for (int k = 0; k < classes; k++) {
        int row = stage.feedbackAt() / stage.span() + k;
        long stream = StreamKey.child(StreamKey.child(key, stage.layer()), row);
        Floats to = arrays.get(stage.layer());
        Kernels.best().gaussian(stream, deviation, to, row * stage.span(), stage.span());
      }
    }
    return FeedbackStage.state(shape, arrays, State.Reader.FIXED);
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return MixedLearning.form(shape, l);
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    MixedLearning learning = new MixedLearning(shape, grid.blockExamples(), memory);
    MixedFeedback feedback = new MixedFeedback(shape, learning);
    return new Worker() {
      @Override
      public void prepare(Weights weights) {}

      @Override
      public void leaf(Leaf leaf, LeafSums sums) {
        sums.clear(Kernels.best());
        learning.run(leaf);
        feedback.read(leaf.weights());
        for (int r = 0; r < leaf.examples(); r++) {
          sums.addReward(r, Rewards.of(learning.error(leaf, r)));
          feedback.send(r);
          feedback.throughActivation(r);
        }
        if (Double.isFinite(sums.reward)) {
          learning.learn(leaf.examples(), sums);
        }
      }
    };
  }
}
