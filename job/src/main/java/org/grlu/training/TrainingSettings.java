package org.grlu.training;

import java.io.Serializable;

/**
 * How long and how fast to train.
 *
 * @param epochs the number of epochs, at least 1
 * @param batchSize the number of examples in a step. A last partial batch is left out, as published
 * @param learningRate the learning rate over training
 * @param noiseScale the noise scale sigma over training
 * @param schedule how often the learning rate and the noise scale change
 * @param seed the seed of the weights, the order of examples and the noise
 * @param options what departs from training as published
 */
public record TrainingSettings(
    int epochs,
    int batchSize,
    Course learningRate,
    Cosine noiseScale,
    Schedule schedule,
    long seed,
    TrainingOptions options)
    implements Serializable {

  /** Creates settings of training as published, see {@link TrainingOptions#NONE}. */
  public TrainingSettings(
      int epochs,
      int batchSize,
      Course learningRate,
      Cosine noiseScale,
      Schedule schedule,
      long seed) {
    this(epochs, batchSize, learningRate, noiseScale, schedule, seed, TrainingOptions.NONE);
  }
}
