package org.grlu.training;

import java.util.Collections;
import java.util.List;

/**
 * What {@link Diagnostics} found after an epoch. Lists have a number for each layer with weights,
 * NaN where there is none.
 *
 * @param alignmentExample the mean cosine of one example's estimate to that example's gradient
 * @param alignmentMean the cosine of the mean estimate to the gradient, over all examples together
 * @param signalToNoise the mean estimate's norm over an estimate's deviation from it
 * @param updateRatio the norm of a step of one example over that of the weights, the mean
 * @param deadUnits the share of neurons that no example passes, of each hidden layer alone
 * @param conflictRatio whether neurons that share weights agree, {@link
 *     org.grlu.rule.SharedWeights}; of networks of several kinds of layers alone
 * @param expectedSignalToNoise what {@code signalToNoise} should be by that
 * @param cpuSeconds what finding it took
 */
public record Diagnosis(
    List<Double> alignmentExample,
    List<Double> alignmentMean,
    List<Double> signalToNoise,
    List<Double> updateRatio,
    List<Double> deadUnits,
    List<Double> conflictRatio,
    List<Double> expectedSignalToNoise,
    double cpuSeconds) {

  /** Where none was asked for, of so many layers. */
  public static Diagnosis none(int layers) {
    return none(layers, Collections.nCopies(layers - 1, Double.NaN));
  }

  /** Where there are no estimates to compare. */
  static Diagnosis none(int layers, List<Double> deadUnits) {
    List<Double> nothing = Collections.nCopies(layers, Double.NaN);
    return new Diagnosis(
        nothing, nothing, nothing, nothing, deadUnits, nothing, nothing, Double.NaN);
  }

  /** The same, with what it took. */
  Diagnosis took(double seconds) {
    return new Diagnosis(
        alignmentExample,
        alignmentMean,
        signalToNoise,
        updateRatio,
        deadUnits,
        conflictRatio,
        expectedSignalToNoise,
        seconds);
  }
}
