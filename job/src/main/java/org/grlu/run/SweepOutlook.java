package org.grlu.run;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.grlu.config.SweepFile;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.RunFolder;
import org.grlu.store.TrialIndex;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Rungs;
import org.grlu.sweep.SweepPlan;
import org.grlu.sweep.SweepState;

/**
 * What a sweep by halving would run next, by what its own folder knows; nothing is written. Later
 * rungs run some of the same trials.
 *
 * @param next ids of the trials to run until the next rung; none where the sweep is complete
 * @param epochs by trial: those that are done
 */
public record SweepOutlook(Set<String> next, Map<String, Integer> epochs) {
  /**
   * Reads the sweep's folder, which need not be there.
   *
   * @throws IOException where it can't be read
   */
  public static SweepOutlook of(SweepFile file, SweepPlan plan) throws IOException {
    String name = SweepRun.SWEEPS + "/" + file.sweep().name();
    RunFolder folder =
        RunFolder.in(file.base().reportDirectory(), name, HadoopFiles.configuration());
    Map<String, PlannedTrial> byId = new LinkedHashMap<>();
    plan.trials().forEach(trial -> byId.put(trial.trialId(), trial));
    SweepState state = new SweepState(plan.trials());
    Map<String, Integer> epochs = new HashMap<>();
    new TrialIndex(folder, byId)
        .own()
        .forEach(
            (id, known) -> {
              epochs.put(id, known.ending().epochs());
              state.put(byId.get(id), known.ending().status(), known.ending().epochs(), null);
            });
    Rungs rungs = new Rungs(file.sweep().halving());
    rungs.read(folder, byId.keySet());
    Set<String> next = new HashSet<>();
    rungs.next(plan.trials(), state).keySet().forEach(trial -> next.add(trial.trialId()));
    return new SweepOutlook(next, epochs);
  }
}
