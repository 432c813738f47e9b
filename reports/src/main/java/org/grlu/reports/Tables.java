package org.grlu.reports;

import static org.grlu.reports.Column.optional;
import static org.grlu.reports.Column.required;

import java.util.ArrayList;
import java.util.List;

/**
 * The tables' schemas. Columns are only ever added; {@value #VERSION} goes up with each addition
 * and stands in the column schema_version.
 */
public final class Tables {
  /** The schemas' version. */
  public static final int VERSION = 2;

  /** Medians over the (last) epoch's steps under the stepped engine, else null. */
  private static final List<Column> STEPS =
      List.of(
          optional("step_millis", Column.Type.DOUBLE),
          optional("broadcast_millis", Column.Type.DOUBLE),
          optional("schedule_millis", Column.Type.DOUBLE),
          optional("compute_millis", Column.Type.DOUBLE),
          optional("fold_millis", Column.Type.DOUBLE),
          optional("bytes_per_step", Column.Type.DOUBLE));

  private Tables() {}

  /**
   * One row for each finished epoch of a trial. Accuracies are shares of 1, null where there is no
   * such set; costs are the epoch's own.
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
    return new Schema("epoch", columns);
  }

  /**
   * One row a trial: how it ended, its configuration, its last epoch, its cost and origin.
   *
   * <p>status is done, diverged, failed, or, of a trial that waits at a rung of halving, stopped;
   * where a trial has rows of more than one, the first three count. sweep is null for {@code
   * train}; setting_id is the trial id of the same configuration without its seed; rung is the one
   * that the trial reached, null unless by halving. Columns of version 1 are never null where they
   * were not; those that version 2 added are null in its files.
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
    return new Schema("trial", columns);
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
