package org.grlu.rule;

import java.io.Serializable;

/**
 * The settings that change from step to step.
 *
 * @param number the number of the step in the whole training, from 0
 * @param learningRate the step's learning rate
 * @param noiseScale sigma, the step's noise scale
 */
public record StepSettings(long number, double learningRate, double noiseScale)
    implements Serializable {}
