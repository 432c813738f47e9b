package org.grlu.rule;

import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.noise.NoiseKind;

/**
 * {@link LearnedFeedback} in a network with several kinds of layers. The formulas are the same.
 * Each position of a convolution and each time step of a recurrent layer counts as a neuron. B e
 * predicts the reward's gradient by a neuron's output. The neuron's signal is B e times the
 * activation's slope f'. The noise q that reached the neuron's output is noise x f'. The slope f'
 * is that of the pass without noise.
 *
 * <p>In the chained form, each time step of a recurrent layer is a link of the chain, so the chain
 * runs backward in time. Only scalars pass along it.
 *
 * @param rule the settings
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
