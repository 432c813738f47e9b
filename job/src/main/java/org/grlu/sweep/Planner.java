package org.grlu.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.grlu.config.Choice;
import org.grlu.config.ConfigException;
import org.grlu.config.Parameter;
import org.grlu.config.Settings;
import org.grlu.config.Space;
import org.grlu.config.SweepFile;
import org.grlu.config.SweepSettings;
import org.grlu.config.When;
import org.grlu.datasets.Dataset;
import org.grlu.network.NetworkShape;

/** Makes trials of what a search chooses. */
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

  /** What is wrong with some settings. */
  private record Fault(Map<String, Object> first, int count) {}

  /**
   * A setting.
   *
   * @param choices of the parameters that mean something in it
   * @param shown the same, by path or label
   * @param settings the configuration
   */
  record Setting(Map<Parameter, Choice> choices, Map<String, Object> shown, Settings settings) {}

  Planner(SweepFile file, Dataset dataset) {
    this.base = file.base();
    this.sweep = file.sweep();
    this.dataset = dataset;
    this.cost = new ExpectedCost(dataset);
  }

  /** Every combination of the listed values, the last parameter changing fastest. */
  SweepPlan grid() {
    double count = 1;
    for (Parameter parameter : sweep.parameters()) {
      count *= listed(parameter).size();
    }
    return all(count, this::combination);
  }

  /** As many random draws as settings are asked for. */
  SweepPlan random() {
    return all(sweep.settings(), this::drawn);
  }

  private SweepPlan all(double count, LongFunction<Map<Parameter, Choice>> choices) {
    check(count, choices).forEach(this::add);
    return plan((int) count);
  }

  /**
   * The settings of the first {@code count} random draws.
   *
   * @throws ConfigException with a line for each fault that some have
   */
  List<Setting> draws(int count) {
    return check(count, this::drawn);
  }

  private List<Setting> check(double count, LongFunction<Map<Parameter, Choice>> choices) {
    if (count * sweep.seeds().size() > MOST_TRIALS) {
      throw new ConfigException(
          List.of(
              "sweep %s: %.0f settings with %d seeds: must be at most %d trials"
                  .formatted(sweep.name(), count, sweep.seeds().size(), MOST_TRIALS)));
    }
    List<Setting> settings = new ArrayList<>();
    for (long n = 0; n < count; n++) {
      Setting setting = setting(choices.apply(n));
      if (!faulty(setting)) {
        settings.add(setting);
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faultLines((long) count));
    }
    return settings;
  }

  private static List<Choice> listed(Parameter parameter) {
    return ((Space.Listed) parameter.space()).choices();
  }

  private Map<Parameter, Choice> drawn(long number) {
    Map<Parameter, Choice> choices = new LinkedHashMap<>();
    Draws draws = new Draws(sweep.searchSeed());
    sweep.parameters().forEach(p -> choices.put(p, draws.of(p, number)));
    return choices;
  }

  private Map<Parameter, Choice> combination(long number) {
    List<Choice> backwards = new ArrayList<>();
    long rest = number;
    for (int i = sweep.parameters().size() - 1; i >= 0; i--) {
      List<Choice> listed = listed(sweep.parameters().get(i));
      backwards.add(listed.get((int) (rest % listed.size())));
      rest /= listed.size();
    }
    Collections.reverse(backwards);
    Map<Parameter, Choice> choices = new LinkedHashMap<>();
    for (int i = 0; i < backwards.size(); i++) {
      choices.put(sweep.parameters().get(i), backwards.get(i));
    }
    return choices;
  }

  /** The setting that choices come to. */
  Setting setting(Map<Parameter, Choice> chosen) {
    Map<Parameter, Choice> choices = new LinkedHashMap<>(chosen);
    Settings all = base.with(values(choices));
    for (When when : sweep.whens()) {
      if (!holds(when, all)) {
        choices.keySet().removeIf(p -> p.path().equals(when.parameter()));
        all = base.with(values(choices));
      }
    }
    Map<String, Object> values = meaningful(values(choices), all);
    // a variant that sets nothing is the base configuration by name
    choices
        .values()
        .removeIf(
            choice ->
                !choice.values().isEmpty()
                    && Collections.disjoint(choice.values().keySet(), values.keySet()));
    Map<String, Object> shown = new LinkedHashMap<>();
    choices.forEach((parameter, choice) -> shown.put(parameter.path(), choice.shown()));
    return new Setting(choices, Collections.unmodifiableMap(shown), base.with(values));
  }

  /**
   * Plans a setting.
   *
   * @return its trials, one for each seed; none where it is the same as one before
   */
  List<PlannedTrial> add(Setting setting) {
    String settingId = setting.settings().settingIdentity(dataset.sha256()).id();
    if (!settingIds.add(settingId)) {
      return List.of();
    }
    double seconds = cost.seconds(setting.settings());
    List<PlannedTrial> added = new ArrayList<>();
    for (long seed : sweep.seeds()) {
      Settings trial = setting.settings().with(Map.of("training.seed", seed));
      String trialId = trial.identity(dataset.sha256()).id();
      added.add(
          new PlannedTrial(trialId, settingId, seed, setting.shown(), setting.settings(), seconds));
    }
    trials.addAll(added);
    return added;
  }

  /**
   * What was added so far.
   *
   * @param asked how many settings that was to be
   */
  SweepPlan plan(int asked) {
    int settings = settingIds.size();
    return new SweepPlan(
        trials, SearchedKeys.of(sweep.parameters(), base), settings, asked - settings);
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

  /** Whether something is wrong with a setting; it is noted. */
  boolean faulty(Setting setting) {
    Set<String> lines = new TreeSet<>(setting.settings().conflicts());
    lines.addAll(setting.settings().unfit(dataset));
    for (String line : lines) {
      Fault known = faults.get(line);
      faults.put(
          line,
          known == null ? new Fault(setting.shown(), 1) : new Fault(known.first, known.count + 1));
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
