package org.grlu.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.grlu.config.KeepModels;
import org.grlu.config.RowSettings;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.RunFolder;
import org.grlu.reports.TrialStatus;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.SweepState;
import org.grlu.sweep.TrialOutcome;

/**
 * The weights that a sweep keeps of its trials, by {@code sweep.keep-models}. The driver writes
 * them, before the trial's row: a row of a trial means that its weights are there.
 *
 * <p>Of the best, weights of trials wait among the candidates until the sweep is over: those of
 * settings of which not all seeds are over, and of the first three of the others. What stands in
 * {@value #MODELS} is never deleted: {@code report TRIAL} keeps weights there, too.
 */
public final class KeptModels {
  /** Of a sweep: folders of some trials, by id, each with the weights and what they are of. */
  public static final String MODELS = "models";

  /** How many settings {@code best} keeps. */
  public static final int BEST = 3;

  static final String CANDIDATES = "candidates";

  private static final int NAMED = 3;

  private final RunFolder folder;
  private final KeepModels keep;
  private final Map<String, PlannedTrial> plan;
  private final SweepState state;

  /** Settings that are over, and of which this call has candidates. */
  private final Set<String> settled = new LinkedHashSet<>();

  /**
   * @param folder the sweep's
   * @param keep whose weights are kept
   * @param plan its trials by id; more may be added
   * @param state how they ended
   */
  KeptModels(RunFolder folder, KeepModels keep, Map<String, PlannedTrial> plan, SweepState state) {
    this.folder = folder;
    this.keep = keep;
    this.plan = plan;
    this.state = state;
  }

  /** The folder with the weights of a sweep's trial; it need not be there. */
  public static RunFolder of(RunFolder sweep, String trialId) {
    return sweep.folder(MODELS).folder(trialId);
  }

  /** The sweep that a folder of {@link #of} is in; empty of other folders. */
  public static Optional<RunFolder> sweepOf(RunFolder weights) {
    return weights
        .parent()
        .filter(models -> models.name().equals(MODELS))
        .flatMap(RunFolder::parent);
  }

  /**
   * Writes the weights of a sweep's trial, and beside them the configuration that they are of.
   *
   * @param settings of the trial's row
   * @param model as a model file
   */
  public static void write(RunFolder sweep, String trialId, RowSettings settings, byte[] model)
      throws IOException {
    RunFolder of = of(sweep, trialId);
    if (!of.create()) {
      // of a writer that was killed
      of.deleteLeftovers(Duration.ZERO);
    }
    String lines = "grlu {\n  " + String.join("\n  ", settings.changed()) + "\n}\n";
    of.write(RunFolder.CONFIGURATION, lines.getBytes(StandardCharsets.UTF_8));
    of.write(RunFolder.MODEL, model);
  }

  /** Whether trials are to come with their weights. */
  boolean wanted() {
    return keep != KeepModels.NONE;
  }

  private static String candidate(String trialId) {
    return CANDIDATES + "/" + trialId + ".npz";
  }

  private static void keep(RunFolder folder, PlannedTrial trial, byte[] model) throws IOException {
    write(folder, trial.trialId(), RowSettings.of(trial.settings()), model);
  }

  /** Keeps what a trial brought; to be called before its row is written. */
  void ended(PlannedTrial trial, TrialOutcome outcome) throws IOException {
    if (outcome.status() == TrialStatus.DONE && outcome.model() != null) {
      if (keep == KeepModels.ALL) {
        keep(folder, trial, outcome.model());
      } else {
        folder.write(candidate(trial.trialId()), outcome.model());
      }
    }
  }

  /**
   * Deletes the candidates that can't be of the best any more; to be called when the state has the
   * trial's end. By several goals fronts may change the order of settings, and all stay.
   */
  void counted(PlannedTrial trial) throws IOException {
    boolean candidates = keep == KeepModels.BEST && state.hasOneGoal();
    if (!candidates || !state.settled(trial.settingId())) {
      return;
    }
    settled.add(trial.settingId());
    List<String> first = state.firstSettled(BEST);
    for (String setting : List.copyOf(settled)) {
      if (!first.contains(setting)) {
        settled.remove(setting);
        for (String id : state.trials(setting)) {
          folder.delete(candidate(id));
        }
      }
    }
  }

  /**
   * Keeps what is to be kept of a sweep that is over.
   *
   * @return a line where weights are missing that are asked for
   */
  Optional<String> finish() throws IOException {
    boolean candidates = folder.folder(CANDIDATES).exists();
    Set<String> kept = new HashSet<>();
    List<String> wanted = trials();
    if (!wanted.isEmpty()) {
      folder.folder(MODELS).folders().forEach(each -> kept.add(each.name()));
    }
    List<String> missing = new ArrayList<>();
    for (String id : wanted) {
      Optional<byte[]> model = candidates ? folder.read(candidate(id)) : Optional.empty();
      if (model.isPresent()) {
        keep(folder, plan.get(id), model.get());
      } else if (!kept.contains(id)) {
        missing.add(id.substring(0, 16));
      }
    }
    folder.delete(CANDIDATES);
    return missing.isEmpty() ? Optional.empty() : Optional.of(line(missing, wanted.size()));
  }

  /** The ids of the trials whose weights are to be kept. */
  private List<String> trials() {
    List<String> settings =
        switch (keep) {
          case NONE -> List.of();
          case BEST -> state.first(BEST);
          case ALL -> plan.values().stream().map(PlannedTrial::settingId).distinct().toList();
        };
    return settings.stream()
        .flatMap(setting -> state.trials(setting).stream())
        .filter(id -> isDone(state.end(id)))
        .toList();
  }

  private static boolean isDone(RecordedEnd end) {
    return end != null && end.is(TrialStatus.DONE);
  }

  private String line(List<String> missing, int wanted) {
    String ids = missing.stream().limit(NAMED).collect(Collectors.joining(", "));
    return "sweep.keep-models = %s: %d of %d trials ended without it, and their weights are not kept; grlu report TRIAL --in %s trains one again: %s%s"
        .formatted(
            keep.word(),
            missing.size(),
            wanted,
            folder.shown(),
            ids,
            missing.size() > NAMED ? " and %d more".formatted(missing.size() - NAMED) : "");
  }
}
