package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Executors, a worker and the driver go; the bits stay, and no trial is lost or there twice. */
@Tag("scale")
@ExtendWith(Shown.class)
class LostProcessesIT {
  /** Steps enough for what happens during them. */
  private static final String TRAIN =
      """
      grlu {
        dataset { name = mnist-sample, validation-examples = 200 }
        network.layers = [784, 32, 10]
        rule.perturbations = 16
        training { epochs = 4, batch-size = 4, learning-rate.max = 0.05 }
        engine.shards = 2
      }
      """;

  /** Trials of half a second. */
  private static final String SWEEP =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 500, validation-examples = 200 }
        network.layers = [784, 32, 10]
        training.epochs = 3
        sweep {
          parameters {
            rule.perturbations = [30, 32]
            training.learning-rate.max = [0.01, 0.02, 0.03, 0.04]
          }
          seeds = 6
        }
      }
      """;

  private static final int TRIALS = 48;
  private static final Pattern TRIAL = Pattern.compile("\\b[0-9a-f]{8}\\b");

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static Undisturbed undisturbed;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    undisturbed = Undisturbed.of(Grlu.in(folder).quick(), folder, TRAIN, SWEEP);
    assertThat(undisturbed.trials()).hasSize(TRIALS);
    cluster = new StandaloneCluster(folder.resolve("cluster"), "127.0.0.1", "127.0.0.1");
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest(
      name = "3: SIGKILL of three executors during stepped training, {0}: the same bits")
  @ValueSource(strings = {"data = broadcast", "data = partitioned", "fold = cluster"})
  void executorsOfSteppedTraining(String engine) throws IOException, InterruptedException {
    EventLog log = undisturbed.log();
    Grlu.Result result;
    try (Grlu.Running running =
        log.of(cluster.quick(folder))
            .start(
                "train",
                "train.conf",
                "--set",
                "engine { mode = stepped, " + engine + " }",
                "--json")) {
      Map<String, Long> killed = killThree(log, 40, new Random(20_261_125));
      result = running.end();
      tell(killed, log, "shard");
    }
    assertThat(Undisturbed.trained(result)).isEqualTo(undisturbed.weights());
  }

  @Test
  @DisplayName("3: SIGKILL of three executors during a sweep: the same bits, each trial once")
  void executorsOfASweep() throws IOException, InterruptedException {
    EventLog log = undisturbed.log();
    try (Grlu.Running running =
        log.of(cluster.quick(folder)).start("sweep", "sweep.conf", "--out", "executors")) {
      Map<String, Long> killed = killThree(log, 4, new Random(20_261_126));
      running.end().succeeds();
      tell(killed, log, "trial");
    }
    undisturbed.assertSweep("executors");
  }

  /**
   * Kills three executors that are at work, some jobs one after another, whether or not the last
   * one's successor is there already: then all work stands still until it is.
   *
   * @return when each was killed, by its number
   */
  private static Map<String, Long> killThree(EventLog log, int most, Random random)
      throws IOException, InterruptedException {
    Map<String, Long> killed = new LinkedHashMap<>();
    int enough = 0;
    for (int kill = 1; kill <= 3; kill++) {
      int jobs = enough + 1 + random.nextInt(most);
      StandaloneCluster.await(
          "job %d and an executor to kill".formatted(jobs),
          () -> log.jobs() >= jobs && !victims(log, killed.keySet()).isEmpty());
      enough = log.jobs();
      List<StandaloneCluster.Worker> victims = victims(log, killed.keySet());
      StandaloneCluster.Worker victim = victims.get(random.nextInt(victims.size()));
      killed.put(victim.executorId(log.application()), System.currentTimeMillis());
      StandaloneCluster.signal("KILL", victim.executor());
    }
    return killed;
  }

  /** How long it took until work went on, and until an executor that was new had done some. */
  private static void tell(Map<String, Long> killed, EventLog log, String task) {
    for (String executor : killed.keySet()) {
      long at = killed.get(executor);
      Set<String> before =
          log.begun().stream()
              .filter(attempt -> attempt.launchedAt() <= at)
              .map(EventLog.Attempt::executor)
              .collect(Collectors.toSet());
      long back = firstAfter(at, log, before);
      System.out.printf(
          Locale.ROOT,
          "executor %s was killed: the first %s begun after that ended after %.1f s%s%n",
          executor,
          task,
          (firstAfter(at, log, Set.of()) - at) * 1e-3,
          back == 0 ? "" : ", one on a new executor after %.1f s".formatted((back - at) * 1e-3));
    }
  }

  /** When the first task that was launched after a moment ended well, on none of some executors. */
  private static long firstAfter(long moment, EventLog log, Set<String> elsewhere) {
    return log.ended().stream()
        .filter(EventLog.Attempt::successful)
        .filter(attempt -> attempt.launchedAt() > moment)
        .filter(attempt -> !elsewhere.contains(attempt.executor()))
        .mapToLong(EventLog.Attempt::finishedAt)
        .min()
        .orElse(0);
  }

  /** Workers whose executor has ended a task and was not killed. */
  private static List<StandaloneCluster.Worker> victims(EventLog log, Set<String> killed) {
    return cluster.workers().stream()
        .filter(
            worker -> isBusy(worker, log) && !killed.contains(worker.executorId(log.application())))
        .toList();
  }

  /** Whether the executor that a worker started last has ended a task. */
  private static boolean isBusy(StandaloneCluster.Worker worker, EventLog log) {
    String application = log.application();
    String executor = application == null ? null : worker.executorId(application);
    return executor != null && log.busyExecutors().contains(executor);
  }

  @Test
  @DisplayName("4: a worker is stopped and another started during a sweep: the new one gets trials")
  void workers() throws IOException, InterruptedException {
    EventLog log = undisturbed.log();
    try (Grlu.Running running =
        log.of(cluster.quick(folder)).start("sweep", "sweep.conf", "--out", "workers")) {
      StandaloneCluster.Worker stopped = cluster.workers().get(0);
      StandaloneCluster.await(
          "trials on both", () -> cluster.workers().stream().allMatch(w -> isBusy(w, log)));
      cluster.stop(stopped);
      StandaloneCluster.Worker started = cluster.add("127.0.0.1", 1);
      StandaloneCluster.await("trials on the new worker", () -> isBusy(started, log));
      running.end().succeeds();
    }
    undisturbed.assertSweep("workers");
  }

  @Test
  @DisplayName("4: a worker that comes during stepped training: steps have a shard for it")
  void aWorkerDuringSteppedTraining() throws IOException, InterruptedException {
    EventLog log = undisturbed.log();
    Grlu.Result result;
    try (Grlu.Running running =
        log.of(cluster.quick(folder))
            .start(
                "train",
                "train.conf",
                "--set",
                "engine.mode=stepped",
                "--set",
                "engine.shards=0",
                "--json")) {
      StandaloneCluster.await("steps on both", () -> log.busyExecutors().size() == 2);
      StandaloneCluster.Worker third = cluster.add("127.0.0.1", 1);
      StandaloneCluster.await("steps on the third", () -> isBusy(third, log));
      result = running.end();
      cluster.stop(third);
    }
    assertThat(Undisturbed.trained(result)).isEqualTo(undisturbed.weights());
    Map<Integer, Long> shards =
        log.ended().stream()
            .collect(Collectors.groupingBy(EventLog.Attempt::job, Collectors.counting()));
    assertThat(shards).containsValue(3L);
  }

  private static List<String> names(Path folder) {
    try {
      return Grlu.names(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("6: SIGKILL of the driver during a sweep: submitted again, it runs what is missing")
  void driver() throws IOException, InterruptedException {
    Path sweep = undisturbed.sweep("driver");
    try (Grlu.Running running =
        cluster.quick(folder).start("sweep", "sweep.conf", "--out", "driver")) {
      StandaloneCluster.await(
          "a commit",
          () -> names(sweep.resolve("trials")).stream().anyMatch(name -> name.startsWith("part-")));
      running.kill();
    }
    Map<String, Map<String, Object>> before = SweepIT.trials(sweep);
    assertThat(before.size()).isBetween(1, TRIALS - 1);
    EventLog log = undisturbed.log();
    Grlu.Result again =
        log.of(cluster.quick(folder)).run("sweep", "sweep.conf", "--out", "driver").succeeds();
    assertThat(again.err())
        .anyMatch(line -> line.startsWith("taken over from process "))
        .contains(
            "%d trials are known, %d are not".formatted(before.size(), TRIALS - before.size()));
    assertThat(SweepIT.trials(sweep)).containsAllEntriesOf(before);
    Set<String> known =
        before.keySet().stream().map(id -> id.substring(0, 8)).collect(Collectors.toSet());
    Set<String> run = new HashSet<>();
    for (String description : log.descriptions()) {
      TRIAL.matcher(description).results().forEach(found -> run.add(found.group()));
    }
    assertThat(run).hasSize(TRIALS - before.size()).doesNotContainAnyElementsOf(known);
    assertThat(SweepIT.digests(sweep)).isEqualTo(undisturbed.trials());
  }
}
