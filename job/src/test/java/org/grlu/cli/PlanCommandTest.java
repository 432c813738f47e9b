package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.features.Parts;
import org.grlu.features.SlowSystem;
import org.grlu.reports.Column;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  private static final Schema SCHEMA =
      new Schema(
          "trial",
          List.of(
              Column.required("trial_id", Column.Type.STRING),
              Column.required("status", Column.Type.STRING),
              Column.required("dataset_sha256", Column.Type.STRING),
              Column.required("epochs_done", Column.Type.INT),
              Column.required("cpu_seconds", Column.Type.DOUBLE),
              Column.required("network_layers", Column.Type.LONGS),
              Column.required("rule_perturbations", Column.Type.LONG),
              Column.required("training_epochs", Column.Type.LONG)));

  @TempDir private Path folder;
  private Path conf;

  @BeforeEach
  void configuration() throws IOException {
    conf =
        sweep("seeds = 3, parameters { rule.perturbations = [1, 2], rule.gate = [none, active] }");
  }

  private Path sweep(String block) throws IOException {
    return Files.writeString(
        folder.resolve("small.conf"),
        """
        grlu {
          dataset { name = mnist-sample, train-examples = 50 }
          network.layers = [784, 4, 10]
          training.epochs = 2
          report.directory = %s
          sweep { %s }
        }
        """
            .formatted(Json.of(folder.resolve("reports").toString()), block));
  }

  private Map<String, Object> json(String... more) {
    Said said =
        Said.of(
            Stream.concat(Stream.of("plan", conf.toString(), "--json"), Stream.of(more))
                .toArray(String[]::new));
    assertThat(said.err()).isEmpty();
    assertThat(said.code()).isEqualTo(ExitCode.DONE);
    assertThat(said.out()).hasSize(1);
    return Json.read(said.out().get(0));
  }

  private static double hours(Map<String, Object> plan) {
    return ((Number) plan.get("core_hours")).doubleValue();
  }

  private static List<Map<?, ?>> sample(Map<String, Object> plan) {
    List<Map<?, ?>> sample = new ArrayList<>();
    ((List<?>) plan.get("sample")).forEach(each -> sample.add((Map<?, ?>) each));
    return sample;
  }

  /** Rows as another sweep in the same report directory would have left them. */
  private void known(String sweep, String... idsAndStatus) throws IOException {
    known(sweep, TestData.sample().sha256(), idsAndStatus);
  }

  private void known(String sweep, String dataset, String[] idsAndStatus) throws IOException {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < idsAndStatus.length; i += 2) {
      rows.add(
          new Object[] {
            idsAndStatus[i], idsAndStatus[i + 1], dataset, 2, 36.0, List.of(784L, 4L, 10L), 1L, 2L
          });
    }
    RunFolder.in(folder.resolve("reports/sweeps").toString(), sweep, new Configuration())
        .table(RunFolder.TRIALS)
        .append(SCHEMA, rows);
  }

  @Test
  void slowSystemsAreCountedWithWhatTheirCodesCost() throws IOException {
    conf = sweep("seeds = 2, parameters { features.kind = [random, pca] }");
    String[] more = {"--set", "network.layers=[20,10]", "--set", "features.size=20"};
    List<Map<String, Object>> systems = systems(more);
    assertThat(systems).hasSize(2);
    for (Map<String, Object> system : systems) {
      assertThat(system)
          .containsEntry("stored", false)
          .containsEntry("size", 20)
          .containsEntry("bytes", 2_500 * 20 * 4)
          .containsEntry("kept", true);
      assertThat((Double) system.get("core_seconds")).isPositive();
    }
    String id = (String) systems.get(1).get("features");
    Path stored = Files.createDirectories(folder.resolve("reports/features").resolve(id));
    Files.write(stored.resolve("features.npz"), encoder().named(id).toFile());
    assertThat(systems(more)).extracting(each -> each.get("stored")).containsExactly(false, true);
    conf = sweep("seeds = 1, parameters { rule.gate = [none, active] }");
    assertThat(json()).doesNotContainKey("features");
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> systems(String... more) {
    return (List<Map<String, Object>>) json(more).get("features");
  }

  static Encoder encoder() {
    LabelledImages images = Datasets.sample().train().slice(0, 30);
    Parts parts =
        new Parts() {
          @Override
          public LabelledImages images() {
            return images;
          }

          @Override
          public List<double[]> map(int parts, Part part) {
            return IntStream.range(0, parts).mapToObj(i -> part.of(images, i)).toList();
          }
        };
    List<String> sets = List.of("features.kind=random", "features.size=20");
    return SlowSystem.train(
        ConfigReader.open(null, sets).slowSystem().features().orElseThrow(),
        "any",
        parts,
        line -> {});
  }

  @Test
  void anotherSweepThatCannotBeReadIsPassedOver() throws IOException {
    known("other", "a", "done");
    Path broken = Files.createDirectories(folder.resolve("reports/sweeps/broken/trials"));
    Files.writeString(broken.resolve("part-0.parquet"), "nothing of the kind");
    Said said = Said.of("plan", conf.toString());
    assertThat(said.code()).isZero();
    assertThat(said.err())
        .singleElement()
        .asString()
        .contains("/broken can't be read, and its trials are not looked for: ");
    Path own = Files.createDirectories(folder.resolve("reports/sweeps/small/trials"));
    Files.writeString(own.resolve("part-0.parquet"), "nothing of the kind");
    Said error = Said.of("plan", conf.toString());
    assertThat(error.code()).isEqualTo(ExitCode.SURROUNDINGS);
    assertThat(error.err())
        .anyMatch(
            line -> line.contains("part-0.parquet: not a whole Parquet file; if it is moved away"));
  }

  @Test
  void saysHowManyTrialsThereAreAndSomeOfThem() {
    Map<String, Object> plan = json();
    assertThat(plan)
        .containsEntry("sweep", "small")
        .containsEntry("search", "grid")
        .containsEntry("settings", 4)
        .containsEntry("seeds", List.of(1, 2, 3))
        .containsEntry("trials", 12)
        .containsEntry("known", 0)
        .containsEntry("to_run", 12)
        .containsEntry("duplicates", 0);
    assertThat(plan.get("estimate_from").toString()).contains("formula", "--measure");
    assertThat(hours(plan)).isPositive();
    assertThat(sample(plan)).hasSize(4);
    assertThat(sample(plan).get(3).get("parameters"))
        .isEqualTo(Map.of("rule.perturbations", 2, "rule.gate", "active"));
    assertThat(json("--set", "sweep.seeds=5")).containsEntry("trials", 20);
    assertThat(folder.resolve("reports")).doesNotExist();
  }

  @Test
  void saysWhatTheWeightsTakeThatAreKept() throws IOException {
    assertThat(json()).doesNotContainKey("models_bytes");
    conf =
        sweep(
            "seeds = 2, parameters.network.layers = [[784,1,10], [784,2,10], [784,3,10], [784,4,10]]");
    // 784 n + n + 10 n + 10 numbers for n hidden units
    long all = 2 * 4 * (795 * (1 + 2 + 3 + 4) + 4 * 10);
    long best = 2 * 4 * (795 * (2 + 3 + 4) + 3 * 10);
    assertThat(bytes("all")).isBetween(all, all + 8 * 2_000);
    assertThat(bytes("best")).isBetween(best, best + 6 * 2_000);
    assertThat(Said.of("plan", conf.toString(), "--set", "sweep.keep-models=best").out())
        .contains("keep-models = best: the weights of 6 trials, at most 0.1 MB");
  }

  private long bytes(String keep) {
    return ((Number) json("--set", "sweep.keep-models=" + keep).get("models_bytes")).longValue();
  }

  @Test
  void whatAnySweepKnowsIsNotRunAgain() throws IOException {
    List<Map<?, ?>> sample = sample(json());
    known("one", sample.get(0).get("trial_id").toString(), "done", "ab".repeat(32), "done");
    known(
        "two",
        sample.get(1).get("trial_id").toString(),
        "diverged",
        sample.get(2).get("trial_id").toString(),
        "stopped",
        sample.get(3).get("trial_id").toString(),
        "failed");
    Map<String, Object> plan = json();
    assertThat(plan)
        .containsEntry("known", 3)
        .containsEntry("failed", 2)
        .containsEntry("to_run", 9);
    assertThat(Said.of("plan", conf.toString()).out())
        .contains("2 of the known failed or diverged; sweep --retry-failed runs them again");
    assertThat(sample(plan).stream().map(trial -> (Boolean) trial.get("known")))
        .containsExactly(true, true, false, true);
    assertThat(json("--out", folder.resolve("elsewhere").toString())).containsEntry("known", 0);
  }

  @Test
  void pastTrialsOfTheShapeSayWhatItCosts() throws IOException {
    known("past", "ab".repeat(32), "done");
    Map<String, Object> plan = json("--set", "sweep.parameters.rule.perturbations=[1]");
    assertThat(plan.get("estimate_from").toString())
        .contains("past trials for 1 of 2 shapes", "a formula for 1, scaled");
    // six trials like one of 36 s, but for the sets that they are measured on
    assertThat(hours(plan)).isCloseTo(6 * 36 / 3600.0, within(0.02));
  }

  @Test
  void pastTrialsOfAnotherDatasetTellNothing() throws IOException {
    double formula = hours(json());
    known("past", "0".repeat(64), new String[] {"ab".repeat(32), "done"});
    Map<String, Object> plan = json();
    assertThat(hours(plan)).isEqualTo(formula);
    assertThat(plan.get("estimate_from").toString())
        .isEqualTo(
            "a formula; --measure trains on some examples instead; past trials of other data are"
                + " not counted (1)");
  }

  @Test
  void shardsThatCanBeBusyAreSaid() {
    String batch = "sweep.parameters { training.batch-size = [1, 50] }";
    Said said =
        Said.of(
            List.of("plan", conf.toString(), "--set", batch, "--set", "engine.mode=stepped")
                .toArray(String[]::new));
    assertThat(said.err())
        .containsExactly(
            "a step of these trials has at most 7 leaves: as many shards can be busy at a time");
    said =
        Said.of(
            "plan", conf.toString(), "--set", batch, "--set", "engine { mode=stepped, shards=8 }");
    assertThat(said.err())
        .containsExactly(
            "engine.shards = 8: a step of these trials has at most 7 leaves, and no more shards are"
                + " busy at a time");
  }

  @Tag("slow")
  @Test
  void examplesMayBeMeasured() {
    Map<String, Object> plan =
        json(
            "--measure",
            "--set",
            "sweep.parameters { rule.perturbations = [1], rule.gate = [none] }");
    assertThat(plan.get("estimate_from").toString()).isEqualTo("examples measured here for 1");
    assertThat(hours(plan)).isPositive();
  }

  @Test
  void halvingCostsLessThanAllTrials() throws IOException {
    String drawn =
        "settings = 9, seeds = 3, parameters { rule.hidden-noise { log-uniform = [0.5, 2] } }";
    conf = sweep("search = halving, halving.rungs = [1, 2], " + drawn);
    double halving = hours(json());
    Said said = Said.of("plan", conf.toString());
    conf = sweep("search = random, " + drawn);
    assertThat(halving).isCloseTo(hours(json()) * (0.5 + 0.5 / 3), within(1e-9));
    assertThat(said.out())
        .anyMatch(line -> line.contains("halving at epochs [1, 2], one in 3 goes on"))
        .anyMatch(line -> line.contains("27 trials") && line.contains("at most 27 are to run"))
        .anyMatch(line -> line.startsWith("at most "));
  }

  @Test
  void generationsThatAreToComeAreCounted() throws IOException {
    conf =
        sweep(
            """
            search = tpe, settings = 9, generation = 2, tpe.startup = 3, seeds = [7]
            parameters { rule.hidden-noise { log-uniform = [0.5, 2] } }
            """);
    Map<String, Object> plan = json();
    assertThat(plan)
        .containsEntry("settings", 9)
        .containsEntry("trials", 9)
        .containsEntry("duplicates", 0)
        .containsEntry("to_run", 9);
    List<Map<?, ?>> first = sample(plan);
    assertThat(first).hasSize(3);
    double each = ((Number) first.get(0).get("core_seconds")).doubleValue();
    assertThat(hours(plan)).isCloseTo(9 * each / 3600, within(1e-9));
    assertThat(Said.of("plan", conf.toString()).out().get(0))
        .isEqualTo(
            "sweep small: tpe, 3 settings at random, then 6 proposed in generations of 2, ranked by"
                + " validation_accuracy");
    for (Map<?, ?> trial : first) {
      known("other", (String) trial.get("trial_id"), "done");
    }
    plan = json();
    assertThat(plan).containsEntry("known", 3).containsEntry("to_run", 6);
    // the next generation is proposed
    assertThat(sample(plan)).hasSize(5);
    assertThat(sample(plan).subList(0, 3))
        .extracting(trial -> trial.get("trial_id"))
        .isEqualTo(first.stream().map(trial -> trial.get("trial_id")).toList());
  }

  @Test
  void forPeopleItIsAFewLines() throws IOException {
    conf =
        sweep(
            """
            seeds = [4, 9], parameters {
              network.activation = [relu, top-k]
              network.k = [0.25, 0.5]
            }
            """);
    Said said = Said.of("plan", conf.toString());
    assertThat(said.code()).isEqualTo(ExitCode.DONE);
    assertThat(said.out().subList(0, 4))
        .containsExactly(
            "sweep small: grid, ranked by validation_accuracy",
            "  network.activation: [relu, top-k]",
            "  network.k: [0.25, 0.5]",
            "3 settings (1 more are the same as one of them), seeds 4, 9: 6 trials, of which 0 are"
                + " known and 6 are to run");
    assertThat(said.out().get(4)).contains("core-hours, by a formula");
    assertThat(said.out()).hasSize(8);
    assertThat(said.out().get(7)).contains("seed 4", "network.activation = top-k, network.k = 0.5");
  }

  @Test
  void whatIsWrongIsSaidAndNothingElse() throws IOException {
    conf =
        sweep(
            "seeds = 2, parameters { training.batch-size = [1, 60], network.layers = [[784, 9]] }");
    Said said = Said.of("plan", conf.toString());
    assertThat(said.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).hasSize(2).allMatch(line -> line.startsWith("grlu: "));
    assertThat(said.err().get(0)).contains("network.layers = [784, 9]", "in 2 of 2 settings");
    assertThat(said.err().get(1)).contains("training.batch-size = 60", "in 1 of 2 settings");
  }

  @Test
  void aSweepAndATrialAreToldApart() throws IOException {
    Path trial = Files.writeString(folder.resolve("t.conf"), "grlu.training.epochs = 1");
    Said plan = Said.of("plan", trial.toString());
    assertThat(plan.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(plan.err()).singleElement().asString().contains("not a sweep");
    Said train = Said.of("train", conf.toString());
    assertThat(train.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(train.err()).singleElement().asString().contains("this is a sweep");
    Said config = Said.of("config", conf.toString());
    assertThat(config.code()).isEqualTo(ExitCode.DONE);
    assertThat(config.out())
        .anyMatch(line -> line.contains("network.layers = [784,4,10]"))
        .anyMatch(line -> line.startsWith("grlu.sweep {"));
  }
}
