package org.grlu.training;

import java.io.Serializable;
import org.grlu.datasets.Dataset;
import org.grlu.network.Augmentation;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.State;
import org.grlu.noise.NoiseKind;
import org.grlu.noise.StreamKey;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LearningRule;
import org.grlu.rule.NoisyRule;
import org.grlu.rule.StepSettings;

/**
 * All that makes a trial's result, but for the data.
 *
 * @param diagnosed whether each epoch's estimates are compared with the gradient, on which no
 *     result hangs
 */
public record TrialSettings(
    NetworkShape shape,
    PixelScale pixels,
    LearningRule rule,
    TrainingSettings training,
    boolean diagnosed)
    implements Serializable {

  /** Without diagnostics. */
  public TrialSettings(
      NetworkShape shape, PixelScale pixels, LearningRule rule, TrainingSettings training) {
    this(shape, pixels, rule, training, false);
  }

  /** The tasks that come one after another; null where there are none. */
  Tasks tasks() {
    ExampleStream stream = training.options().stream();
    return stream.hasTasks()
        ? new Tasks(stream, shape.units(shape.depth() - 1), shape.units(0), training.seed())
        : null;
  }

  /** What examples are loaded into. */
  public InputBatch inputs() {
    return new InputBatch(shape, pixels, tasks());
  }

  /** A dataset, cut, as the trial's stream presents it. */
  public Dataset presented(Dataset dataset) {
    ExampleStream stream = training.options().stream();
    return stream.kind() == ExampleStream.Kind.PERMUTED
        ? Permuted.of(dataset, stream.tasks(), training.seed())
        : dataset;
  }

  /** What is kept beside the weights, as it is before the first step. */
  public State state() {
    State ofRule = rule.state(shape, training.seed());
    return Consolidation.state(ofRule, shape, training.options().stream());
  }

  /** The trial's random streams, at no step yet. */
  public KeyedPerturbations perturbations() {
    return perturbations(training.seed());
  }

  /** The same streams under another seed. */
  KeyedPerturbations perturbations(long seed) {
    NoiseKind kind = rule.estimator() instanceof NoisyRule noisy ? noisy.noise() : null;
    return new KeyedPerturbations(shape, kind, seed, training.options().gumbel());
  }

  /** How training images are changed at each presentation. */
  public Augmentation augmentation() {
    TrainingOptions options = training.options();
    long key = StreamKey.of(training.seed(), StreamKey.Purpose.INPUT);
    return new Augmentation(options.inputDropout(), options.shift(), key);
  }

  /** Takes {@code perturbations} to a step. */
  public void seek(KeyedPerturbations perturbations, StepSettings step) {
    double hidden = rule.estimator() instanceof NoisyRule noisy ? noisy.hiddenNoise() : 0;
    double output = rule.estimator() instanceof NoisyRule noisy ? noisy.outputNoise() : 0;
    double sigma = step.noiseScale();
    perturbations.step(step.number(), sigma * hidden, sigma * output);
  }

  /** Steps in an epoch over all of {@code examples}. */
  public int stepsPerEpoch(int examples) {
    return examples / training.batchSize();
  }

  /** What holds at step {@code inEpoch} of {@code epoch}, both from 0, of epochs of one length. */
  public StepSettings step(int epoch, int inEpoch, int stepsPerEpoch) {
    return step(epoch, inEpoch, stepsPerEpoch, (long) epoch * stepsPerEpoch);
  }

  /**
   * The same.
   *
   * @param steps of this epoch
   * @param first the number of its first step
   */
  StepSettings step(int epoch, int inEpoch, int steps, long first) {
    double within = training.schedule() == Schedule.PER_STEP ? (double) inEpoch / steps : 0;
    double t = (epoch + within) / training.epochs();
    return new StepSettings(
        first + inEpoch, training.learningRate().at(t), training.noiseScale().at(t));
  }
}
