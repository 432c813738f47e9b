package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.RowSettings;
import org.grlu.config.SweepFile;
import org.grlu.network.ModelFile;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.SweepReport;
import org.grlu.reports.Table;
import org.grlu.spark.ProgressPlugin;
import org.grlu.store.RunException;
import org.grlu.store.SweepLock;
import org.grlu.sweep.Search;
import org.grlu.sweep.SweepProgress;
import org.grlu.sweep.SweepRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of sweeps that can't be read or written. */
@Tag("slow")
class SweepRunTest {
  private static JavaSparkContext spark;

  @TempDir private Path folder;
  private Runnable onSaid = () -> {};
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void start() {
    SparkConf conf = ProgressPlugin.configure(new SparkConf());
    spark = new JavaSparkContext(conf.setAppName("sweep").set("spark.master", "local[2]"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private SweepRun open(String out, String sweep, String... sets)
      throws IOException, InterruptedException {
    Path conf =
        Files.writeString(
            folder.resolve("s.conf"),
            """
            grlu {
              dataset { name = mnist-sample, train-examples = 60, validation-examples = 40 }
              network.layers = [784, 4, 10]
              training.epochs = 3
              report.directory = %s
              sweep { %s }
            }
            """
                .formatted(
                    Json.of(out.contains(":") ? out : folder.resolve(out).toString()), sweep));
    SweepFile file = ConfigReader.sweep(conf, List.of(sets));
    Search search = Search.of(file, TestData.sample());
    SweepRequest request =
        new SweepRequest(file, search, TestData.sample(), SweepRequest.Failed.KEEP, "grlu sweep");
    return SweepRun.open(
        request,
        Features.ofOwnImages(),
        new SweepRun.Listener() {
          @Override
          public void progress(SweepProgress progress) {}

          @Override
          public void said(String line) {
            said.add(line);
            onSaid.run();
          }
        });
  }

  private SweepResult run(String out, String sweep, String... sets)
      throws IOException, InterruptedException {
    try (SweepRun run = open(out, sweep, sets)) {
      return run.run(spark);
    }
  }

  private Path sweep(String out, String name) {
    return folder.resolve(out).resolve("sweeps").resolve(name);
  }

  private static List<Path> parts(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.toList();
    }
  }

  private static void cut(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
  }

  private static Map<Object, Object> digests(Path sweep) throws IOException {
    Map<Object, Object> digests = new TreeMap<>();
    RunFolder.at(sweep.toString(), new Configuration())
        .table(RunFolder.TRIALS)
        .each(
            row -> {
              if (row.get("status").equals("done")) {
                digests.put(row.get("trial_id"), row.get("weights_sha256"));
              }
            });
    return digests;
  }

  @Test
  void anotherSweepThatCannotBeReadIsSaidAndPassedOver() throws Exception {
    run("o", "name = first, parameters.rule.perturbations = [1, 2]");
    Path broken = parts(sweep("o", "first").resolve("trials")).get(0);
    cut(broken);
    SweepResult second = run("o", "name = second, parameters.rule.perturbations = [1, 2]");
    assertThat(second.progress().done()).isEqualTo(2);
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith(
            sweep("o", "first") + " can't be read, and its trials are not looked for: file:")
        .contains(broken + ": not a whole Parquet file");
  }

  @Test
  void whatIsWrongWhileTablesAreReadIsNotBlamedOnTheReportDirectory() throws Exception {
    run("o", "name = first, parameters.rule.perturbations = [1]");
    onSaid =
        () -> {
          throw new IllegalArgumentException("made to fail");
        };
    assertThatThrownBy(() -> open("o", "name = second, parameters.rule.perturbations = [1]"))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("made to fail");
    assertThat(said).containsExactly("1 trials are known from other sweeps");
    assertThat(sweep("o", "second").resolve(SweepLock.FILE)).doesNotExist();
    assertThatThrownBy(() -> open("file://host/x", "name = third"))
        .isInstanceOf(RunException.class)
        .hasMessage("report.directory = file://host/x: not a path or URI");
  }

  @Test
  void itsOwnTableThatCannotBeReadIsAnErrorAndTheStatusStays() throws Exception {
    String sweep = "name = own, parameters.rule.perturbations = [1]";
    run("o", sweep);
    Path status = sweep("o", "own").resolve(RunFolder.STATUS);
    String before = Files.readString(status);
    Path file = parts(sweep("o", "own").resolve("trials")).get(0);
    cut(file);
    assertThatThrownBy(() -> open("o", sweep))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("report directory " + folder.resolve("o") + ": ")
        .hasMessageContaining(
            file
                + ": not a whole Parquet file; if it is moved away, the trials that it alone holds are"
                + " lost, and the same command (sweep or train) runs them again");
    assertThat(Files.readString(status)).isEqualTo(before);
    assertThat(sweep("o", "own").resolve(SweepLock.FILE)).doesNotExist();

    // what the message says is so: its trials are run again, and their epochs are there once
    Files.delete(file);
    assertThat(run("o", sweep).progress().done()).isEqualTo(1);
    assertThat(epochs(sweep("o", "own"))).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aCompleteSweepStaysCompleteWhateverItsReportMeets() throws Exception {
    String sweep = "name = own, parameters.rule.perturbations = [1]";
    run("o", sweep);
    cut(parts(sweep("o", "own").resolve("epochs")).get(0));
    assertThatThrownBy(() -> run("o", sweep)).isInstanceOf(IOException.class);
    assertThat(Json.read(Files.readString(sweep("o", "own").resolve(RunFolder.STATUS))))
        .containsEntry("status", "done");
  }

  @Test
  @Timeout(120)
  void whateverEndsTheCommitterEndsTheSweep() throws Exception {
    String scheme = "spark.hadoop.fs.throwing.impl";
    System.setProperty(scheme, ThrowingFileSystem.class.getName());
    ThrowingFileSystem.at = "/trials/";
    try {
      String sweep =
          """
          name = endless, parameters.case = [
            { name = endless, training.epochs = 1000000 }
            { name = short, training.epochs = 1 }
          ]
          """;
      assertThatThrownBy(() -> run("throwing:" + folder.resolve("o"), sweep))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("/sweeps/endless: java.lang.UnsatisfiedLinkError: made to fail")
          .hasCauseInstanceOf(UnsatisfiedLinkError.class);
      assertThat(Json.read(Files.readString(sweep("o", "endless").resolve(RunFolder.STATUS))))
          .containsEntry("status", "stopped");
      assertThat(sweep("o", "endless").resolve(SweepLock.FILE)).doesNotExist();
    } finally {
      ThrowingFileSystem.at = null;
      System.clearProperty(scheme);
    }
  }

  @Test
  void aSweepIsDoneWhenItsTablesAreWholeThoughItsPageCannotBeWritten() throws Exception {
    String sweep = "name = own, parameters.rule.perturbations = [1]";
    Path page = sweep("o", "own").resolve(RunFolder.PAGE);
    Files.createDirectories(page.resolve("in the way"));
    assertThatThrownBy(() -> run("o", sweep))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(sweep("o", "own") + ": the report can't be made: ")
        .hasMessageEndingWith("; what ended is in the tables");
    assertThat(Json.read(Files.readString(sweep("o", "own").resolve(RunFolder.STATUS))))
        .containsEntry("status", "done");
    assertThat(digests(sweep("o", "own"))).hasSize(1);
    Files.delete(page.resolve("in the way"));
    Files.delete(page);
    run("o", sweep);
    assertThat(page).isRegularFile();
  }

  @Test
  void aFolderWithoutFinishedTrialsHasNothingToVerify() throws Exception {
    Path begun = sweep("o", "new");
    assertThatThrownBy(() -> new SweepVerify(begun.toString(), 1, 1))
        .isInstanceOf(RunException.class)
        .hasMessage(begun + ": there is no such folder");
    Files.createDirectories(begun);
    assertThatThrownBy(() -> new SweepVerify(begun.toString(), 1, 1))
        .isInstanceOf(RunException.class)
        .hasMessage(begun + ": not a sweep's folder");
    open("o", "name = new, parameters.rule.perturbations = [1]").close();
    assertThatThrownBy(() -> new SweepVerify(begun.toString(), 1, 1))
        .isInstanceOf(RunException.class)
        .hasMessage(begun + ": holds no finished trial of a sweep");
  }

  @Test
  void aSweepThatHasOnlyBegunHasAReport() throws Exception {
    open("o", "name = new, parameters.rule.perturbations = [1]").close();
    SweepReport report = SweepReport.read(sweep("o", "new").toString(), new Configuration());
    assertThat(report.html()).contains("No setting has a result yet.");
  }

  @Test
  void aDamagedCheckpointIsSaidAndItsTrialBeginsFromTheStart() throws Exception {
    String sweep =
        """
        name = halved, search = halving, settings = 4, halving { rungs = [1, 2], factor = 2 }
        parameters.training.learning-rate.max { log-uniform = [0.001, 0.1] }
        """;
    run("whole", sweep);
    Map<Object, Object> undisturbed = digests(sweep("whole", "halved"));
    assertThat(undisturbed).isNotEmpty();
    assertThat(run("o", sweep, "sweep.budget.trials=3").end()).isEqualTo(SweepResult.End.BUDGET);
    List<Path> checkpoints = parts(sweep("o", "halved").resolve(SweepTrials.CHECKPOINTS));
    assertThat(checkpoints).hasSize(3);
    cut(checkpoints.get(0));
    cut(checkpoints.get(1));
    byte[] tomorrows =
        ModelFile.write(
            Weights.initial(TestData.relu(Skip.NONE, 784, 4, 10), 1),
            Map.of(),
            Map.of("checkpoint_version", List.of("3")));
    Files.write(checkpoints.get(2), tomorrows);
    said.clear();
    SweepResult result = run("o", sweep);
    assertThat(result.progress().failed()).isZero();
    // of four settings two go on, and the three whose files are damaged have one of them at least
    assertThat(said)
        .isNotEmpty()
        .allMatch(line -> line.matches(".*/checkpoints/\\w+\\.npz: .*; its trial begins .*"));
    assertThat(digests(sweep("o", "halved"))).isEqualTo(undisturbed);
  }

  private static final String RATES =
      """
      name = kept, seeds = 2
      parameters.training.learning-rate.max = [0.001, 0.3, 0.03, 0.1, 1e38]
      """;

  /** By path: the files of a sweep's models, and of its candidates. */
  private static Map<String, byte[]> models(Path sweep) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (String part : List.of(KeptModels.MODELS, KeptModels.CANDIDATES)) {
      if (Files.exists(sweep.resolve(part))) {
        try (Stream<Path> all = Files.walk(sweep.resolve(part))) {
          for (Path file : all.filter(Files::isRegularFile).toList()) {
            files.put(sweep.relativize(file).toString(), Files.readAllBytes(file));
          }
        }
      }
    }
    return files;
  }

  private static void assertSame(Map<String, byte[]> files, Map<String, byte[]> expected) {
    assertThat(files.keySet()).isEqualTo(expected.keySet());
    files.forEach(
        (name, bytes) -> {
          // a configuration names its report directory
          if (!name.endsWith(RunFolder.CONFIGURATION)) {
            assertThat(bytes).as(name).isEqualTo(expected.get(name));
          }
        });
  }

  @Test
  void theWeightsOfAllTrialsThatAreDoneAreKept() throws Exception {
    run("o", RATES, "sweep.keep-models=all");
    Path sweep = sweep("o", "kept");
    Map<String, byte[]> models = models(sweep);
    Map<Object, Object> digests = digests(sweep);
    assertThat(digests).hasSize(8);
    assertThat(models).hasSize(16);
    for (Map<String, Object> row : rows("o", "kept", RunFolder.TRIALS)) {
      String of = KeptModels.MODELS + "/" + row.get("trial_id") + "/";
      byte[] model = models.get(of + RunFolder.MODEL);
      if (row.get("status").equals("diverged")) {
        assertThat(model).isNull();
        continue;
      }
      Weights weights = ModelFile.read(model).weights(TestData.relu(Skip.NONE, 784, 4, 10));
      assertThat(weights.sha256()).isEqualTo(row.get("weights_sha256"));
      // as a trial's page writes it, by its row
      RunFolder elsewhere = RunFolder.at(folder.toString(), new Configuration());
      KeptModels.write(elsewhere, "again", new RowSettings(row), model);
      assertThat(folder.resolve("models/again").resolve(RunFolder.CONFIGURATION))
          .hasBinaryContent(models.get(of + RunFolder.CONFIGURATION));
    }
  }

  @Test
  void theBestAreKeptThoughTheSweepIsStopped() throws Exception {
    run("whole", RATES, "sweep.keep-models=best");
    Map<String, byte[]> undisturbed = models(sweep("whole", "kept"));
    List<Object> best = new ArrayList<>();
    for (Map<String, Object> setting : rows("whole", "kept", RunFolder.SETTINGS)) {
      if (setting.get("rank") instanceof Integer rank && rank <= 3) {
        best.add(setting.get("setting_id"));
      }
    }
    List<String> expected = new ArrayList<>();
    for (Map<String, Object> row : rows("whole", "kept", RunFolder.TRIALS)) {
      if (best.contains(row.get("setting_id"))) {
        expected.add("models/" + row.get("trial_id") + "/model.npz");
        expected.add("models/" + row.get("trial_id") + "/resolved.conf");
      }
    }
    assertThat(expected).hasSize(12);
    assertThat(undisturbed.keySet()).containsExactlyInAnyOrderElementsOf(expected);

    for (int call = 0; call < 3; call++) {
      SweepResult stopped = run("o", RATES, "sweep.keep-models=best", "sweep.budget.trials=3");
      assertThat(stopped.end()).isEqualTo(SweepResult.End.BUDGET);
    }
    // nine are over, of which at most three settings and one that is not settled may have any
    assertThat(models(sweep("o", "kept")))
        .hasSizeBetween(6, 8)
        .allSatisfy((name, bytes) -> assertThat(name).startsWith(KeptModels.CANDIDATES));
    run("o", RATES, "sweep.keep-models=best");
    assertSame(models(sweep("o", "kept")), undisturbed);
    assertThat(said).isEmpty();
  }

  @Test
  void weightsThatWereNotKeptAreSaidAndNothingIsTrainedForThem() throws Exception {
    run("o", RATES);
    Path sweep = sweep("o", "kept");
    assertThat(models(sweep)).isEmpty();
    List<Map<String, Object>> before = rows("o", "kept", RunFolder.TRIALS);
    // as a trial's page does
    String id = (String) digests(sweep).keySet().iterator().next();
    RunFolder own = RunFolder.at(sweep.toString(), new Configuration());
    KeptModels.write(own, id, new RowSettings(before.get(0)), new byte[] {1});
    Map<String, byte[]> asked = models(sweep);
    assertThat(run("o", RATES, "sweep.keep-models=all").progress().left()).isZero();
    assertThat(said)
        .singleElement()
        .asString()
        .matches(
            "sweep.keep-models = all: 7 of 8 trials ended without it, and their weights are not"
                + " kept; grlu report TRIAL --in .*/sweeps/kept trains one again:"
                + " \\w{16}, \\w{16}, \\w{16} and 4 more")
        .contains(sweep.toString())
        .doesNotContain(id.substring(0, 16));
    run("o", RATES, "sweep.keep-models=none");
    assertThat(rows("o", "kept", RunFolder.TRIALS)).isEqualTo(before);
    assertSame(models(sweep), asked);
  }

  private static List<Map<String, Object>> epochs(Path sweep) throws IOException {
    return RunFolder.at(sweep.toString(), new Configuration())
        .table(RunFolder.EPOCHS)
        .read("trial_id", "epoch");
  }

  private static void empty(Path table) throws IOException {
    for (Path file : parts(table)) {
      Files.delete(file);
    }
  }

  @Test
  void trialsThatWereDeletedAreRunAgainAndTheirEpochsAreThereOnce() throws Exception {
    String sweep = "name = own, parameters.rule.perturbations = [1, 2]";
    run("o", sweep);
    empty(sweep("o", "own").resolve(RunFolder.TRIALS));
    assertThat(run("o", sweep).progress().done()).isEqualTo(2);
    assertThat(epochs(sweep("o", "own"))).hasSize(6).doesNotHaveDuplicates();
    // other programs know no rule: the files themselves have each once, when the sweep is over
    String table = sweep("o", "own").resolve(RunFolder.EPOCHS).toString();
    assertThat(Table.in(table, new Configuration()).read("trial_id", "epoch")).hasSize(6);
    assertThat(said).isEmpty();
  }

  @Test
  void whatAKilledCommitLeftIsDeletedByTheNextDriver() throws Exception {
    String sweep = "name = own, parameters.rule.perturbations = [1]";
    run("o", sweep);
    Path trials = sweep("o", "own").resolve(RunFolder.TRIALS);
    Files.writeString(trials.resolve(".part-1700000000000-0a1b2c3d.parquet.9f.tmp"), "not whole");
    open("o", sweep).close();
    assertThat(parts(trials)).singleElement().asString().endsWith(".parquet");
  }

  @Test
  void trialsWhoseEpochsWereDeletedAreSaid() throws Exception {
    String sweep = "name = own, parameters.rule.perturbations = [1, 2]";
    run("o", sweep);
    empty(sweep("o", "own").resolve(RunFolder.EPOCHS));
    assertThat(run("o", sweep).end()).isEqualTo(SweepResult.End.DONE);
    String line = "2 of 2 trials lack epochs in the table epochs, 2 of them all: learning curves";
    assertThat(said).singleElement().asString().startsWith(line);
    assertThat(Files.readString(sweep("o", "own").resolve(RunFolder.PAGE))).contains(line);
  }

  @Test
  void tasksAreInATableThatIsThereWhereThereAreSuchAndCopiedToo() throws Exception {
    run("o", "name = none, parameters.rule.perturbations = [1, 2]");
    assertThat(sweep("o", "none").resolve(RunFolder.TASKS)).doesNotExist();
    String both = "parameters.stream.kind = [iid, class-incremental]";
    run("o", "name = first, " + both, "stream.tasks=2");
    List<Map<String, Object>> rows = rows("o", "first", RunFolder.TASKS);
    assertThat(rows.stream().map(row -> List.of(row.get("after_task"), row.get("on_task"))))
        .containsExactly(List.of(1, 1), List.of(1, 2), List.of(2, 1), List.of(2, 2));
    assertThat(rows).allMatch(row -> row.get("accuracy") instanceof Double x && x <= 1);
    run("o", "name = second, " + both, "stream.tasks=2");
    assertThat(said).containsExactly("2 trials are known from other sweeps");
    assertThat(rows("o", "second", RunFolder.TASKS)).isEqualTo(rows);
  }

  @Test
  void settingsAreRankedByWhatTheyForget() throws Exception {
    SweepResult result =
        run(
            "o",
            "name = kept, rank-by = [validation-forgetting, forward-passes]"
                + ", parameters.rule.perturbations = [1, 2]",
            "stream.kind=class-incremental",
            "stream.tasks=2");
    assertThat(result.summary()).containsEntry("rank_by", "validation_forgetting, forward_passes");
    Map<Object, Double> forgotten = new HashMap<>();
    for (Map<String, Object> row : rows("o", "kept", RunFolder.TASKS)) {
      if (row.get("on_task").equals(1)) {
        int sign = row.get("after_task").equals(1) ? 1 : -1;
        double share = sign * (double) row.get("validation_accuracy");
        forgotten.merge(row.get("trial_id"), share, Double::sum);
      }
    }
    assertThat(rows("o", "kept", RunFolder.TRIALS))
        .hasSize(2)
        .allSatisfy(
            row ->
                assertThat((Double) row.get("validation_forgetting"))
                    .isCloseTo(forgotten.get(row.get("trial_id")), within(1e-12)));
    List<Map<String, Object>> settings = rows("o", "kept", RunFolder.SETTINGS);
    assertThat(settings).extracting(row -> row.get("rank")).containsExactly(1, 2);
    assertThat(settings).allMatch(row -> row.get("front") instanceof Integer front && front > 0);
    assertThat((Double) settings.get(0).get("validation_forgetting"))
        .isEqualTo(Collections.min(forgotten.values()))
        .isEqualTo(result.progress().best().reached().mean());
    assertThat(Files.readString(sweep("o", "kept").resolve(RunFolder.PAGE)))
        .contains(
            "Ranked by validation forgetting, then forward passes, by Pareto fronts (the last");
  }

  @Test
  void halvingGoesOnWithoutTheEpochsThatWereDeleted() throws Exception {
    String sweep =
        """
        name = halved, search = halving, settings = 4, halving { rungs = [1, 2], factor = 2 }
        parameters.training.learning-rate.max { log-uniform = [0.001, 0.1] }
        """;
    run("whole", sweep);
    assertThat(run("o", sweep, "sweep.budget.trials=3").end()).isEqualTo(SweepResult.End.BUDGET);
    empty(sweep("o", "halved").resolve(RunFolder.EPOCHS));
    SweepResult result = run("o", sweep);
    assertThat(result.progress().done()).isEqualTo(1);
    assertThat(digests(sweep("o", "halved"))).isEqualTo(digests(sweep("whole", "halved")));
  }

  @Test
  void aSearchThatIsStoppedThreeTimesEndsWithTheSameTrials() throws Exception {
    String sweep =
        """
        name = learnt, search = tpe, settings = 8, generation = 2, tpe.startup = 3
        parameters.training.learning-rate.max { log-uniform = [0.001, 0.1] }
        """;
    SweepResult whole = run("whole", sweep);
    assertThat(whole.progress().done()).isEqualTo(8);
    assertThat(whole.progress().left()).isZero();
    Map<Object, Object> undisturbed = digests(sweep("whole", "learnt"));
    for (int left : List.of(6, 4, 2)) {
      SweepResult stopped = run("o", sweep, "sweep.budget.trials=2");
      assertThat(stopped.end()).isEqualTo(SweepResult.End.BUDGET);
      assertThat(stopped.progress().left()).isEqualTo(left);
      assertThat(stopped.summary()).containsEntry("planned", 8L);
    }
    assertThat(run("o", sweep).progress().done()).isEqualTo(8);
    assertThat(digests(sweep("o", "learnt"))).isEqualTo(undisturbed);
    // the report ranks what was proposed
    assertThat(rows("o", "learnt", RunFolder.SETTINGS)).hasSize(8);
    assertThat(rows("o", "learnt", RunFolder.PLANNED)).hasSize(8);
    // another sweep of the same search takes all over, generation by generation
    try (SweepRun run = open("o", sweep.replace("learnt", "again"))) {
      assertThat(run.isComplete()).isTrue();
    }
    assertThat(digests(sweep("o", "again"))).isEqualTo(undisturbed);
    // and one that asks for more begins with them
    try (SweepRun run = open("o", sweep, "sweep.settings=10")) {
      assertThat(run.progress().done()).isEqualTo(8);
      assertThat(run.progress().left()).isEqualTo(2);
    }
  }

  private List<Map<String, Object>> rows(String out, String table) throws IOException {
    return rows(out, "own", table);
  }

  private List<Map<String, Object>> rows(String out, String name, String table) throws IOException {
    return RunFolder.at(sweep(out, name).toString(), new Configuration()).table(table).read();
  }

  @Test
  void trialsThatLackTheDiagnosticsAskedForAreRunAgainToTheSameWeights() throws Exception {
    String sweep = "name = own, parameters.rule.perturbations = [1, 2]";
    run("o", sweep);
    Map<Object, Object> digests = digests(sweep("o", "own"));
    assertThat(rows("o", RunFolder.EPOCHS)).allMatch(row -> row.get("update_ratio") == null);
    SweepResult again = run("o", sweep, "report.diagnostics=epoch");
    assertThat(again.progress().done()).isEqualTo(2);
    assertThat(again.progress().failed()).isZero();
    assertThat(said).containsExactly("2 trials are known without diagnostics: they run again");
    assertThat(digests(sweep("o", "own"))).isEqualTo(digests);
    assertThat(rows("o", RunFolder.EPOCHS))
        .hasSize(6)
        .allSatisfy(row -> assertThat((List<?>) row.get("update_ratio")).hasSize(2));
    String page = Files.readString(sweep("o", "own").resolve(RunFolder.PAGE));
    assertThat(page).containsPattern("\"alignments\":\\{\"1\":\\[\\[1,\\[");
    // now they are known, with or without
    said.clear();
    for (String diagnostics : List.of("epoch", "none")) {
      try (SweepRun run = open("o", sweep, "report.diagnostics=" + diagnostics)) {
        assertThat(run.isComplete()).isTrue();
      }
    }
    assertThat(said).isEmpty();
  }

  /** As a sweep that was run by a program of other results, which did not say so, would leave. */
  @Test
  void aTrialThatRunsAgainForItsDiagnosticsToOtherWeightsHasFailed() throws Exception {
    String sweep = "name = own, parameters.rule.perturbations = [1, 2]";
    run("o", sweep);
    Table trials =
        RunFolder.at(sweep("o", "own").toString(), new Configuration()).table(RunFolder.TRIALS);
    Schema schema = new Schema("trial", trials.columns());
    List<Object[]> rows = new ArrayList<>();
    for (Map<String, Object> row : trials.read()) {
      if (row.get("rule_perturbations").equals(2L)) {
        row.put("weights_sha256", "0".repeat(64));
      }
      rows.add(schema.columns().stream().map(column -> row.get(column.name())).toArray());
    }
    trials.replace(schema, rows);
    for (int attempt = 1; attempt <= 2; attempt++) {
      said.clear();
      SweepResult again = run("o", sweep, "report.diagnostics=epoch");
      // the second time it is known how it ended
      assertThat(again.progress().failed()).isEqualTo(1);
      assertThat(again.progress().done()).isEqualTo(1);
      assertThat(said).hasSize(attempt == 1 ? 2 : 0);
    }
    assertThat(rows("o", RunFolder.TRIALS))
        .filteredOn(row -> row.get("status").equals("failed"))
        .singleElement()
        .satisfies(
            row ->
                assertThat((String) row.get("failure"))
                    .matches(
                        "weights after epoch 3 have SHA-256 \\w{64}, where this trial had 0{64}"
                            + " without diagnostics"));
  }

  @Test
  void aTrialThatWaitsWithoutDiagnosticsBeginsAgainWithThem() throws Exception {
    String sweep =
        """
        name = own, search = halving, settings = 4, halving { rungs = [1, 2], factor = 2 }
        parameters.training.learning-rate.max { log-uniform = [0.001, 0.1] }
        """;
    run("whole", sweep);
    assertThat(run("o", sweep, "sweep.budget.trials=3").end()).isEqualTo(SweepResult.End.BUDGET);
    assertThat(run("o", sweep, "report.diagnostics=epoch").progress().failed()).isZero();
    assertThat(said).contains("3 trials are known without diagnostics: they run again");
    assertThat(digests(sweep("o", "own"))).isEqualTo(digests(sweep("whole", "own")));
    assertThat(rows("o", RunFolder.EPOCHS))
        .hasSize(4 + 2 + 1)
        .allMatch(row -> row.get("update_ratio") != null);
  }

  @Test
  void aSlowSystemThatDivergesFailsTheTrialsThatReadItAndNoOther() throws Exception {
    String slow =
        "{ name = slow, features.kind = autoencoder, features.size = 4, features.learning-rate = %s, network.layers = [4, 10] }";
    SweepResult result =
        run(
            "o",
            "name = slow, seeds = [1], parameters { slow = [%s, %s, { name = none }] }"
                .formatted(
                    slow.formatted("50.0").replace("name = slow", "name = much"),
                    slow.formatted("0.0001")));
    assertThat(result.progress().done()).isEqualTo(2);
    assertThat(result.progress().failed()).isEqualTo(1);
  }
}
