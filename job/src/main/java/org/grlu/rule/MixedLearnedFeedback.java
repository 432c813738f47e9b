package org.grlu.rule;

import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.noise.NoiseKind;

/**
 * {@link LearnedFeedback} in a network of several kinds of layers: the same formulas, with each
 * position of a convolution and each step of a recurrent layer a neuron of its own. B e is what the
 * reward gains by what a neuron hands on, the signal that times the activation's slope f', and what
 * was tried is q = noise times f', f' being that of the pass without noise.
 *
 * <p>Chained, each step of a recurrent layer is a link, so that the chain runs backward in time;
 * only scalars pass along it.
 *
 * @param rule whose keys it has
 */
public record MixedLearnedFeedback(LearnedFeedback rule) implements NoisyRule {
  @Override
  public NoiseKind noise() {
    return rule.noise();
  }

  @Override
  public double hiddenNoise() {
    return rule.hiddenNoise();
  }

  @Override
  public double outputNoise() {
    return rule.outputNoise();
  }

  @Override
  public int perturbations() {
    return rule.perturbations();
  }

  @Override
  public int passesPerExample() {
    return rule.passesPerExample();
  }

  @Override
  public int rewardsPerExample() {
    return rule.rewardsPerExample();
  }

  @Override
  public boolean pairsTogether() {
    return true;
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    return rule.scale(shape, l, learningRate, noiseScale, batch);
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    return FeedbackStage.state(shape, FeedbackStage.arrays(shape), State.Reader.LEAVES);
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return MixedLearning.form(shape, l);
  }

  @Override
  public List<Integer> ownSums(NetworkShape shape) {
    return FeedbackStage.arrays(shape).values().stream().map(Floats::length).toList();
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new LearnedFeedbackUpdate(
        new WeightUpdate(shape, this, grid, memory),
        FeedbackStage.arrays(shape).keySet().stream()
            .map(LearnedFeedback::name)
            .toArray(String[]::new),
        rule);
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new MixedLearnedFeedbackWorker(rule, shape, grid, memory);
  }
}
