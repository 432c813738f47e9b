package org.grlu.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.grlu.config.RowSettings;
import org.grlu.reports.Column;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.TrialSearch;
import org.grlu.sweep.PlannedTrial;

/**
 * What the sweeps of a report directory know of a sweep's trials. Rows that only other sweeps have
 * are copied, so that this one's tables are complete.
 */
public final class TrialIndex {
  private static final int ROWS = 10_000;

  private final RunFolder own;
  private final Map<String, PlannedTrial> plan;

  /** A trial's row, as much of it as is needed here. */
  public record Known(RecordedEnd ending, Double validationAccuracy, Double testAccuracy) {
    private boolean is(String status) {
      return ending.status().equals(status);
    }
  }

  /**
   * @param own the sweep's folder
   * @param plan its trials by id
   */
  public TrialIndex(RunFolder own, Map<String, PlannedTrial> plan) {
    this.own = own;
    this.plan = plan;
  }

  /** What this sweep's table knows. */
  public Map<String, Known> own() throws IOException {
    return read(own, plan.keySet());
  }

  private static Map<String, Known> read(RunFolder sweep, Set<String> wanted) throws IOException {
    Map<String, Known> known = new HashMap<>();
    sweep
        .table(RunFolder.TRIALS)
        .each(
            row -> {
              String id = (String) row.get("trial_id");
              if (wanted.contains(id)) {
                Known found =
                    new Known(
                        new RecordedEnd((String) row.get("status"), (int) row.get("epochs_done")),
                        (Double) row.get("validation_accuracy"),
                        (Double) row.get("test_accuracy"));
                known.merge(id, found, (a, b) -> b.ending.replaces(a.ending) ? b : a);
              }
            },
            "trial_id",
            "status",
            "epochs_done",
            "validation_accuracy",
            "test_accuracy");
    return known;
  }

  /**
   * Copies what other sweeps know and this one does not: trials that are over there and not here,
   * and trials that are done there and failed here.
   *
   * @param known what this sweep knows; what is copied is added
   * @param sweeps all folders of sweeps, this one's among them
   * @param said gets a line where trials are copied, and for each other sweep that can't be read
   * @throws IOException where this sweep's tables can't be written
   */
  public void copy(
      Map<String, Known> known, List<RunFolder> sweeps, Schema trialSchema, Consumer<String> said)
      throws IOException {
    int copied = 0;
    for (RunFolder other : sweeps) {
      if (other.shown().equals(own.shown())) {
        continue;
      }
      try {
        copied += copy(known, other, trialSchema);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (IOException e) {
        said.accept(TrialSearch.leftOut(other, e));
      }
    }
    if (copied > 0) {
      said.accept("%d trials are known from other sweeps".formatted(copied));
    }
  }

  private int copy(Map<String, Known> known, RunFolder other, Schema trialSchema)
      throws IOException {
    Set<String> wanted = new HashSet<>(plan.keySet());
    known.forEach(
        (id, mine) -> {
          if (mine.is("done")) {
            wanted.remove(id);
          }
        });
    Map<String, Known> theirs = wanted.isEmpty() ? Map.of() : read(other, wanted);
    Set<String> take = new HashSet<>();
    theirs.forEach(
        (id, found) -> {
          Known mine = known.get(id);
          boolean overHere = mine != null && !mine.is("stopped");
          if (!found.is("stopped") && (!overHere || found.is("done"))) {
            take.add(id);
          }
        });
    if (!take.isEmpty()) {
      // a trial's row means that its epochs are there
      copy(other, RunFolder.EPOCHS, RunRows.epochSchema(), take);
      copy(other, RunFolder.TRIALS, trialSchema, take);
      take.forEach(id -> known.put(id, theirs.get(id)));
    }
    return take.size();
  }

  private void copy(RunFolder from, String table, Schema schema, Set<String> ids)
      throws IOException {
    List<Object[]> rows = new ArrayList<>();
    from.table(table)
        .each(
            row -> {
              if (ids.contains(row.get("trial_id"))) {
                rows.add(fitted(schema, row));
              }
              if (rows.size() == ROWS) {
                append(table, schema, rows);
              }
            });
    append(table, schema, rows);
  }

  /**
   * Writes rows and forgets them: there may be more than fit into memory. What this throws is of
   * this sweep's tables; an IOException is of the other's.
   */
  private void append(String table, Schema schema, List<Object[]> rows) {
    if (!rows.isEmpty()) {
      try {
        own.table(table).append(schema, rows);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      rows.clear();
    }
  }

  /** A row in this schema: what an older table lacks of the configuration, the plan has. */
  private Object[] fitted(Schema schema, Map<String, Object> row) {
    Map<String, Object> planned = new HashMap<>();
    PlannedTrial trial = plan.get((String) row.get("trial_id"));
    planned.put("setting_id", trial.settingId());
    RunRows.configuration(trial.settings())
        .forEach((path, value) -> planned.put(RowSettings.column(path), value));
    List<Object> values = new ArrayList<>();
    for (Column column : schema.columns()) {
      Object value = row.get(column.name());
      values.add(value == null ? planned.get(column.name()) : value);
    }
    return values.toArray();
  }
}
