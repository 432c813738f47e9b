package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts over {@code grlu}, one for each kind of cluster: what they would submit, and to whom.
 */
class SubmitScriptsIT {
  private static final String NAME = "a trial.conf";

  @TempDir private Path folder;
  private Path configuration;

  @BeforeEach
  void configuration() throws IOException {
    configuration = Files.writeString(folder.resolve(NAME), Grlu.SMALL);
  }

  private Grlu script(String name) {
    return new Grlu(folder, Grlu.HOME.resolve("submit-scripts/" + name));
  }

  /** A script that has a Spark distribution. */
  private Grlu distributed(String name) throws IOException {
    Path submit = folder.resolve("spark/bin/spark-submit");
    Files.createDirectories(submit.getParent());
    Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    return script(name).with("SPARK_HOME", folder.resolve("spark").toString());
  }

  @Test
  void aClusterGetsTheDefaultsAndWhatIsGivenOutranksThem()
      throws IOException, InterruptedException {
    Grlu.Result said =
        distributed("standalone")
            .run("spark://h:7077", "--conf", "spark.task.maxFailures=9", "train", NAME)
            .succeeds();
    Path events = folder.resolve("logs/events");
    assertThat(said.out())
        .containsSequence("--master", "spark://h:7077")
        .contains(
            "spark.executor.defaultJavaOptions=--add-modules=jdk.incubator.vector"
                + " -XX:G1HeapRegionSize=4m",
            "spark.decommission.enabled=true",
            "spark.eventLog.enabled=true",
            "spark.eventLog.dir=" + events)
        .containsSubsequence("spark.task.maxFailures=4", "spark.task.maxFailures=9")
        .endsWith("train", NAME);
    assertThat(events).isDirectory();
    Grlu.Result without =
        distributed("standalone")
            .run("spark://h:7077", "--conf", "spark.eventLog.enabled=false", "train", NAME)
            .succeeds();
    assertThat(without.out()).noneMatch(word -> word.matches("spark.eventLog.(enabled|dir).*"));

    Path own = Files.createDirectories(folder.resolve("spark/conf"));
    Files.writeString(own.resolve("spark-defaults.conf"), "spark.eventLog.dir hdfs://n/events\n");
    Grlu.Result theirs = distributed("standalone").run("spark://h:7077", "train", NAME).succeeds();
    assertThat(theirs.out())
        .contains("spark.eventLog.enabled=true")
        .noneMatch(word -> word.startsWith("spark.eventLog.dir"));
  }

  @Test
  @DisplayName("each command that computes is submitted, and plan is not")
  void commandsThatComputeAreSubmitted() throws IOException, InterruptedException {
    for (String command :
        List.of("train", "sweep", "verify", "bench", "features", "encode", "predict")) {
      assertThat(distributed("standalone").run("spark://h:7077", command, NAME).succeeds().out())
          .containsSequence("--master", "spark://h:7077");
    }
    // in the start script's own JVM, which says what plan misses
    distributed("standalone").run("spark://h:7077", "plan", NAME).saysOnly(2, NAME, "not a sweep");
  }

  @Test
  void aDriverOnTheClusterGetsItsConfiguration() throws IOException, InterruptedException {
    String[] words = {"--deploy-mode", "cluster", "sweep", NAME, "--out", "hdfs://n/x"};
    Grlu.Result yarn =
        distributed("yarn").with("HADOOP_CONF_DIR", folder.toString()).run(words).succeeds();
    assertThat(yarn.out())
        .containsSequence("--master", "yarn", "--deploy-mode", "cluster")
        .containsSequence("--files", configuration.toString())
        .noneMatch(word -> word.startsWith("spark.eventLog.dir"))
        .endsWith("sweep", NAME, "--out", "hdfs://n/x");

    Grlu.Result standalone =
        distributed("standalone")
            .run("spark://h:7077", "--deploy-mode", "cluster", "train", NAME)
            .succeeds();
    assertThat(standalone.out())
        .doesNotContain("--files")
        .endsWith("train", configuration.toString());

    Files.writeString(configuration, "grlu { include \"other.conf\" }\n");
    distributed("standalone")
        .run("spark://h:7077", "--deploy-mode", "cluster", "train", NAME)
        .saysOnly(2, NAME, "includes other files");
  }

  @Test
  @DisplayName("a driver on the cluster gets its configuration wherever and however options stand")
  void theConfigurationIsFoundAmongAllFormsOfOptions() throws IOException, InterruptedException {
    Grlu yarn = distributed("yarn").with("HADOOP_CONF_DIR", folder.toString());
    String[][] forms = {
      {"train", "--out=hdfs://n/x", NAME},
      {"train", NAME, "--out=hdfs://n/x", "--json"},
      {"train", "--json", "--set=a=b", "--set", "c=d", "--out", "x", NAME},
      {"sweep", "--retry-failed", "--out=x", "--", NAME},
      {"train", "--resume=run", NAME},
      {"features", "--out=hdfs://n/x", NAME},
    };
    for (String[] form : forms) {
      assertThat(yarn.run(with(new String[] {"--deploy-mode=cluster"}, form)).succeeds().out())
          .as("%s", List.of(form))
          .containsSequence("--master", "yarn", "--deploy-mode", "cluster")
          .containsSequence("--files", configuration.toString())
          .endsWith(form);
    }
    yarn.run("--deploy-mode=cluster", "train", "--init=m.npz", NAME).saysOnly(2, "--init=m.npz: ");
    // none of them is read from elsewhere: a name that begins with @ is a file's
    Files.move(configuration, folder.resolve("@" + NAME));
    Files.writeString(folder.resolve("words"), NAME);
    script("grlu").run("config", "@" + NAME).succeeds();
    script("grlu").run("config", "@words").saysOnly(2, "@words: there is no such file");
  }

  @Test
  @DisplayName("the start script takes its own options with = too")
  void ownOptionsWithAnEqualsSign() throws IOException, InterruptedException {
    Grlu.Result said =
        distributed("grlu")
            .run("--master=spark://h:7077", "--conf=spark.a=b=c", "--dry-run", "train", NAME)
            .succeeds();
    assertThat(said.out())
        .singleElement()
        .asString()
        .contains(" --master spark://h:7077 ", " spark.a=b=c ")
        .doesNotContain("local");
  }

  @Test
  void whatGoesWrongElsewhereIsALineToo() throws IOException, InterruptedException {
    Grlu standalone = distributed("standalone");
    Files.writeString(
        folder.resolve("spark/bin/spark-submit"),
        """
        #!/bin/sh
        printf 'Exception in thread "main" a.B: application 1: failed\\n\\tat a.B.c\\n' >&2
        exit 1
        """);
    Grlu.Result failed =
        standalone.run("spark://h:7077", "--deploy-mode", "cluster", "train", NAME);
    failed.saysOnly(1, "spark-submit: application 1: failed");
  }

  @Test
  void kubernetesGetsTheImageAndTheNamespace() throws IOException, InterruptedException {
    Grlu.Result said =
        distributed("kubernetes")
            .with("GRLU_NAMESPACE", "lab")
            .run("k8s://https://h:6443", "registry/grlu:1", "train", NAME, "--json")
            .succeeds();
    assertThat(said.out())
        .containsSequence("--master", "k8s://https://h:6443", "--deploy-mode", "cluster")
        .containsSequence("--files", configuration.toString())
        .contains(
            "spark.kubernetes.container.image=registry/grlu:1",
            "spark.kubernetes.namespace=lab",
            "spark.kubernetes.authenticate.driver.serviceAccountName=spark")
        .endsWith("local:///opt/grlu/grlu.jar", "train", NAME, "--json");
  }

  @Test
  void whatIsMissingIsSaid() throws IOException, InterruptedException {
    script("yarn").run("train", NAME).saysOnly(4, "HADOOP_CONF_DIR");
    script("yarn")
        .with("HADOOP_CONF_DIR", folder.toString())
        .run("train", NAME)
        .saysOnly(4, "SPARK_HOME");
    script("kubernetes").run("k8s://https://h:1", "image", "train", NAME).saysOnly(4, "SPARK_HOME");
    script("grlu").run("--deploy-mode", "cluster", "train", NAME).saysOnly(2, "local[*]");
    String[] elsewhere = {"spark://h:1", "--deploy-mode", "cluster", "train"};
    script("standalone").run(with(elsewhere, "x.conf")).saysOnly(2, "x.conf: there is no such");
    script("standalone").run(with(elsewhere, "--init", "m.npz", NAME)).saysOnly(2, "--init m.npz");
    script("grlu").run("--deploy-mode", "there", "train", NAME).saysOnly(2, "there: must be");
    for (String name : List.of("standalone", "yarn", "kubernetes", "local-cluster")) {
      Grlu.Result usage = script(name).run();
      assertThat(usage.code()).as(name).isEqualTo(2);
      assertThat(usage.err()).as(name).hasSizeGreaterThan(5);
    }
    script("local-cluster").run("start", "--workers", "0").saysOnly(2, "--workers 0: must be");
    script("local-cluster").run("start", "--port", "99").saysOnly(2, "--port 99: must be");
    script("local-cluster").run("start", "--ports", "9").saysOnly(2, "--ports: must be one of");
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  @Tag("scale")
  @Test
  void aLocalClusterTrainsAndSweepsAndIsGone() throws IOException, InterruptedException {
    Grlu cluster = script("local-cluster");
    cluster.run("status").saysOnly(4, "no local cluster is running");
    cluster.run("stop").saysOnly(4, "no local cluster is running");
    Grlu.Result started =
        cluster.run("start", "--workers", "2", "--memory", "1g", "--port", "0").succeeds();
    List<Long> pids =
        Grlu.lines(folder.resolve("logs/local-cluster/pids")).stream()
            .map(line -> Long.valueOf(line.substring(line.indexOf(' ') + 1)))
            .toList();
    assertThat(pids).hasSize(3);
    try {
      assertThat(started.out().get(0)).matches("master spark://127\\.0\\.0\\.1:\\d+");
      assertThat(cluster.run("status").succeeds().out()).isEqualTo(started.out());
      cluster.run("start").saysOnly(4, "runs already");
      trainAndSweep(started.out().get(0).substring("master ".length()));
      // the master alone: status tells, and start begins anew
      ProcessHandle master = ProcessHandle.of(pids.get(0)).orElseThrow();
      master.destroyForcibly();
      master.onExit().join();
      Grlu.Result half = cluster.run("status");
      half.saysOnly(4, "no longer there: master " + pids.get(0), "local-cluster start");
      assertThat(half.out()).anyMatch(line -> line.startsWith("process worker-1 "));
      cluster.run("start", "--workers", "1", "--memory", "1g", "--port", "0").succeeds();
      cluster.run("status").succeeds();
    } finally {
      assertThat(cluster.run("stop").out()).containsExactly("stopped");
    }
    assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    assertThat(started.err()).as("a start without a word").isEmpty();
    cluster.run("status").saysOnly(4, "no local cluster is running");
  }

  private void trainAndSweep(String master) throws IOException, InterruptedException {
    Path metrics = Files.createDirectory(folder.resolve("metrics"));
    Grlu grlu = script("standalone").option(master).conf("spark.executor.memory=512m");
    Grlu.Result trained =
        grlu.run("train", NAME, "--set", "engine.mode=stepped", "--set", "training.batch-size=50")
            .succeeds();
    assertThat(trained.out()).anyMatch(line -> line.startsWith("test accuracy "));
    assertThat(trained.err()).contains("a step has 7 leaves: as many shards can be busy at a time");
    grlu.conf("spark.metrics.conf.*.sink.csv.class=org.apache.spark.metrics.sink.CsvSink")
        .conf("spark.metrics.conf.*.sink.csv.directory=" + metrics)
        .run(
            "sweep",
            NAME,
            "--set",
            "sweep.parameters.rule.perturbations=[1, 2, 3]",
            "--set",
            "dataset.train-examples=500",
            "--set",
            "dataset.validation-examples=100",
            "--set",
            "sweep.name=small")
        .succeeds();
    // what the job told Spark, as Spark last reported it
    assertThat(last(metrics, "trials.done")).endsWith(",3");
    assertThat(last(metrics, "trials.failed")).endsWith(",0");
    assertThat(last(metrics, "examples")).matches("\\d+,4500,.*");
    assertThat(Grlu.names(folder.resolve("logs/events"))).hasSize(2);
  }

  private static String last(Path metrics, String name) throws IOException {
    String file =
        Grlu.names(metrics).stream()
            .filter(each -> each.endsWith("ProgressPlugin." + name + ".csv"))
            .findFirst()
            .orElseThrow();
    List<String> lines = Files.readAllLines(metrics.resolve(file));
    return lines.get(lines.size() - 1);
  }
}
