package org.grlu.training;

import java.util.Collections;
import java.util.List;

/**
 * The findings of {@link Diagnostics} after an epoch. Each list has one number for each layer with
 * weights, unless said otherwise, and NaN where the number is not defined.
 *
 * @param alignmentExample the mean cosine between an estimate from one example and the gradient of
 *     that example
 * @param alignmentMean the cosine between the mean estimate and the gradient, over all examples
 * @param signalToNoise the norm of an example's mean estimate over the deviation of one estimate
 *     from that mean
 * @param updateRatio the mean ratio of the norm of a one-example step to the norm of the weights
 * @param deadUnits for each hidden layer, the share of neurons that no example activates
 * @param conflictRatio how far neurons that share weights agree on their change, see {@link
 *     org.grlu.rule.SharedWeights}; NaN in networks of dense layers alone
 * @param expectedSignalToNoise the {@code signalToNoise} that follows from {@code conflictRatio}
 * @param cpuSeconds the CPU time that the diagnosis took, in seconds; NaN where none was made
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

  /**
   * Returns a diagnosis of NaNs, for a trial that asks for none.
   *
   * @param layers the number of layers with weights
   */
  public static Diagnosis none(int layers) {
    return none(layers, Collections.nCopies(layers - 1, Double.NaN));
  }

  /**
   * Returns a diagnosis without estimates: all numbers but {@code deadUnits} are NaN.
   *
   * @param layers the number of layers with weights
   */
  static Diagnosis none(int layers, List<Double> deadUnits) {
    List<Double> nothing = Collections.nCopies(layers, Double.NaN);
    return new Diagnosis(
        nothing, nothing, nothing, nothing, deadUnits, nothing, nothing, Double.NaN);
  }

  /**
   * Returns a copy of this diagnosis with another CPU time.
   *
   * @param seconds the CPU time that the diagnosis took
   */
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
