package org.grlu.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.grlu.reports.Goal;
import org.grlu.rule.Key;
import org.grlu.training.ExampleStream;

/** Reads the block {@code grlu.sweep}. */
final class SweepReader {
  static final String PARAMETERS = "sweep.parameters";
  static final Set<String> PATHS = new LinkedHashSet<>();

  private static final String SEEDS = "sweep.seeds";
  private static final String RANK_BY = "sweep.rank-by";
  private static final String WHEN = "sweep.when";
  private static final String VALIDATION = "dataset.validation-examples";
  private static final int MOST_SEEDS = 10_000;

  /**
   * The most settings of tpe. Each proposal is compared with all settings before it, so more would
   * be too slow.
   */
  private static final int MOST_LEARNT = 5_000;

  static {
    Keys.SWEEP.forEach(key -> PATHS.add(key.path()));
    PATHS.addAll(List.of(SEEDS, WHEN, PARAMETERS, RANK_BY));
  }

  private final KeyReader keys;
  private final Config all;
  private final Config user;
  private final Map<String, Object> values = new HashMap<>();

  /**
   * @param keys Modified: collects faults
   * @param all the configuration with defaults
   * @param user the configuration that the user gave
   */
  SweepReader(KeyReader keys, Config all, Config user) {
    this.keys = keys;
    this.all = all;
    this.user = user;
  }

  /** Returns the sweep. It must not be used where faults were found, and may then be null. */
  SweepFile read(Settings plain, Path file) {
    boolean readable = true;
    for (Key key : Keys.SWEEP) {
      Object value = keys.check(key, value(key.path()));
      values.put(key.path(), value);
      readable &= value != null;
    }
    if (!readable) {
      return null;
    }
    SearchKind search = SearchKind.valueOf(string("sweep.search").toUpperCase(Locale.ROOT));
    List<Parameter> parameters = new ParameterReader(keys, search).read(value(PARAMETERS));
    List<Goal> goals = goals();
    Settings base = withValidation(plain, search, goals);
    Map<String, String> origins = new HashMap<>();
    parameters.forEach(p -> p.keys().forEach(key -> origins.put(key, p.origin())));
    List<Long> seeds = seeds(base);
    check(goals, search, base, origins.keySet());
    for (String stop : List.of("sweep.stop.target", "sweep.stop.patience")) {
      if (search != SearchKind.TPE && ((Number) values.get(stop)).doubleValue() > 0) {
        keys.fault(stop, value(stop), "0 but where sweep.search = tpe: others have one generation");
      }
    }
    if (search == SearchKind.TPE && whole("sweep.settings") > MOST_LEARNT) {
      keys.fault(
          "sweep.settings",
          value("sweep.settings"),
          "at most %d where sweep.search = tpe".formatted(MOST_LEARNT));
    }
    SweepSettings sweep =
        new SweepSettings(
            name(file),
            search,
            parameters,
            whens(parameters),
            seeds,
            goals,
            (int) whole("sweep.settings"),
            whole("sweep.search-seed"),
            (int) whole("sweep.generation"),
            (int) whole("sweep.tpe.startup"),
            number("sweep.stop.target"),
            (int) whole("sweep.stop.patience"),
            halving(base, search, seeds.size()),
            budget(),
            KeepModels.valueOf(string("sweep.keep-models").toUpperCase(Locale.ROOT)));
    String written =
        ((ConfigObject) all.getValue("grlu.sweep"))
            .withValue("name", ConfigValueFactory.fromAnyRef(sweep.name()))
            .render(ConfigRenderOptions.defaults().setOriginComments(false).setComments(false));
    return new SweepFile(file, base.withOrigins(origins), sweep, written);
  }

  private ConfigValue value(String path) {
    return KeyReader.given(all, KeyReader.ROOT + "." + path);
  }

  private String string(String path) {
    return (String) values.get(path);
  }

  private long whole(String path) {
    return (long) values.get(path);
  }

  private double number(String path) {
    return (double) values.get(path);
  }

  private String name(Path file) {
    String given = string("sweep.name");
    if (!given.isEmpty() || file == null) {
      return given;
    }
    if (!Files.isRegularFile(file)) {
      // the name of a pipe is a number, which says nothing
      keys.faults()
          .add(
              "sweep.name (default): must be given, since %s is not a regular file"
                  .formatted(file));
      return given;
    }
    String name = file.getFileName().toString().replaceAll("\\.[^.]*$", "");
    if (!name.matches("[A-Za-z0-9_-]+")) {
      keys.faults()
          .add(
              "sweep.name = %s (the file's name): must be of letters, digits, - and _"
                  .formatted(name));
    }
    return name;
  }

  private List<Long> seeds(Settings base) {
    ConfigValue value = value(SEEDS);
    Key count = Key.whole(SEEDS, 1, MOST_SEEDS);
    if (KeyReader.convert(count, value) instanceof Long n && n >= 1 && n <= MOST_SEEDS) {
      return LongStream.rangeClosed(1, n).boxed().toList();
    }
    Key list = new Key(SEEDS, Key.Type.WHOLES, "", v -> true, true);
    if (KeyReader.convert(list, value) instanceof List<?> seeds && seeds.size() <= MOST_SEEDS) {
      Set<Long> distinct = new LinkedHashSet<>();
      for (Object seed : seeds) {
        if (!distinct.add((Long) seed)) {
          keys.fault(SEEDS, value, "different seeds, but %s is there twice".formatted(seed));
          return List.of();
        }
      }
      return seeds.isEmpty() ? List.of((Long) base.value("training.seed")) : List.copyOf(distinct);
    }
    keys.fault(SEEDS, value, "a list of whole numbers, or how many: 1 to " + MOST_SEEDS);
    return List.of();
  }

  private List<Goal> goals() {
    ConfigValue value = value(RANK_BY);
    List<?> words =
        value.unwrapped() instanceof List<?> list ? list : Arrays.asList(value.unwrapped());
    Set<Goal> goals = new LinkedHashSet<>();
    for (Object word : words) {
      Stream.of(Goal.values()).filter(goal -> goal.word().equals(word)).forEach(goals::add);
    }
    if (goals.isEmpty() || goals.size() < words.size()) {
      String all = Stream.of(Goal.values()).map(Goal::word).collect(Collectors.joining(", "));
      keys.fault(RANK_BY, value, "one of %s, or a list of different ones".formatted(all));
      return List.of(Goal.VALIDATION_ACCURACY);
    }
    return List.copyOf(goals);
  }

  private void check(List<Goal> goals, SearchKind search, Settings base, Set<String> swept) {
    ExampleStream stream = base.trial().training().options().stream();
    for (Goal goal : goals) {
      if (goal.ofTasks() && !stream.hasTasks() && !swept.contains(StreamKeys.KIND)) {
        keys.fault(
            RANK_BY,
            value(RANK_BY),
            "without %s where stream.kind = %s, which has no tasks"
                .formatted(goal.word(), base.value(StreamKeys.KIND)));
      }
      if (!goal.repeats() && search == SearchKind.TPE) {
        keys.fault(
            RANK_BY,
            value(RANK_BY),
            "without %s where sweep.search = tpe, whose proposals must repeat; %s does"
                .formatted(goal.word(), Goal.FORWARD_PASSES.word()));
      }
    }
  }

  /** Returns the configuration with a validation set held out, unless the user has set its size. */
  private Settings withValidation(Settings plain, SearchKind search, List<Goal> goals) {
    Settings base = plain;
    if (KeyReader.given(user, KeyReader.ROOT + "." + VALIDATION) == null) {
      boolean sample = !plain.data().areOwn() && plain.datasetName().equals("mnist-sample");
      base =
          plain
              .with(Map.of(VALIDATION, sample ? 2_000L / 6 : 10_000L))
              .withOrigins(Map.of(VALIDATION, Settings.SWEEP_DEFAULT));
    }
    if (base.validationExamples() == 0) {
      Optional<Goal> held = goals.stream().filter(Goal::onValidation).findFirst();
      String why =
          search == SearchKind.HALVING
              ? "sweep.search = halving, which promotes by validation accuracy"
              : RANK_BY + " = " + held.map(Goal::word).orElse("");
      if (search == SearchKind.HALVING || held.isPresent()) {
        keys.faults()
            .add(
                "%s = 0 (%s): must be above 0 with %s"
                    .formatted(VALIDATION, base.origin(VALIDATION), why));
      }
    }
    return base;
  }

  private HalvingSettings halving(Settings base, SearchKind search, int seeds) {
    int epochs = base.trial().training().epochs();
    int factor = (int) whole("sweep.halving.factor");
    List<Integer> rungs = new ArrayList<>();
    for (Object epoch : (List<?>) values.get("sweep.halving.rungs")) {
      rungs.add(Math.toIntExact(Math.min((long) epoch, Integer.MAX_VALUE)));
    }
    if (rungs.isEmpty()) {
      String least = "sweep.halving.min-epochs";
      boolean given = KeyReader.given(user, KeyReader.ROOT + "." + least) != null;
      if (search == SearchKind.HALVING && given && whole(least) >= epochs) {
        keys.fault(least, value(least), "below training.epochs, which is " + epochs);
      }
      for (long epoch = whole("sweep.halving.min-epochs"); epoch < epochs; epoch *= factor) {
        rungs.add((int) epoch);
      }
    } else if (search == SearchKind.HALVING && rungs.get(rungs.size() - 1) > epochs) {
      keys.fault(
          "sweep.halving.rungs",
          value("sweep.halving.rungs"),
          "at most training.epochs, which is " + epochs);
    }
    if (rungs.isEmpty() || rungs.get(rungs.size() - 1) < epochs) {
      rungs.add(epochs);
    }
    String path = "sweep.halving.early-seeds";
    int early = (int) whole(path);
    if (search == SearchKind.HALVING && early > seeds) {
      keys.fault(path, value(path), "at most the number of sweep.seeds, which is " + seeds);
    }
    return new HalvingSettings(rungs, factor, early == 0 ? seeds : early);
  }

  private Budget budget() {
    return new Budget(
        whole("sweep.budget.trials"),
        number("sweep.budget.wall-minutes"),
        number("sweep.budget.core-minutes"),
        whole("sweep.budget.failures"),
        number("sweep.budget.trial-minutes"),
        (int) whole("sweep.budget.lost-executors"));
  }

  private List<When> whens(List<Parameter> parameters) {
    List<When> whens = new ArrayList<>();
    if (!(value(WHEN) instanceof ConfigList list)) {
      keys.fault(WHEN, value(WHEN), "a list of { parameter = ..., only-if { ... } }");
      return whens;
    }
    Set<String> names = new LinkedHashSet<>();
    parameters.forEach(p -> names.add(p.path()));
    for (ConfigValue element : list) {
      if (element instanceof ConfigObject rule
          && rule.keySet().equals(Set.of("parameter", "only-if"))
          && rule.get("parameter").unwrapped() instanceof String parameter
          && rule.get("only-if") instanceof ConfigObject onlyIf
          && !onlyIf.isEmpty()) {
        String name = ParameterReader.path(parameter);
        if (!names.contains(name)) {
          keys.fault(WHEN + " parameter", rule.get("parameter"), "one of " + names);
        }
        whens.add(new When(name, conditions(onlyIf)));
      } else {
        keys.fault(WHEN, element, "{ parameter = ..., only-if { ... } }");
      }
    }
    return whens;
  }

  private Map<String, List<Object>> conditions(ConfigObject onlyIf) {
    Map<String, List<Object>> out = new LinkedHashMap<>();
    keys.flatten(
        WHEN,
        onlyIf,
        (key, value) -> {
          List<Object> allowed = new ArrayList<>();
          if (value instanceof ConfigList list && KeyReader.convert(key, value) == null) {
            if (list.isEmpty()) {
              keys.fault(WHEN + " " + key.path(), value, "a value, or a list of one at least");
            }
            list.forEach(each -> allowed.add(keys.check(key, each)));
          } else {
            allowed.add(keys.check(key, value));
          }
          if (!allowed.contains(null)) {
            out.put(key.path(), List.copyOf(allowed));
          }
        });
    return out;
  }
}
