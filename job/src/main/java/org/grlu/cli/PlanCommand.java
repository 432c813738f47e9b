package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.grlu.bench.ExampleBenchmark;
import org.grlu.config.Json;
import org.grlu.config.SearchKind;
import org.grlu.config.Settings;
import org.grlu.config.SweepFile;
import org.grlu.config.SweepSettings;
import org.grlu.datasets.Dataset;
import org.grlu.spark.StepResults;
import org.grlu.store.PastCosts;
import org.grlu.store.TrialIndex;
import org.grlu.sweep.ExpectedCost;
import org.grlu.sweep.Halving;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Search;
import org.grlu.sweep.SweepPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a sweep would run. */
@Command(
    name = "plan",
    description = {
      "Check a sweep and say what it would run, without a cluster.",
      "",
      "It says how many trials there are, how many of them the sweeps of the report directory know"
          + " already, shows some, and says how many core-hours the rest will take."
    })
final class PlanCommand implements Callable<Integer> {
  private static final int MOST_MEASURED = 24;
  private static final int WARM_UP = 4;

  @Mixin private ConfigurationOptions configuration;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The report directory: the same as --set report.directory=DIR.")
  private String out;

  @Option(
      names = "--measure",
      description = "Train on some examples here, for each shape of network without past trials.")
  private boolean measure;

  @Option(names = "--json", description = "Print one line of JSON instead.")
  private boolean json;

  private final Terminal terminal = new Terminal();

  @Override
  public Integer call() throws IOException {
    SweepFile file =
        configuration.sweep(out == null ? List.of() : List.of("report.directory=" + Json.of(out)));
    Dataset dataset = DataSource.read(file.base(), terminal);
    Search search = Search.of(file, dataset);
    ExpectedCost cost = new ExpectedCost(dataset);
    PastCosts costs = new PastCosts(file.base(), dataset.sha256(), cost);
    TrialIndex past = TrialIndex.of(file, search, costs, System.err::println);
    SweepPlan plan = search.plan();
    String from = learn(file.sweep(), dataset, plan, cost);
    if (costs.ofOtherData() > 0) {
      from += "; past trials of other data are not counted (%d)".formatted(costs.ofOtherData());
    }
    PlanSummary summary =
        file.sweep().search() == SearchKind.HALVING
            ? halving(file, search, past, from, cost)
            : new PlanSummary(
                file.sweep(),
                search,
                past.over(),
                past.failed(),
                secondsLeft(search, past, cost),
                from,
                cost);
    FeaturesPlan features = FeaturesPlan.of(plan.trials(), dataset);
    ModelsPlan models = ModelsPlan.of(file.sweep(), search);
    sayBusyShards(file.base(), plan);
    if (json) {
      Map<String, Object> all = summary.json();
      if (!features.systems().isEmpty()) {
        all.put("features", features.json());
      }
      if (models.trials() > 0) {
        all.put("models_bytes", models.bytes());
      }
      System.out.println(Json.of(all));
    } else {
      summary.lines().forEach(System.out::println);
      features.lines().forEach(System.out::println);
      models.line().ifPresent(System.out::println);
    }
    return ExitCode.DONE;
  }

  /** To whoever trains one of these settings by the stepped engine, as the file asks for. */
  private void sayBusyShards(Settings base, SweepPlan plan) {
    if (!base.stepped()) {
      return;
    }
    int busy =
        plan.trials().stream()
            .mapToInt(trial -> StepResults.mostBusy(trial.settings().trial()))
            .max()
            .orElse(0);
    String leaves =
        "a step of these trials has at most %d %s".formatted(busy, busy == 1 ? "leaf" : "leaves");
    terminal.say(
        base.shards() > busy
            ? "engine.shards = %d: %s, and no more shards are busy at a time"
                .formatted(base.shards(), leaves)
            : leaves + ": as many shards can be busy at a time");
  }

  /**
   * Learns what trials cost, beside what past ones told.
   *
   * @return in words: where the figures come from
   */
  private String learn(SweepSettings sweep, Dataset dataset, SweepPlan plan, ExpectedCost cost) {
    Map<String, PlannedTrial> shapes = new LinkedHashMap<>();
    plan.trials().forEach(trial -> shapes.putIfAbsent(ExpectedCost.shape(trial.setting()), trial));
    List<PlannedTrial> unknown =
        shapes.values().stream().filter(trial -> !cost.knows(trial.setting())).toList();
    List<String> from = new ArrayList<>();
    int known = shapes.size() - unknown.size();
    if (known > 0) {
      from.add("past trials for %d of %d shapes".formatted(known, shapes.size()));
    }
    int measured = measure && !unknown.isEmpty() ? measure(unknown, dataset, sweep, cost) : 0;
    if (measured > 0) {
      from.add("examples measured here for %d".formatted(measured));
    }
    int rest = unknown.size() - measured;
    if (rest > 0) {
      from.add(
          from.isEmpty()
              ? "a formula; --measure trains on some examples instead"
              : "a formula for %d, scaled by the others".formatted(rest));
    }
    return String.join(", ", from);
  }

  /** Settings that are not proposed yet are taken to cost what those of the plan do. */
  private static double secondsLeft(Search search, TrialIndex past, ExpectedCost cost) {
    Set<String> over = past.over();
    SweepPlan plan = search.plan();
    double all = 0;
    double left = 0;
    for (PlannedTrial trial : plan.trials()) {
      double seconds = cost.seconds(trial.setting());
      all += seconds;
      left += over.contains(trial.trialId()) ? 0 : seconds;
    }
    return left + all / plan.settings() * search.toCome();
  }

  /** At most: what all rungs can cost without the epochs that are done. */
  private static PlanSummary halving(
      SweepFile file, Search search, TrialIndex past, String from, ExpectedCost cost) {
    SweepPlan plan = search.plan();
    Set<String> next = past.next();
    Set<String> over = past.over();
    Map<String, Double> settings = new LinkedHashMap<>();
    Set<String> known = new HashSet<>();
    double spent = 0;
    for (PlannedTrial trial : plan.trials()) {
      String id = trial.trialId();
      boolean isOver = over.contains(id);
      double seconds = isOver ? 0 : cost.seconds(trial.setting());
      int epochs = trial.epochs();
      settings.merge(trial.settingId(), seconds, Double::sum);
      spent += seconds * past.epochs(id) / epochs;
      // seeds that begin at the last rung have not run, though they are not next
      if (isOver || next.isEmpty() || (!next.contains(id) && past.epochs(id) > 0)) {
        known.add(id);
      }
    }
    double most =
        new Halving(file.sweep().halving())
            .mostCost(new ArrayList<>(settings.values()), file.sweep().seeds().size());
    double left = known.size() == plan.trials().size() ? 0 : Math.max(0, most - spent);
    return new PlanSummary(file.sweep(), search, known, past.failed(), left, from, cost);
  }

  /** Trains on some examples, of as many shapes as there is patience for, spread over all. */
  private int measure(
      List<PlannedTrial> shapes, Dataset dataset, SweepSettings sweep, ExpectedCost cost) {
    int count = Math.min(MOST_MEASURED, shapes.size());
    int measured = 0;
    for (int i = 0; i < count; i++) {
      PlannedTrial trial = shapes.get((int) ((long) i * shapes.size() / count));
      Dataset read = FeaturesPlan.asRead(trial.settings(), dataset);
      ExampleBenchmark benchmark = new ExampleBenchmark(read, 0, 0);
      terminal.rewrite("%s: measuring shape %d of %d".formatted(sweep.name(), i + 1, count));
      try {
        for (int warm = 0; measured == 0 && warm < WARM_UP; warm++) {
          // kernels that are not compiled yet take a thousand times as long
          benchmark.steadyMicros(trial.settings().trial());
        }
        cost.tookMicros(
            trial.settings(),
            benchmark.steadyMicros(trial.settings().trial()),
            benchmark.steadyEvaluationMicros(trial.settings().trial()));
        measured++;
      } catch (OutOfMemoryError e) {
        terminal.say(
            "network.layers = %s: needs more memory than there is here, and is not measured; --conf spark.driver.memory=8g, say, gives more"
                .formatted(trial.settings().value("network.layers")));
      }
    }
    terminal.clear();
    return measured;
  }
}
