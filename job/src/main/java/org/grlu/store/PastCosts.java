package org.grlu.store;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.config.SweepFile;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.RunFolder;
import org.grlu.reports.TrialSearch;
import org.grlu.sweep.ExpectedCost;

/** What the sweeps of a report directory have: which trials are over, and what they cost. */
public final class PastCosts {
  private static final Set<String> OVER = Set.of("done", "diverged", "failed");
  private static final List<String> COLUMNS =
      List.of("trial_id", "status", "epochs_done", "cpu_seconds", "dataset_sha256");

  private final Set<String> over = new HashSet<>();
  private final Set<String> done = new HashSet<>();
  private final String dataset;
  private int ofOtherData;

  private PastCosts(String dataset) {
    this.dataset = dataset;
  }

  /**
   * Reads all trials of {@code <report.directory>/sweeps/*}.
   *
   * @param file the sweep, whose own table must be readable; of others, a line on standard error
   *     says that they are not. Its configuration holds of a row where the table lacks the column
   * @param wanted the ids to look for
   * @param dataset the digest of the sweep's dataset. Trials of another one, of a thirtieth of the
   *     examples, say, tell nothing of what its trials cost
   * @param cost Modified: learns from the trials that are done
   */
  public static PastCosts read(
      SweepFile file, Set<String> wanted, String dataset, ExpectedCost cost) throws IOException {
    Settings base = file.base();
    PastCosts past = new PastCosts(dataset);
    List<String> paths =
        base.values().keySet().stream()
            .filter(
                path ->
                    Stream.of("network.", "rule.", "training.", "dataset.train", "dataset.valid")
                        .anyMatch(path::startsWith))
            .toList();
    String[] columns =
        Stream.concat(COLUMNS.stream(), paths.stream().map(RowSettings::column))
            .toArray(String[]::new);
    for (RunFolder sweep : sweeps(base.reportDirectory())) {
      try {
        sweep
            .table(RunFolder.TRIALS)
            .each(row -> past.take(row, wanted, base, paths, cost), columns);
      } catch (IOException e) {
        if (sweep.shown().endsWith("/" + file.sweep().name())) {
          throw e;
        }
        System.err.println(TrialSearch.leftOut(sweep, e));
      }
    }
    return past;
  }

  private static List<RunFolder> sweeps(String reports) throws IOException {
    try {
      return RunFolder.in(reports, TrialSearch.SWEEPS, HadoopFiles.configuration()).folders();
    } catch (NoPathException e) {
      throw new RunException("report.directory = %s: is no path or URI".formatted(reports));
    } catch (IOException e) {
      throw new IOException("report directory %s: %s".formatted(reports, HadoopFiles.words(e)), e);
    }
  }

  private void take(
      Map<String, Object> row,
      Set<String> wanted,
      Settings base,
      List<String> paths,
      ExpectedCost cost) {
    String id = (String) row.get("trial_id");
    if (OVER.contains(row.get("status")) && wanted.contains(id)) {
      over.add(id);
      if ("done".equals(row.get("status"))) {
        done.add(id);
      }
    }
    if (!"done".equals(row.get("status"))) {
      return;
    }
    if (!dataset.equals(row.get("dataset_sha256"))) {
      ofOtherData++;
    } else {
      cost.tookSeconds(
          settings(base, paths, row),
          (int) row.get("epochs_done"),
          (double) row.get("cpu_seconds"));
    }
  }

  private static Settings settings(Settings base, List<String> paths, Map<String, Object> row) {
    Map<String, Object> values = new HashMap<>();
    for (String path : paths) {
      Object value = row.get(RowSettings.column(path));
      if (value != null) {
        values.put(path, value);
      }
    }
    return base.with(values);
  }

  /** Of those wanted, which are done, diverged or failed. */
  public Set<String> over() {
    return over;
  }

  /** Of those that are over, how many diverged or failed. */
  public long failed() {
    return over.stream().filter(id -> !done.contains(id)).count();
  }

  /** Trials that are done, and that no costs were learnt from, since their dataset is another. */
  public int ofOtherData() {
    return ofOtherData;
  }
}
