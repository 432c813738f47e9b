package org.grlu.rule;

import java.io.Serializable;

/**
 * What changes from step to step.
 *
 * @param number of the step in the whole training, from 0
 * @param learningRate of the step
 * @param noiseScale sigma, of the step
 */
public record StepSettings(long number, double learningRate, double noiseScale)
    implements Serializable {}
