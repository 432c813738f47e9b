package org.grlu.reports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** Looks for trials in a report directory: in its runs, and in its sweeps. */
public final class TrialSearch {
  /** The folder of the sweeps in a report directory. */
  public static final String SWEEPS = "sweeps";

  private final List<RunFolder> folders;

  private TrialSearch(List<RunFolder> folders) {
    this.folders = folders;
  }

  /**
   * A trial as its tables have it.
   *
   * @param folder of its run or sweep, for people
   * @param row in the table of trials
   * @param epochs in their order
   */
  public record Found(String folder, Map<String, Object> row, List<Map<String, Object>> epochs) {}

  /**
   * All that is in a directory, and it itself, where it is a run's or a sweep's.
   *
   * @param directory a path or URI
   * @throws NoPathException where it is neither
   */
  public static TrialSearch in(String directory, Configuration hadoop) throws IOException {
    RunFolder root = RunFolder.at(directory, hadoop);
    List<RunFolder> folders = new ArrayList<>(List.of(root));
    folders.addAll(root.folders());
    folders.addAll(root.folder(SWEEPS).folders());
    return new TrialSearch(folders);
  }

  /**
   * Trials whose ids begin so, each once, by id.
   *
   * @param said gets a line for each folder that can't be read, and is left out
   */
  public List<Found> find(String prefix, Consumer<String> said) throws IOException {
    Map<String, List<RunFolder>> where = new TreeMap<>();
    for (RunFolder folder : folders) {
      try {
        for (Map<String, Object> row :
            folder
                .table(RunFolder.TRIALS)
                .read(each -> ((String) each.get("trial_id")).startsWith(prefix), "trial_id")) {
          where
              .computeIfAbsent((String) row.get("trial_id"), each -> new ArrayList<>())
              .add(folder);
        }
      } catch (IOException e) {
        said.accept(leftOut(folder, e));
      }
    }
    List<Found> found = new ArrayList<>();
    for (Map.Entry<String, List<RunFolder>> entry : where.entrySet()) {
      found.add(read(entry.getKey(), entry.getValue()));
    }
    return found;
  }

  /** The line that says that a folder of a report directory is passed over. */
  public static String leftOut(RunFolder folder, IOException why) {
    return "%s can't be read, and its trials are not looked for: %s"
        .formatted(folder.shown(), HadoopFiles.words(why));
  }

  /** The best of a trial's rows, and the epochs beside it. */
  private static Found read(String id, List<RunFolder> folders) throws IOException {
    List<SweepTrial> rows = new ArrayList<>();
    List<RunFolder> folderOf = new ArrayList<>();
    for (RunFolder folder : folders.stream().distinct().toList()) {
      for (Map<String, Object> row : of(id, folder.table(RunFolder.TRIALS))) {
        rows.add(new SweepTrial(row));
        folderOf.add(folder);
      }
    }
    SweepTrial best = SweepTrial.once(rows).iterator().next();
    RunFolder folder = folderOf.get(rows.indexOf(best));
    Map<Integer, Map<String, Object>> epochs = new TreeMap<>();
    for (Map<String, Object> epoch : of(id, folder.table(RunFolder.EPOCHS))) {
      epochs.put((Integer) epoch.get("epoch"), epoch);
    }
    return new Found(folder.shown(), best.row(), List.copyOf(epochs.values()));
  }

  private static List<Map<String, Object>> of(String id, Table table) throws IOException {
    return table.read(row -> id.equals(row.get("trial_id")));
  }
}
