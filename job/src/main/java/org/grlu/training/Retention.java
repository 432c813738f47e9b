package org.grlu.training;

import java.util.ArrayList;
import java.util.List;

/**
 * Says how much a network still knows of tasks that came one after another. The numbers are
 * computed from the matrix R, where R[t][s] is the accuracy on task s after learning task t, with
 * tasks counted from 0. All numbers are over the tasks so far, 0 to t (Lopez-Paz and Ranzato,
 * "Gradient Episodic Memory for Continual Learning", 2017; Chaudhry et al., "Riemannian Walk for
 * Incremental Learning", 2018).
 *
 * @param accuracy ACC, the mean over s of R[t][s]
 * @param backward BWT, the mean over s < t of R[t][s] - R[s][s]; NaN after the first task
 * @param forgetting the mean over s < t of (max over s <= u < t of R[u][s]) - R[t][s]; NaN after
 *     the first task
 * @param learning the mean over s of R[s][s]
 */
public record Retention(double accuracy, double backward, double forgetting, double learning) {
  /**
   * Retention where there are no tasks, or where the current task is not over: all numbers are NaN.
   */
  public static final Retention NONE =
      new Retention(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /**
   * Returns the retention after task t.
   *
   * @param rows rows 0 to t of R
   */
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
   * Returns the retention after an epoch.
   *
   * @param epoch the epoch, from 0
   * @param now the results of this epoch
   * @param before the metrics of all epochs before it
   * @param metric the name of the metric that has the same accuracies of those epochs
   * @return {@link #NONE} where there are no tasks, the task is not over, or there are no
   *     accuracies
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
    // rows are empty where there is no validation set
    return rows.stream().anyMatch(List::isEmpty) ? NONE : of(rows);
  }
}
