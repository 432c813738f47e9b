package org.grlu.training;

import java.util.ArrayList;
import java.util.List;

/**
 * What is left of tasks that came one after another, by the matrix R: R[t][s] is the accuracy on
 * task s after learning task t. All of it is of the tasks so far, 0 to t (Lopez-Paz and Ranzato,
 * "Gradient Episodic Memory for Continual Learning", 2017; Chaudhry et al., "Riemannian Walk for
 * Incremental Learning", 2018).
 *
 * @param accuracy ACC, the mean over s of R[t][s]
 * @param backward BWT, the mean over s < t of R[t][s] - R[s][s]
 * @param forgetting the mean over s < t of the largest R[u][s] with s <= u < t, less R[t][s]
 * @param learning the mean over s of R[s][s]
 */
public record Retention(double accuracy, double backward, double forgetting, double learning) {
  /** Where there are no tasks, or one is not over. */
  public static final Retention NONE =
      new Retention(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** Of a matrix's first rows, the last of which is t. */
  static Retention of(List<List<Double>> rows) {
    int t = rows.size() - 1;
    double accuracy = 0;
    double backward = 0;
    double forgetting = 0;
    double learning = 0;
    for (int s = 0; s <= t; s++) {
      double now = rows.get(t).get(s);
      accuracy += now;
      learning += rows.get(s).get(s);
      if (s < t) {
        double best = 0;
        for (int u = s; u < t; u++) {
          best = Math.max(best, rows.get(u).get(s));
        }
        backward += now - rows.get(s).get(s);
        forgetting += best - now;
      }
    }
    double earlier = t == 0 ? Double.NaN : t;
    return new Retention(
        accuracy / (t + 1), backward / earlier, forgetting / earlier, learning / (t + 1));
  }

  /**
   * After an epoch, counted from 0.
   *
   * @param now the epoch's accuracies
   * @param before the epochs before it
   * @param metric that has the same of these
   */
  static Retention of(
      ExampleStream stream,
      int epoch,
      Evaluation.Result now,
      List<EpochMetrics> before,
      String metric) {
    if (!stream.hasTasks() || (epoch + 1) % stream.passes() != 0) {
      return NONE;
    }
    List<List<Double>> rows = new ArrayList<>();
    for (int e = stream.passes() - 1; e < epoch; e += stream.passes()) {
      rows.add(before.get(e).numbers().getOrDefault(metric, List.of()));
    }
    rows.add(now.ofTasks());
    // without a validation set there are no rows
    return rows.stream().anyMatch(List::isEmpty) ? NONE : of(rows);
  }
}
