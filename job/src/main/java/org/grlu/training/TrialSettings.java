package org.grlu.training;

import java.io.Serializable;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LearningRule;
import org.grlu.rule.StepSettings;

/** All that makes a trial's result, but for the data. */
public record TrialSettings(
    NetworkShape shape, PixelScale pixels, LearningRule rule, TrainingSettings training)
    implements Serializable {

  /** The trial's random streams, at no step yet. */
  public KeyedPerturbations perturbations() {
    return new KeyedPerturbations(shape, rule.noise(), training.seed());
  }

  /** Takes {@code perturbations} to a step. */
  public void seek(KeyedPerturbations perturbations, StepSettings step) {
    double sigma = step.noiseScale();
    perturbations.step(step.number(), sigma * rule.hiddenNoise(), sigma * rule.outputNoise());
  }

  /** Steps in an epoch over {@code examples}. */
  public int stepsPerEpoch(int examples) {
    return examples / training.batchSize();
  }

  /** What holds at step {@code inEpoch} of {@code epoch}, both from 0. */
  public StepSettings step(int epoch, int inEpoch, int stepsPerEpoch) {
    double within = training.schedule() == Schedule.PER_STEP ? (double) inEpoch / stepsPerEpoch : 0;
    double t = (epoch + within) / training.epochs();
    return new StepSettings(
        (long) epoch * stepsPerEpoch + inEpoch,
        training.learningRate().at(t),
        training.noiseScale().at(t));
  }
}
