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
 * All settings that a trial's result depends on, except the data.
 *
 * @param shape the network
 * @param pixels how pixels become inputs
 * @param rule the learning rule
 * @param training how to train
 * @param diagnosed whether the rule's estimates are compared with the gradient after each epoch. No
 *     other result depends on it
 */
public record TrialSettings(
    NetworkShape shape,
    PixelScale pixels,
    LearningRule rule,
    TrainingSettings training,
    boolean diagnosed)
    implements Serializable {

  /** Creates settings without diagnostics. */
  public TrialSettings(
      NetworkShape shape, PixelScale pixels, LearningRule rule, TrainingSettings training) {
    this(shape, pixels, rule, training, false);
  }

  /** Returns the tasks that come one after another; null where the stream has none. */
  Tasks tasks() {
    ExampleStream stream = training.options().stream();
    return stream.hasTasks()
        ? new Tasks(stream, shape.units(shape.depth() - 1), shape.units(0), training.seed())
        : null;
  }

  /** Returns an empty batch, into which the trial's examples can be loaded. */
  public InputBatch inputs() {
    return new InputBatch(shape, pixels, tasks());
  }

  /**
   * Returns a dataset as the trial's stream presents it.
   *
   * @param dataset the dataset, already cut
   */
  public Dataset presented(Dataset dataset) {
    ExampleStream stream = training.options().stream();
    return stream.kind() == ExampleStream.Kind.PERMUTED
        ? Permuted.of(dataset, stream.tasks(), training.seed())
        : dataset;
  }

  /**
   * Returns the arrays that are kept beside the weights, with their values before the first step.
   */
  public State state() {
    State ofRule = rule.state(shape, training.seed());
    return Consolidation.state(ofRule, shape, training.options().stream());
  }

  /** Returns the trial's random streams, before any step. */
  public KeyedPerturbations perturbations() {
    return perturbations(training.seed());
  }

  /** Returns random streams of the same kinds with another seed. */
  KeyedPerturbations perturbations(long seed) {
    NoiseKind kind = rule.estimator() instanceof NoisyRule noisy ? noisy.noise() : null;
    return new KeyedPerturbations(shape, kind, seed, training.options().gumbel());
  }

  /** Returns the changes that are made to training images at each presentation. */
  public Augmentation augmentation() {
    TrainingOptions options = training.options();
    long key = StreamKey.of(training.seed(), StreamKey.Purpose.INPUT);
    return new Augmentation(options.inputDropout(), options.shift(), key);
  }

  /**
   * Moves random streams to a step.
   *
   * @param perturbations Modified.
   */
  public void seek(KeyedPerturbations perturbations, StepSettings step) {
    double hidden = rule.estimator() instanceof NoisyRule noisy ? noisy.hiddenNoise() : 0;
    double output = rule.estimator() instanceof NoisyRule noisy ? noisy.outputNoise() : 0;
    double sigma = step.noiseScale();
    perturbations.step(step.number(), sigma * hidden, sigma * output);
  }

  /**
   * Returns the number of steps of an epoch that presents {@code examples} examples. A last partial
   * batch is left out.
   */
  public int stepsPerEpoch(int examples) {
    return examples / training.batchSize();
  }

  /**
   * Returns the settings of a step, where all epochs have the same number of steps.
   *
   * @param epoch the epoch, from 0
   * @param inEpoch the step in the epoch, from 0
   * @param stepsPerEpoch the number of steps of each epoch
   */
  public StepSettings step(int epoch, int inEpoch, int stepsPerEpoch) {
    return step(epoch, inEpoch, stepsPerEpoch, (long) epoch * stepsPerEpoch);
  }

  /**
   * Returns the settings of a step.
   *
   * @param epoch the epoch, from 0
   * @param inEpoch the step in the epoch, from 0
   * @param steps the number of steps of this epoch
   * @param first the number of this epoch's first step in the whole training, from 0
   */
  StepSettings step(int epoch, int inEpoch, int steps, long first) {
    double within = training.schedule() == Schedule.PER_STEP ? (double) inEpoch / steps : 0;
    double t = (epoch + within) / training.epochs();
    return new StepSettings(
        first + inEpoch, training.learningRate().at(t), training.noiseScale().at(t));
  }
}
