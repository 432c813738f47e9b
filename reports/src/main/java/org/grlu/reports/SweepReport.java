package org.grlu.reports;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.grlu.reports.SweepDescription.Parameter;

/**
 * What a sweep's tables say, at any moment while it runs or after. Made from {@value
 * SweepDescription#FILE} and the Parquet files of its folder alone.
 */
public final class SweepReport {
  private final RunFolder folder;
  private final SweepDescription description;
  private final List<Parameter> parameters;
  private final List<SweepTrial> trials;
  private final int leftOut;
  private final List<SettingResult> settings;
  private final boolean hasTasks;
  private final boolean seenDiffers;

  private SweepReport(RunFolder folder, SweepDescription description, List<Parameter> parameters)
      throws IOException {
    this.folder = folder;
    this.description = description;
    this.parameters = parameters;
    List<SweepTrial> all =
        SweepTrial.read(
            folder.table(RunFolder.TRIALS), parameters, new Meanings(description.meanings()));
    this.trials = asked(all);
    this.leftOut = all.size() - trials.size();
    List<String> swept = parameters.stream().map(Parameter::column).toList();
    this.settings = Ranking.of(trials, swept, description.rankBy());
    this.hasTasks =
        settings.stream().anyMatch(s -> s.tasks().get(TaskFigure.ACCURACY.column).mean() != null);
    this.seenDiffers = settings.stream().map(SettingResult::seen).distinct().count() > 1;
  }

  /** Those that the sweep's file asks for; all where the folder does not say which. */
  private List<SweepTrial> asked(List<SweepTrial> all) throws IOException {
    Set<Object> planned = new HashSet<>();
    String id = "setting_id";
    folder.table(RunFolder.PLANNED).each(row -> planned.add(row.get(id)), id);
    Set<Long> seeds = new HashSet<>(description.seeds());
    return planned.isEmpty()
        ? all
        : all.stream()
            .filter(trial -> planned.contains(trial.settingId()) && seeds.contains(trial.seed()))
            .toList();
  }

  /**
   * Reads a sweep's trials and ranks its settings.
   *
   * @param folder a path or URI
   * @throws FileNotFoundException where it is no sweep's folder
   * @throws NoPathException where it is not a path or URI
   */
  public static SweepReport read(String folder, Configuration hadoop) throws IOException {
    return of(RunFolder.at(folder, hadoop));
  }

  /** As {@link #read}, of a folder that is open already. */
  public static SweepReport of(RunFolder folder) throws IOException {
    byte[] json =
        folder
            .read(SweepDescription.FILE)
            .orElseThrow(
                () ->
                    new FileNotFoundException(
                        "%s: not a sweep's folder, there is no %s in it"
                            .formatted(folder.shown(), SweepDescription.FILE)));
    SweepDescription description;
    try {
      description = SweepDescription.fromJson(json);
    } catch (IOException e) {
      throw new IOException(
          "%s in %s: %s"
              .formatted(
                  SweepDescription.FILE,
                  folder.shown(),
                  e.getMessage().lines().findFirst().orElse("")),
          e);
    }
    Set<String> there = new HashSet<>();
    folder.table(RunFolder.TRIALS).columns().forEach(column -> there.add(column.name()));
    List<Parameter> parameters =
        description.parameters().stream().filter(parameter -> parameter.isIn(there)).toList();
    return new SweepReport(folder, description, parameters);
  }

  SweepDescription description() {
    return description;
  }

  /** Those that the sweep's file asks for. */
  List<SweepTrial> trials() {
    return trials;
  }

  /** How many trials of the table the sweep's file does not ask for any more. */
  int leftOut() {
    return leftOut;
  }

  /** The best first. */
  List<SettingResult> settings() {
    return settings;
  }

  /** The parameters that the table of trials has. */
  List<Parameter> parameters() {
    return parameters;
  }

  /** Mean and interval of epochs' accuracies over the seeds of settings. */
  Map<String, List<CurvePoint>> curves(List<SettingResult> of) throws IOException {
    return CurvePoint.curves(folder.table(RunFolder.EPOCHS), of, description.accuracy());
  }

  /** How estimates of settings stood to the gradient, of those that were diagnosed. */
  Map<String, List<AlignmentPoint>> alignments(List<SettingResult> of) throws IOException {
    return AlignmentPoint.curves(folder.table(RunFolder.EPOCHS), of);
  }

  /** Whether streams have tasks: whether it is known of a setting what became of them. */
  boolean hasTasks() {
    return hasTasks;
  }

  /** Whether slow systems have seen different things in different settings. */
  boolean seenDiffers() {
    return seenDiffers;
  }

  /** The accuracies on tasks after tasks, means over a setting's seeds. */
  TaskMatrix matrix(SettingResult of) throws IOException {
    Set<String> ids = new HashSet<>();
    of.trials().stream().filter(SweepTrial::measured).forEach(trial -> ids.add(trial.id()));
    return TaskMatrix.of(
        folder
            .table(RunFolder.EPOCHS)
            .read(
                row -> ids.contains((String) row.get(EpochRows.TRIAL)),
                EpochRows.TRIAL,
                EpochRows.EPOCH,
                TaskFigure.ACCURACY.column,
                TaskMatrix.ACCURACIES));
  }

  /** A line where trials have done more epochs than the table of epochs has; empty elsewhere. */
  public Optional<String> missingEpochs() throws IOException {
    EpochRows there = new EpochRows();
    folder
        .table(RunFolder.EPOCHS)
        .each(
            row -> there.add((String) row.get(EpochRows.TRIAL), (int) row.get(EpochRows.EPOCH)),
            EpochRows.TRIAL,
            EpochRows.EPOCH);
    List<SweepTrial> missing =
        trials.stream().filter(trial -> there.epochs(trial.id()) < trial.epochs()).toList();
    long all = missing.stream().filter(trial -> there.epochs(trial.id()) == 0).count();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%,d of %,d trials lack epochs in the table epochs, %,d of them all: learning curves"
                    + " are without those; the ranking is whole.",
                missing.size(),
                trials.size(),
                all));
  }

  /** Where it is, for people. */
  public String shownFolder() {
    return folder.shown();
  }

  /**
   * Whether a driver runs the sweep, or was killed while it did: it is then its to write tables.
   */
  public boolean isHeld() throws IOException {
    return folder.read(RunFolder.LOCK).isPresent();
  }

  /** Writes the table of settings anew. */
  public void writeSettings() throws IOException {
    Map<String, Column> columns = new LinkedHashMap<>();
    folder.table(RunFolder.TRIALS).columns().forEach(column -> columns.put(column.name(), column));
    Set<String> swept = new LinkedHashSet<>();
    for (Parameter parameter : parameters) {
      swept.add(parameter.column());
      swept.addAll(parameter.columns());
    }
    List<Column> ofSwept =
        swept.stream()
            .map(name -> columns.getOrDefault(name, Column.optional(name, Column.Type.STRING)))
            .toList();
    folder
        .table(RunFolder.SETTINGS)
        .replace(
            Tables.settings(ofSwept),
            settings.stream().map(setting -> Tables.row(setting, ofSwept)).toList());
  }

  /**
   * Writes {@value RunFolder#PAGE} into the sweep's folder, and {@value RunFolder#FIGURES}.
   *
   * @return its path, for people
   */
  public String writePage() throws IOException {
    folder.write(RunFolder.PAGE, html().getBytes(StandardCharsets.UTF_8));
    folder.write(RunFolder.FIGURES, new ObjectMapper().writeValueAsBytes(SweepFigures.of(this)));
    return folder.shown() + "/" + RunFolder.PAGE;
  }

  /** The page: one file, which needs no network. */
  public String html() throws IOException {
    return new Page(this).html();
  }

  /** The ranking as a table in Markdown. */
  public String markdown() {
    return new RankingText(this).markdown();
  }

  /**
   * The ranking as comma-separated values (RFC 4180), with full precision. Text that a spreadsheet
   * would take for a formula has an apostrophe before it.
   */
  public String csv() {
    return new RankingText(this).csv();
  }

  /**
   * What the setting of a rank reached, for people, and a row of the table of trials with its
   * configuration.
   *
   * @param rank from 1
   * @throws NoSuchElementException where no setting has a result
   * @throws IllegalArgumentException where there are fewer settings with results
   */
  public Winner winner(int rank) throws IOException {
    List<SettingResult> ranked = settings.stream().filter(s -> s.rank() > 0).toList();
    if (ranked.isEmpty()) {
      throw new NoSuchElementException(
          "%s has no setting with results yet".formatted(folder.shown()));
    }
    if (rank < 1 || rank > ranked.size()) {
      throw new IllegalArgumentException(
          rank + ": must be 1 to " + ranked.size() + ", the settings that have results");
    }
    SettingResult setting = ranked.get(rank - 1);
    SweepTrial first =
        setting.trials().stream().filter(SweepTrial::measured).findFirst().orElseThrow();
    // its whole row; the trials that were read have the swept columns only
    List<Map<String, Object>> rows =
        folder
            .table(RunFolder.TRIALS)
            .read(
                row ->
                    first.id().equals(row.get("trial_id"))
                        && first.status() == TrialStatus.of(row.get("status")));
    return new Winner(rows.get(rows.size() - 1), new RankingText(this).said(setting));
  }

  /**
   * A setting by its rank.
   *
   * @param trial the row of its first seed in the table of trials
   * @param said lines that say what it reached, and how it was chosen
   */
  public record Winner(Map<String, Object> trial, List<String> said) {}
}
