package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.grlu.config.Json;
import org.grlu.math.Kernels;
import org.grlu.reports.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar on YARN, in both deploy modes: what one machine gives, to the bit. */
@Tag("scale")
@ExtendWith(Shown.class)
class YarnIT {
  private static final String TRAIN =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 240 }
        network.layers = [784, 32, 10]
        rule.perturbations = 5
        training { epochs = 1, batch-size = 24, learning-rate.max = 0.02 }
      }
      """;

  private static final String SWEEP =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 200, validation-examples = 100 }
        network.layers = [784, 16, 10]
        training.epochs = 1
        sweep {
          parameters { rule.perturbations = [1, 2], training.learning-rate.max = [0.05] }
          seeds = 2
        }
      }
      """;

  private static final String ENDLESS =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 400, validation-examples = 200 }
        network.layers = [784, 16, 10]
        training.epochs = 1000000
        sweep { parameters.training.learning-rate.max = [0.01, 0.02] }
      }
      """;

  /** What most clusters run. */
  private static final String FIELD = "3.5.6";

  @TempDir private static Path folder;
  private static MiniYarn yarn;
  private static Object digest;
  private static Map<String, Object> digests;

  @BeforeAll
  static void onOneMachine() throws IOException, InterruptedException {
    yarn = MiniYarn.in(folder.resolve("yarn"));
    Grlu one = local("local[1]");
    digest = one.run("train", "train.conf", "--json").succeeds().json().get("weights_sha256");
    Grlu.Result two =
        local("local[2]")
            .run("train", "train.conf", "--set", "engine.mode=stepped", "--json")
            .succeeds();
    assertThat(two.json()).containsEntry("weights_sha256", digest);
    one.run("sweep", "sweep.conf", "--out", "local").succeeds();
    digests = column(folder.resolve("local/sweeps/sweep"), "weights_sha256");
    assertThat(digests).hasSize(4);
  }

  @AfterAll
  static void end() {
    if (yarn != null) {
      yarn.close();
    }
  }

  @AfterEach
  void noContainerIsLeft() throws InterruptedException {
    Grlu.until(() -> yarn.containers().isEmpty(), () -> "containers " + yarn.containers());
  }

  private static Grlu local(String master) throws IOException {
    return files(new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu")).master(master));
  }

  private static Grlu files(Grlu grlu) throws IOException {
    return grlu.file("train.conf", TRAIN).file("sweep.conf", SWEEP).file("endless.conf", ENDLESS);
  }

  private static Grlu onYarn(Path configuration, String version) throws IOException {
    SparkDistribution spark = new SparkDistribution(version);
    return files(new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu")).master("yarn"))
        .with("SPARK_HOME", spark.in(folder).toString())
        .with("SPARK_LOCAL_IP", "127.0.0.1")
        .with("HADOOP_CONF_DIR", configuration.toString())
        .conf("spark.yarn.jars=local:" + spark.jars() + "/*")
        .conf("spark.yarn.stagingDir=" + folder.resolve("staging"))
        .conf("spark.executor.instances=2")
        .conf("spark.executor.memory=512m")
        .conf("spark.yarn.am.memory=512m")
        .conf("spark.driver.memory=768m");
  }

  private static Grlu client(String version) throws IOException {
    return onYarn(yarn.configuration(), version);
  }

  private static Grlu cluster(String version) throws IOException {
    return client(version).option("--deploy-mode", "cluster");
  }

  private static Map<String, Object> column(Path sweep, String name) throws IOException {
    Map<String, Object> values = new TreeMap<>();
    Table trials = Table.in(sweep.resolve("trials").toString(), new Configuration());
    for (Map<String, Object> row : trials.read()) {
      assertThat(values.put((String) row.get("trial_id"), row.get(name)))
          .as("a trial is there once")
          .isNull();
    }
    return values;
  }

  private static Map<String, Object> status(Path report) throws IOException {
    return Json.read(Files.readString(report.resolve("status.json")));
  }

  private static void isTheSweep(Path sweep) throws IOException {
    assertThat(column(sweep, "weights_sha256")).isEqualTo(digests);
    // executors have the module, as this JVM has
    assertThat(column(sweep, "kernels").values()).containsOnly(Kernels.best().name());
    assertThat(status(sweep)).containsEntry("status", "done").containsEntry("done", 4);
  }

  @ParameterizedTest(name = "2: stepped training on YARN, Spark {0}: the bits of one machine")
  @ValueSource(strings = {FIELD, "4.2.0"})
  void aNetworkIsTrained(String version) throws IOException, InterruptedException {
    Grlu.Result result =
        client(version)
            .run("train", "train.conf", "--set", "engine.mode=stepped", "--json")
            .succeeds();
    assertThat(result.json()).containsEntry("weights_sha256", digest);
  }

  @Test
  @DisplayName("2: a sweep on YARN: the bits of one machine")
  void trialsAreSweptOver() throws IOException, InterruptedException {
    client(FIELD).run("sweep", "sweep.conf", "--out", "client").succeeds();
    isTheSweep(folder.resolve("client/sweeps/sweep"));
  }

  @ParameterizedTest(name = "2: the same, the driver on the cluster, Spark {0}")
  @ValueSource(strings = {FIELD, "4.2.0"})
  void aNetworkIsTrainedByADriverOnTheCluster(String version)
      throws IOException, InterruptedException {
    Path out = folder.resolve("trained by the cluster on " + version);
    cluster(version)
        .run("train", "train.conf", "--set", "engine.mode=stepped", "--out", out.toString())
        .succeeds();
    // one attempt: YARN knows that it succeeded
    assertThat(Grlu.names(out)).hasSize(2).endsWith("index.html");
    assertThat(status(out.resolve(Grlu.names(out).get(0))))
        .containsEntry("status", "done")
        .containsEntry("weights_sha256", digest);
  }

  @Test
  @DisplayName("2: the same, the driver on the cluster; once more, nothing is run")
  void trialsAreSweptOverByADriverOnTheCluster() throws IOException, InterruptedException {
    Path out = folder.resolve("cluster");
    String uri = out.toUri().toString();
    cluster(FIELD).run("sweep", "sweep.conf", "--out", uri).succeeds();
    isTheSweep(out.resolve("sweeps/sweep"));
    // nothing is left to do, which is no failure
    cluster(FIELD).run("sweep", "sweep.conf", "--out", uri).succeeds();
    isTheSweep(out.resolve("sweeps/sweep"));
  }

  @Test
  @DisplayName("2: reports that would go with a driver on the cluster are refused")
  void reportsThatWouldGoWithTheDriverAreRefusedOnce() throws IOException, InterruptedException {
    Grlu.Result result = cluster(FIELD).run("train", "train.conf", "--out", "lost");
    assertThat(result.code()).isNotZero();
    assertThat(yarn.logs("stderr").stream().filter(line -> line.contains("report.directory=lost")))
        .singleElement()
        .asString()
        .startsWith("grlu: ");
  }

  @Test
  @DisplayName("2: an interrupt ends the application on YARN")
  void anInterruptEndsTheApplication() throws IOException, InterruptedException {
    try (Grlu.Running running =
        client(FIELD).start("sweep", "endless.conf", "--out", "endless", "--json")) {
      assumeFalse(running.ignoresInterrupts());
      // the application master and both executors
      Grlu.until(() -> yarn.containers().size() == 3, () -> "containers " + yarn.containers());
      running.interrupt();
      assertThat(running.end().code()).isEqualTo(ExitCode.INTERRUPTED);
    }
  }

  @Test
  @DisplayName("2: a resource manager that does not answer is said at once")
  void aResourceManagerThatDoesNotAnswerIsSaidAtOnce() throws IOException, InterruptedException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Path nowhere = Files.createDirectories(folder.resolve("nowhere"));
    Files.writeString(
        nowhere.resolve("yarn-site.xml"),
        """
        <configuration>
          <property><name>yarn.resourcemanager.address</name><value>127.0.0.1:%d</value></property>
        </configuration>
        """
            .formatted(free));
    onYarn(nowhere, FIELD)
        .run("train", "train.conf")
        .saysOnly(
            ExitCode.SURROUNDINGS, "no resource manager of YARN answers at 127.0.0.1:" + free);
  }
}
