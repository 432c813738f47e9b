package org.grlu.reports;

import static org.grlu.reports.Column.optional;
import static org.grlu.reports.Column.required;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tables' schemas. Columns are only ever added; {@value #VERSION} goes up with each addition
 * and stands in the column schema_version.
 */
public final class Tables {
  /** The schemas' version. */
  public static final int VERSION = 8;

  /** Medians over the (last) epoch's steps under the stepped engine, else null. */
  private static final List<Column> STEPS =
      List.of(
          optional("step_millis", Column.Type.DOUBLE),
          optional("broadcast_millis", Column.Type.DOUBLE),
          optional("schedule_millis", Column.Type.DOUBLE),
          optional("compute_millis", Column.Type.DOUBLE),
          optional("fold_millis", Column.Type.DOUBLE),
          optional("bytes_per_step", Column.Type.DOUBLE));

  /** Of the tasks that were learnt until then, else null. */
  private static final List<Column> RETENTION =
      List.of(
          optional("average_accuracy", Column.Type.DOUBLE),
          optional("backward_transfer", Column.Type.DOUBLE),
          optional("forgetting", Column.Type.DOUBLE),
          optional("learning_accuracy", Column.Type.DOUBLE),
          optional("context_accuracy", Column.Type.DOUBLE),
          optional("prequential_accuracy", Column.Type.DOUBLE));

  /** The same on the validation set. */
  private static final List<Column> VALIDATION_RETENTION =
      List.of(
          optional("validation_average_accuracy", Column.Type.DOUBLE),
          optional("validation_backward_transfer", Column.Type.DOUBLE),
          optional("validation_forgetting", Column.Type.DOUBLE),
          optional("validation_learning_accuracy", Column.Type.DOUBLE));

  /** Goals that no older column of the table of settings has. */
  private static final List<Goal> APART =
      Stream.of(Goal.values())
          .filter(goal -> RankingText.isApart(goal) && goal != Goal.FORWARD_PASSES)
          .toList();

  private Tables() {}

  /**
   * One row for each finished epoch of a trial. Accuracies are shares of 1, null where there is no
   * such set; costs are the epoch's own. Where an epoch of a trial has several rows the one that
   * was written last counts, that is of the last file by name: a driver that was killed between
   * epochs and trials leaves some.
   */
  public static Schema epochs() {
    List<Column> columns = new ArrayList<>();
    columns.add(required("schema_version", Column.Type.INT));
    columns.add(required("trial_id", Column.Type.STRING));
    columns.add(required("epoch", Column.Type.INT));
    columns.add(required("learning_rate", Column.Type.DOUBLE));
    columns.add(required("noise_scale", Column.Type.DOUBLE));
    columns.add(required("mean_reward", Column.Type.DOUBLE));
    columns.addAll(accuracies());
    columns.add(required("hidden_sparsity", Column.Type.DOUBLES));
    columns.add(required("examples", Column.Type.LONG));
    columns.addAll(costs());
    columns.addAll(STEPS);
    // of the layers with weights, where diagnostics were asked for
    columns.add(optional("alignment_example", Column.Type.DOUBLES));
    columns.add(optional("alignment_mean", Column.Type.DOUBLES));
    columns.add(optional("signal_to_noise", Column.Type.DOUBLES));
    columns.add(optional("update_ratio", Column.Type.DOUBLES));
    columns.add(optional("conflict_ratio", Column.Type.DOUBLES));
    columns.add(optional("expected_signal_to_noise", Column.Type.DOUBLES));
    columns.add(optional("dead_units", Column.Type.DOUBLES));
    columns.add(optional("diagnostics_cpu_seconds", Column.Type.DOUBLE));
    columns.addAll(RETENTION);
    columns.add(optional("task_accuracy", Column.Type.DOUBLES));
    columns.add(optional("task_validation_accuracy", Column.Type.DOUBLES));
    columns.add(optional("largest_class_cosine", Column.Type.DOUBLE));
    columns.addAll(VALIDATION_RETENTION);
    return new Schema("epoch", columns);
  }

  /**
   * One row for each task that a trial has finished and each task of its stream: the matrix R,
   * where both tasks count from 1. Of several rows that are of the same the last one counts, as of
   * epochs.
   */
  public static Schema tasks() {
    return new Schema(
        "task",
        List.of(
            required("schema_version", Column.Type.INT),
            required("trial_id", Column.Type.STRING),
            required("after_task", Column.Type.INT),
            required("on_task", Column.Type.INT),
            optional("accuracy", Column.Type.DOUBLE),
            optional("validation_accuracy", Column.Type.DOUBLE)));
  }

  /**
   * One row a trial: how it ended, its configuration, its last epoch, its cost and origin.
   *
   * <p>status is done, diverged, failed, or, of a trial that waits at a rung of halving, stopped;
   * where a trial has rows of more than one, the first three count. sweep is null for {@code
   * train}; setting_id is the trial id of the same configuration without its seed; rung is the one
   * that the trial reached, null unless by halving. Columns of version 1 are never null where they
   * were not; those that a later version added are null in its files. Since version 3 a
   * configuration key that can't change the trial's result (k under relu) is null; before, it had
   * some value. features_id and features_seen are of the slow system whose codes the trial read,
   * and say what that had seen before; null where it read pixels.
   *
   * @param configuration one column for each configuration key
   */
  public static Schema trials(List<Column> configuration) {
    List<Column> columns = new ArrayList<>();
    columns.add(required("schema_version", Column.Type.INT));
    columns.add(required("trial_id", Column.Type.STRING));
    columns.add(required("status", Column.Type.STRING));
    columns.add(optional("failure", Column.Type.STRING));
    columns.addAll(configuration);
    columns.add(required("dataset_sha256", Column.Type.STRING));
    columns.add(required("epochs_done", Column.Type.INT));
    columns.addAll(accuracies());
    columns.add(optional("weights_sha256", Column.Type.STRING));
    columns.addAll(costs());
    columns.addAll(STEPS);
    columns.add(required("started_at", Column.Type.TIMESTAMP));
    columns.add(required("finished_at", Column.Type.TIMESTAMP));
    columns.add(required("code_version", Column.Type.STRING));
    columns.add(required("java_version", Column.Type.STRING));
    columns.add(required("spark_version", Column.Type.STRING));
    columns.add(required("kernels", Column.Type.STRING));
    columns.add(required("host", Column.Type.STRING));
    columns.add(optional("sweep", Column.Type.STRING));
    columns.add(optional("setting_id", Column.Type.STRING));
    columns.add(optional("rung", Column.Type.INT));
    columns.add(optional("rule_version", Column.Type.INT));
    columns.add(optional("features_id", Column.Type.STRING));
    columns.add(optional("features_seen", Column.Type.STRING));
    columns.addAll(RETENTION);
    columns.add(optional("largest_class_cosine", Column.Type.DOUBLE));
    columns.addAll(VALIDATION_RETENTION);
    return new Schema("trial", columns);
  }

  /**
   * One row for each setting of a sweep, that is for each configuration but its seed.
   *
   * <p>rank is null where no seed has a result. seeds, diverged, failed and stopped count trials;
   * seeds are those with results, which all other columns are over: they are done, or wait at a
   * rung of halving after epochs_done epochs. Of each accuracy there are _mean, _deviation (the
   * standard deviation between seeds), and _low and _high, the 95 % confidence interval of the mean
   * by Student's t on the logit scale. Costs are means. p_value is of the paired t test against the
   * best setting over common seeds, p_adjusted the same by Holm for all settings at once;
   * tied_with_best says that the setting cannot be told from the best. What became of tasks are
   * means, null where the stream has none. front is the Pareto front by several goals, from 1, null
   * where settings are ranked by one.
   *
   * @param swept the columns that differ between settings; where a parameter is one of named
   *     variants the name's, and those of the keys that they set
   */
  public static Schema settings(List<Column> swept) {
    List<Column> columns = new ArrayList<>();
    columns.add(required("schema_version", Column.Type.INT));
    columns.add(required("setting_id", Column.Type.STRING));
    columns.add(optional("rank", Column.Type.INT));
    swept.forEach(column -> columns.add(optional(column.name(), column.type())));
    for (String count : List.of("seeds", "diverged", "failed", "stopped", "epochs_done")) {
      columns.add(required(count, Column.Type.INT));
    }
    for (Column accuracy : accuracies()) {
      for (String of : List.of("_mean", "_deviation", "_low", "_high")) {
        columns.add(optional(accuracy.name() + of, Column.Type.DOUBLE));
      }
    }
    for (Column cost : costs()) {
      columns.add(optional(cost.name(), Column.Type.DOUBLE));
    }
    columns.add(optional("p_value", Column.Type.DOUBLE));
    columns.add(optional("p_adjusted", Column.Type.DOUBLE));
    columns.add(required("tied_with_best", Column.Type.BOOLEAN));
    for (TaskFigure figure : TaskFigure.RANKED) {
      columns.add(optional(figure.column, Column.Type.DOUBLE));
    }
    columns.add(optional("front", Column.Type.INT));
    APART.forEach(goal -> columns.add(optional(goal.column(), Column.Type.DOUBLE)));
    return new Schema("setting", columns);
  }

  /** One row for each setting that a sweep's file asks for. */
  public static Schema planned() {
    return new Schema(
        "planned",
        List.of(
            required("schema_version", Column.Type.INT),
            required("setting_id", Column.Type.STRING)));
  }

  /**
   * A setting's row.
   *
   * @param swept as {@link #settings} has them
   */
  static Object[] row(SettingResult setting, List<Column> swept) {
    List<Object> values = new ArrayList<>();
    values.add(VERSION);
    values.add(setting.id());
    values.add(setting.rank() == 0 ? null : setting.rank());
    swept.forEach(column -> values.add(setting.trials().get(0).row().get(column.name())));
    values.add(setting.seeds());
    values.add(setting.count(TrialStatus.DIVERGED));
    values.add(setting.count(TrialStatus.FAILED));
    values.add(setting.count(TrialStatus.STOPPED));
    values.add(setting.epochs());
    for (Column accuracy : accuracies()) {
      Sample sample = setting.accuracy().get(accuracy.name());
      values.add(sample.mean());
      values.add(sample.deviation());
      values.add(sample.low());
      values.add(sample.high());
    }
    for (Column cost : costs()) {
      values.add(setting.cost().get(cost.name()).mean());
    }
    values.add(setting.comparison().p());
    values.add(setting.comparison().adjusted());
    values.add(setting.comparison().tied());
    for (TaskFigure figure : TaskFigure.RANKED) {
      values.add(setting.tasks().get(figure.column).mean());
    }
    values.add(setting.front() == 0 ? null : setting.front());
    APART.forEach(goal -> values.add(setting.reached(goal).mean()));
    return values.toArray();
  }

  private static List<Column> accuracies() {
    return List.of(
        optional("train_accuracy", Column.Type.DOUBLE),
        optional("validation_accuracy", Column.Type.DOUBLE),
        optional("test_accuracy", Column.Type.DOUBLE));
  }

  private static List<Column> costs() {
    return List.of(
        required("forward_passes", Column.Type.LONG),
        required("cpu_seconds", Column.Type.DOUBLE),
        required("wall_seconds", Column.Type.DOUBLE));
  }
}
