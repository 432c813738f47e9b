package org.grlu.training;

import java.io.Serializable;

/**
 * How long and how fast to train.
 *
 * @param epochs passes over the training set, at least 1
 * @param batchSize examples in a step; a last partial batch is left out, as published
 * @param learningRate over training
 * @param noiseScale sigma over training
 * @param schedule how often both move
 * @param seed of weights, order and noise
 * @param options what it does besides
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

  /** Training as published. */
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
