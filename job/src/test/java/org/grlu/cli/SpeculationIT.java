package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Spark runs copies of tasks that are slow: what both attempts give counts once. */
@ExtendWith(Shown.class)
class SpeculationIT {
  private static final String TRAIN =
      """
      grlu {
        dataset { name = mnist-sample, validation-examples = 200 }
        network.layers = [784, 32, 10]
        rule.perturbations = 16
        training { epochs = 2, batch-size = 8, learning-rate.max = 0.02 }
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
          parameters { rule.perturbations = [30, 32], training.learning-rate.max = [0.01, 0.03] }
          seeds = 8
        }
      }
      """;

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static Undisturbed undisturbed;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    undisturbed = Undisturbed.of(Grlu.in(folder).quick(), folder, TRAIN, SWEEP);
    assertThat(undisturbed.trials()).hasSize(32);
    // two names of one host: Spark starts no copy of a task on the host where the task runs
    cluster = new StandaloneCluster(folder.resolve("cluster"), "127.0.0.1", "localhost");
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Copies of a shard that takes a fifth of a second, or of a trial that takes three. */
  private static Grlu speculating(EventLog log) {
    return log.of(cluster.quick(folder))
        .conf("spark.cores.max=2")
        .conf("spark.scheduler.minRegisteredResourcesRatio=1")
        .conf("spark.speculation=true")
        .conf("spark.speculation.interval=50ms")
        .conf("spark.speculation.minTaskRuntime=200ms")
        .conf("spark.speculation.quantile=0.5")
        .conf("spark.speculation.multiplier=1.5")
        // Without which a job of one task has no copies. No trial takes so long: were one copied
        // that is not held, the copy itself could be held, and its original would win.
        .conf("spark.speculation.task.duration.threshold=3s")
        // a copy that asks the executor that hangs for its broadcast is to ask another soon
        .conf("spark.shuffle.io.connectionTimeout=3s")
        .conf("spark.shuffle.io.maxRetries=0");
  }

  @Test
  @DisplayName("5: speculation during a sweep, one executor held: each trial once, the same bits")
  void trials() throws IOException, InterruptedException {
    EventLog log = undisturbed.log();
    try (Grlu.Running running =
        speculating(log).start("sweep", "sweep.conf", "--out", "speculation")) {
      ProcessHandle held = holdUntilACopyHasWon(log);
      StandaloneCluster.signal("CONT", held);
      running.end().succeeds();
    }
    undisturbed.assertSweep("speculation");
    say(log);
  }

  @Tag("scale")
  @Test
  @DisplayName(
      "5: speculation during stepped training, one executor hangs to the end: the same bits")
  void shards() throws IOException, InterruptedException {
    EventLog log = undisturbed.log();
    Grlu.Result result;
    try (Grlu.Running running =
        speculating(log)
            // so long the driver waits for the executor that hangs, when it takes the images back
            .conf("spark.rpc.askTimeout=10s")
            .start("train", "train.conf", "--set", "engine.mode=stepped", "--json")) {
      ProcessHandle held = holdUntilACopyHasWon(log);
      result = running.end();
      // Spark lets it live for ten seconds, beside the next test's
      held.destroyForcibly();
      StandaloneCluster.await("the end of the executor that hung", () -> !held.isAlive());
    }
    assertThat(Undisturbed.trained(result)).isEqualTo(undisturbed.weights());
    say(log);
  }

  /** Stops an executor that is at work, until the other has done its task. */
  private static ProcessHandle holdUntilACopyHasWon(EventLog log)
      throws IOException, InterruptedException {
    StandaloneCluster.Worker worker = cluster.workers().get(0);
    StandaloneCluster.await("two busy executors", () -> log.busyExecutors().size() == 2);
    String held = worker.executorId(log.application());
    long at = System.currentTimeMillis();
    ProcessHandle executor = worker.executor();
    StandaloneCluster.signal("STOP", executor);
    StandaloneCluster.await(
        "the end of a copy",
        () ->
            log.ended().stream()
                .anyMatch(
                    attempt ->
                        attempt.speculative()
                            && attempt.successful()
                            && attempt.finishedAt() > at
                            && !attempt.executor().equals(held)));
    return executor;
  }

  private static void say(EventLog log) {
    long begun = log.begun().stream().filter(EventLog.Attempt::speculative).count();
    long won = log.ended().stream().filter(a -> a.speculative() && a.successful()).count();
    assertThat(won).isPositive();
    System.out.printf(
        "copies of tasks: %d begun, %d won, of %d attempts%n", begun, won, log.begun().size());
  }
}
