package org.grlu.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.grlu.config.Choice;
import org.grlu.config.ConfigException;
import org.grlu.config.Parameter;
import org.grlu.config.Search;
import org.grlu.config.Settings;
import org.grlu.config.Space;
import org.grlu.config.SweepFile;
import org.grlu.config.SweepSettings;
import org.grlu.config.When;
import org.grlu.datasets.Dataset;
import org.grlu.network.NetworkShape;

/** Makes a {@link SweepPlan}. */
final class Planner {
  private static final long MOST_TRIALS = 1_000_000;
  private static final int MOST_FAULTS = 20;
  private static final String SKIP = "network.skip";

  private final Settings base;
  private final SweepSettings sweep;
  private final Dataset dataset;
  private final ExpectedCost cost;
  private final List<PlannedTrial> trials = new ArrayList<>();
  private final Set<String> settingIds = new HashSet<>();
  private final Map<String, Fault> faults = new LinkedHashMap<>();
  private int duplicates;

  /** What is wrong with some settings. */
  private record Fault(Map<String, Object> first, int count) {}

  Planner(SweepFile file, Dataset dataset) {
    this.base = file.base();
    this.sweep = file.sweep();
    this.dataset = dataset;
    this.cost = new ExpectedCost(dataset);
  }

  SweepPlan plan() {
    long count = count();
    for (long n = 0; n < count; n++) {
      add(choices(n));
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faultLines(count));
    }
    return SweepPlan.of(
        Collections.unmodifiableList(trials),
        SearchedKeys.of(sweep.parameters(), base),
        settingIds.size(),
        duplicates);
  }

  /** How many settings are asked for. */
  private long count() {
    double count = sweep.settings();
    if (sweep.search() == Search.GRID) {
      count = 1;
      for (Parameter parameter : sweep.parameters()) {
        count *= listed(parameter).size();
      }
    }
    double all = count * sweep.seeds().size();
    if (all > MOST_TRIALS) {
      throw new ConfigException(
          List.of(
              "sweep %s: %.0f settings with %d seeds: must be at most %d trials"
                  .formatted(sweep.name(), count, sweep.seeds().size(), MOST_TRIALS)));
    }
    return (long) count;
  }

  private static List<Choice> listed(Parameter parameter) {
    return ((Space.Listed) parameter.space()).choices();
  }

  private Map<Parameter, Choice> choices(long number) {
    Map<Parameter, Choice> choices = new LinkedHashMap<>();
    if (sweep.search() != Search.GRID) {
      Draws draws = new Draws(sweep.searchSeed());
      sweep.parameters().forEach(p -> choices.put(p, draws.of(p, number)));
      return choices;
    }
    List<Choice> backwards = new ArrayList<>();
    long rest = number;
    for (int i = sweep.parameters().size() - 1; i >= 0; i--) {
      List<Choice> listed = listed(sweep.parameters().get(i));
      backwards.add(listed.get((int) (rest % listed.size())));
      rest /= listed.size();
    }
    Collections.reverse(backwards);
    for (int i = 0; i < backwards.size(); i++) {
      choices.put(sweep.parameters().get(i), backwards.get(i));
    }
    return choices;
  }

  private void add(Map<Parameter, Choice> choices) {
    Settings all = base.with(values(choices));
    for (When when : sweep.whens()) {
      if (!holds(when, all)) {
        choices.keySet().removeIf(p -> p.path().equals(when.parameter()));
        all = base.with(values(choices));
      }
    }
    Map<String, Object> values = meaningful(values(choices), all);
    Settings setting = base.with(values);
    Map<String, Object> shown = new LinkedHashMap<>();
    choices.forEach(
        (parameter, choice) -> {
          // a variant that sets nothing is the base configuration by name
          if (choice.values().isEmpty()
              || !Collections.disjoint(choice.values().keySet(), values.keySet())) {
            shown.put(parameter.path(), choice.shown());
          }
        });
    if (faulty(setting, shown)) {
      return;
    }
    String settingId = setting.settingIdentity(dataset.sha256()).id();
    if (!settingIds.add(settingId)) {
      duplicates++;
      return;
    }
    double seconds = cost.seconds(setting);
    for (long seed : sweep.seeds()) {
      String trialId = setting.with(Map.of("training.seed", seed)).identity(dataset.sha256()).id();
      trials.add(
          new PlannedTrial(
              trialId, settingId, seed, Collections.unmodifiableMap(shown), setting, seconds));
    }
  }

  private static Map<String, Object> values(Map<Parameter, Choice> choices) {
    Map<String, Object> values = new LinkedHashMap<>();
    choices.values().forEach(choice -> values.putAll(choice.values()));
    return values;
  }

  private static boolean holds(When when, Settings settings) {
    return when.onlyIf().entrySet().stream()
        .allMatch(e -> e.getValue().contains(settings.value(e.getKey())));
  }

  /** Without what can't change the result: as it is in the base configuration then. */
  private static Map<String, Object> meaningful(Map<String, Object> values, Settings all) {
    values.keySet().removeIf(path -> !all.meansSomething(path));
    if ("residual".equals(values.get(SKIP)) && !anyResidual(all.shape())) {
      // two hidden layers in a row of one width are needed: without them it is the same network
      values.put(SKIP, "none");
    }
    return values;
  }

  private static boolean anyResidual(NetworkShape shape) {
    for (int l = 0; l < shape.depth(); l++) {
      if (shape.residual(l)) {
        return true;
      }
    }
    return false;
  }

  private boolean faulty(Settings setting, Map<String, Object> shown) {
    Set<String> lines = new TreeSet<>(setting.conflicts());
    lines.addAll(setting.unfit(dataset));
    for (String line : lines) {
      Fault known = faults.get(line);
      faults.put(
          line, known == null ? new Fault(shown, 1) : new Fault(known.first, known.count + 1));
    }
    return !lines.isEmpty();
  }

  private List<String> faultLines(long count) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Fault> fault : faults.entrySet()) {
      if (lines.size() == MOST_FAULTS) {
        lines.add("and %d more of the kind".formatted(faults.size() - MOST_FAULTS));
        break;
      }
      lines.add(
          "%s; so it is in %d of %d settings, first %s"
              .formatted(fault.getKey(), fault.getValue().count, count, fault.getValue().first));
    }
    return lines;
  }
}
