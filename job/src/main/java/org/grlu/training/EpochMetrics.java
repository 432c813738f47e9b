package org.grlu.training;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What one epoch gave and cost.
 *
 * @param epoch from 1
 * @param learningRate at its first step
 * @param noiseScale at its first step
 * @param meanReward over its perturbed passes
 * @param trainAccuracy on the first 1,000 training examples
 * @param validationAccuracy on the validation set; NaN where there is none
 * @param testAccuracy on the whole test set
 * @param hiddenSparsity for each hidden layer, the share of silent neurons over the first 1,000
 *     test examples
 * @param examples trained on in this epoch
 * @param forwardPasses that the rule's definition makes for them
 * @param cpuSeconds of this epoch, evaluation included
 * @param wallSeconds of this epoch, evaluation included
 * @param steps what its steps cost on a cluster
 */
public record EpochMetrics(
    int epoch,
    double learningRate,
    double noiseScale,
    double meanReward,
    double trainAccuracy,
    double validationAccuracy,
    double testAccuracy,
    List<Double> hiddenSparsity,
    long examples,
    long forwardPasses,
    double cpuSeconds,
    double wallSeconds,
    StepTimes steps)
    implements Serializable {

  private static final int FIXED = 17;

  /** All of it as numbers; {@link #fromNumbers} reads them back exactly. */
  public double[] toNumbers() {
    double[] row = new double[FIXED + hiddenSparsity.size()];
    double[] fixed = {
      epoch,
      learningRate,
      noiseScale,
      meanReward,
      trainAccuracy,
      validationAccuracy,
      testAccuracy,
      examples,
      forwardPasses,
      cpuSeconds,
      wallSeconds,
      steps.step(),
      steps.broadcast(),
      steps.schedule(),
      steps.compute(),
      steps.fold(),
      steps.bytesPerStep()
    };
    System.arraycopy(fixed, 0, row, 0, FIXED);
    for (int i = FIXED; i < row.length; i++) {
      row[i] = hiddenSparsity.get(i - FIXED);
    }
    return row;
  }

  /** The reverse of {@link #toNumbers}. */
  public static EpochMetrics fromNumbers(double[] row) {
    return new EpochMetrics(
        (int) row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        Arrays.stream(row, FIXED, row.length).boxed().toList(),
        (long) row[7],
        (long) row[8],
        row[9],
        row[10],
        new StepTimes(row[11], row[12], row[13], row[14], row[15], row[16]));
  }
}
