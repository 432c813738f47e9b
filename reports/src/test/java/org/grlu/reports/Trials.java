package org.grlu.reports;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.grlu.reports.SweepDescription.Parameter;

/** A sweep's folder whose trials say no more than a test asks for. */
final class Trials {
  private final RunFolder folder;
  private final Schema schema;
  private final List<Object[]> rows = new ArrayList<>();

  private Trials(RunFolder folder, Schema schema) {
    this.folder = folder;
    this.schema = schema;
  }

  /**
   * @param configuration its columns, the seed's apart
   */
  static Trials in(Path folder, List<Column> configuration) throws IOException {
    List<Column> columns = new ArrayList<>(configuration);
    columns.add(Column.optional("training_seed", Column.Type.LONG));
    RunFolder run = RunFolder.at(folder.toString(), new Configuration());
    run.create();
    return new Trials(run, Tables.trials(columns));
  }

  /** A trial that is done. */
  void add(String setting, long seed, double accuracy, Map<String, Object> configuration) {
    Map<String, Object> row = new HashMap<>(configuration);
    row.put("trial_id", setting + "-" + seed);
    row.put("setting_id", setting);
    row.put("training_seed", seed);
    row.put("status", "done");
    row.put("validation_accuracy", accuracy);
    rows.add(
        schema.columns().stream()
            .map(c -> row.getOrDefault(c.name(), c.required() ? some(c.type()) : null))
            .toArray());
  }

  private static Object some(Column.Type type) {
    return switch (type) {
      case INT -> 1;
      case LONG -> 1L;
      case DOUBLE -> 1.0;
      case BOOLEAN -> true;
      case TIMESTAMP -> Instant.EPOCH;
      case STRING -> "";
      default -> List.of();
    };
  }

  /** A description of two seeds, 1 and 2. */
  static SweepDescription described(Parameter... parameters) {
    return new SweepDescription(
        "made-up",
        "grid",
        List.of(Goal.VALIDATION_ACCURACY),
        List.of(parameters),
        List.of(1L, 2L),
        2,
        4,
        1,
        "mnist",
        100,
        "grlu sweep made-up.conf",
        null,
        null);
  }

  /** Writes description and trials, and reads them back. */
  SweepReport report(SweepDescription description) throws IOException {
    folder.write(SweepDescription.FILE, description.toJson());
    folder.table(RunFolder.TRIALS).replace(schema, rows);
    return SweepReport.of(folder);
  }

  RunFolder folder() {
    return folder;
  }
}
