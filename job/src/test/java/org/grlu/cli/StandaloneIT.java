package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.grlu.config.Json;
import org.grlu.reports.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Both engines and sweeps on a standalone cluster of processes: the bits of one machine. */
@ExtendWith(Shown.class)
class StandaloneIT {
  private static final String TRAIN =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 480 }
        network.layers = [784, 32, 10]
        rule.perturbations = 5
        training { epochs = 2, batch-size = 24, learning-rate.max = 0.02 }
        engine.shards = 2
      }
      """;

  private static final String SWEEP =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 500, validation-examples = 200 }
        network.layers = [784, 32, 10]
        training.epochs = 3
        sweep {
          parameters { rule.perturbations = [20, 22], training.learning-rate.max = [0.01, 0.03] }
          seeds = 4
        }
      }
      """;

  private static final String TASK = "engine.mode=task";
  private static final String STEPPED = "engine.mode=stepped";

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static Undisturbed alone;

  @BeforeAll
  static void oneCore() throws IOException, InterruptedException {
    Grlu grlu =
        new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu")).master("local[1]").quick();
    alone = Undisturbed.of(grlu, folder, TRAIN, SWEEP);
    assertThat(alone.trials()).hasSize(16);
    cluster = new StandaloneCluster(folder.resolve("cluster"), "127.0.0.1", "127.0.0.1");
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static void train(Grlu grlu, String engine) throws IOException, InterruptedException {
    Grlu.Result result = grlu.run("train", "train.conf", "--set", engine, "--json");
    assertThat(Undisturbed.trained(result)).isEqualTo(alone.weights());
  }

  private static void sweep(Grlu grlu, String out) throws IOException, InterruptedException {
    grlu.run("sweep", "sweep.conf", "--out", out).succeeds();
    alone.assertSweep(out);
  }

  /** On both workers from the first task. */
  private static Grlu onBoth() {
    return cluster
        .grlu(folder)
        .conf("spark.cores.max=2")
        .conf("spark.scheduler.minRegisteredResourcesRatio=1");
  }

  @Test
  @DisplayName(
      "1: stepped training and a sweep on two workers give the bits of local[1] and local[2]")
  void theBitsOfOneMachine() throws IOException, InterruptedException {
    Grlu two = Grlu.in(folder).quick();
    train(two, STEPPED);
    sweep(two, "two");
    EventLog stepped = alone.log();
    train(stepped.of(onBoth()), STEPPED);
    assertThat(stepped.busyExecutors()).hasSize(2);
    EventLog sweep = alone.log();
    sweep(sweep.of(onBoth()), "cluster");
    assertThat(sweep.busyExecutors()).hasSize(2);
  }

  @Tag("scale")
  @Test
  @DisplayName("1: a driver on the cluster: the bits of one machine")
  void aDriverOnTheCluster() throws IOException, InterruptedException {
    Path reports = folder.resolve("driver");
    cluster
        .quick(folder)
        .option("--deploy-mode", "cluster")
        .conf("spark.driver.memory=512m")
        .conf("spark.cores.max=1")
        .run("train", "train.conf", "--set", STEPPED, "--out", reports.toString())
        .succeeds();
    Path run = reports.resolve(Grlu.names(reports).get(0));
    assertThat(Json.read(Files.readString(run.resolve("status.json"))))
        .containsEntry("status", "done")
        .containsEntry("weights_sha256", alone.weights());
  }

  @Tag("scale")
  @Test
  @DisplayName("8: two sweeps share a cluster; a second driver of one of them is refused")
  void twoSweepsAtOnce() throws IOException, InterruptedException {
    EventLog first = alone.log();
    try (Grlu.Running one =
        first
            .of(cluster.quick(folder).conf("spark.cores.max=1"))
            .start("sweep", "sweep.conf", "--out", "one")) {
      StandaloneCluster.await("the first sweep's first trial", () -> first.jobs() > 0);
      ProcessHandle executor = busyExecutor(first);
      // held in the middle of a trial, so that the other sweep's trials end beside it
      StandaloneCluster.signal("STOP", executor);
      EventLog second = alone.log();
      try (Grlu.Running other =
          second
              .of(cluster.quick(folder).conf("spark.cores.max=1"))
              .start("sweep", "sweep.conf", "--out", "other")) {
        cluster
            .quick(folder)
            .run("sweep", "sweep.conf", "--out", "one")
            .says(4, "sweeps/sweep is being run by process ", "; its heartbeat: ");
        StandaloneCluster.await("the second sweep's first trial", () -> second.jobs() > 0);
        StandaloneCluster.signal("CONT", executor);
        one.end().succeeds();
        other.end().succeeds();
      }
      long end = second.jobEnds().get(0);
      assertThat(first.ended())
          .as("trials of the first sweep while the second ran")
          .anyMatch(attempt -> attempt.launchedAt() < end && attempt.finishedAt() > end);
      assertThat(first.busyExecutors()).hasSize(1);
      assertThat(second.busyExecutors()).hasSize(1);
    }
    alone.assertSweep("one");
    alone.assertSweep("other");
  }

  /** An executor of an application that has done something. */
  private static ProcessHandle busyExecutor(EventLog log) throws InterruptedException {
    Set<String> busy = log.busyExecutors();
    return cluster.workers().stream()
        .filter(worker -> busy.contains(worker.executorId(log.application())))
        .findFirst()
        .orElseThrow()
        .executor();
  }

  @Tag("scale")
  @Test
  @DisplayName("9: Kryo's serialisation gives Java's bits (task, stepped, sweep)")
  void kryo() throws IOException, InterruptedException {
    String kryo = "spark.serializer=org.apache.spark.serializer.KryoSerializer";
    train(cluster.quick(folder).conf(kryo), TASK);
    train(cluster.quick(folder).conf(kryo), STEPPED);
    sweep(cluster.quick(folder).conf(kryo), "kryo");
  }

  @Tag("scale")
  @Test
  @DisplayName("9: spark.task.cpus = 2 on a worker of two cores: one trial, one shard at a time")
  void twoCoresForATask() throws IOException, InterruptedException {
    StandaloneCluster.Worker worker = cluster.add("127.0.0.1", 2);
    for (String command : List.of("sweep", "train")) {
      EventLog log = alone.log();
      Grlu grlu =
          log.of(cluster.quick(folder).conf("spark.task.cpus=2").conf("spark.executor.cores=2"));
      if (command.equals("sweep")) {
        sweep(grlu, "cpus");
      } else {
        train(grlu, STEPPED);
      }
      assertThat(log.busyExecutors()).containsExactly(worker.executorId(log.application()));
      assertThat(mostAtOnce(log.ended())).isEqualTo(1);
    }
    cluster.stop(worker);
  }

  /** How many attempts of tasks with two cores ran at a time. */
  private static long mostAtOnce(List<EventLog.Attempt> attempts) {
    return attempts.stream()
        .mapToLong(
            one ->
                attempts.stream()
                    .filter(
                        other ->
                            other.launchedAt() <= one.launchedAt()
                                && one.launchedAt() < other.launchedAt() + other.ranMillis() / 2)
                    .count())
        .max()
        .orElse(0);
  }

  @Tag("scale")
  @Test
  @DisplayName("9: dynamic allocation with shuffle tracking starts from no executor and uses two")
  void dynamicAllocation() throws IOException, InterruptedException {
    EventLog log = alone.log();
    Grlu grlu =
        log.of(
            cluster
                .quick(folder)
                .conf("spark.dynamicAllocation.enabled=true")
                .conf("spark.dynamicAllocation.shuffleTracking.enabled=true")
                .conf("spark.dynamicAllocation.minExecutors=0")
                .conf("spark.dynamicAllocation.maxExecutors=2")
                .conf("spark.executor.cores=1"));
    // more trials of the same: one executor alone might be done before the other has started
    grlu.run("sweep", "sweep.conf", "--set", "sweep.seeds=12", "--out", "dynamic").succeeds();
    assertThat(SweepIT.digests(alone.sweep("dynamic")))
        .hasSize(48)
        .containsAllEntriesOf(alone.trials());
    assertThat(log.busyExecutors()).hasSize(2);
    assertThat(log.executorsAtFirstJob()).isZero();
  }

  @Tag("scale")
  @Test
  @DisplayName("9: an executor of 1 GiB trains on 60,000 images of 28 x 28")
  void aGibibyte() throws IOException, InterruptedException {
    Path images = Files.createDirectories(folder.resolve("images"));
    write(images, "train", 60_000);
    write(images, "t10k", 10_000);
    Grlu grlu =
        cluster
            .grlu(folder)
            .conf("spark.executor.memory=1g")
            .file(
                "large.conf",
                """
                grlu {
                  dataset.directory = images
                  network.layers = [784, 16, 10]
                  rule.perturbations = 1
                  training.epochs = 1
                  sweep.seeds = 2
                }
                """);
    grlu.run("sweep", "large.conf", "--out", "large").succeeds();
    Table trials =
        Table.in(folder.resolve("large/sweeps/large/trials").toString(), new Configuration());
    assertThat(trials.read("status"))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).containsEntry("status", "done"));
  }

  @Tag("scale")
  @Test
  @DisplayName("a cluster without room says so after some seconds, and goes on when there is some")
  void noRoom() throws IOException, InterruptedException {
    try (Grlu.Running running =
        cluster
            .quick(folder)
            .conf("spark.executor.cores=2")
            .start("train", "train.conf", "--set", STEPPED, "--json")) {
      running.waitForError("no executor yet: " + cluster.master() + " has no room for one of 2");
      StandaloneCluster.Worker worker = cluster.add("127.0.0.1", 2);
      assertThat(Undisturbed.trained(running.end())).isEqualTo(alone.weights());
      cluster.stop(worker);
    }
  }

  /** Images of noise, a fifth of it inked, as IDX files. */
  private static void write(Path images, String name, int count) throws IOException {
    Random random = new Random(count);
    try (DataOutputStream out = open(images, name + "-images-idx3-ubyte")) {
      for (int header : new int[] {0x803, count, 28, 28}) {
        out.writeInt(header);
      }
      byte[] image = new byte[28 * 28];
      for (int i = 0; i < count; i++) {
        random.nextBytes(image);
        for (int pixel = 0; pixel < image.length; pixel++) {
          image[pixel] = pixel % 5 == 0 ? image[pixel] : 0;
        }
        out.write(image);
      }
    }
    try (DataOutputStream out = open(images, name + "-labels-idx1-ubyte")) {
      out.writeInt(0x801);
      out.writeInt(count);
      for (int i = 0; i < count; i++) {
        out.writeByte(random.nextInt(10));
      }
    }
  }

  private static DataOutputStream open(Path images, String name) throws IOException {
    return new DataOutputStream(
        new java.io.BufferedOutputStream(Files.newOutputStream(images.resolve(name))));
  }
}
