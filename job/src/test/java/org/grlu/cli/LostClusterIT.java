package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A standalone cluster of which nothing is left: runs end in order, instead of never. */
@Tag("scale")
@ExtendWith(Shown.class)
class LostClusterIT {
  private static final String LIMIT = "spark.grlu.executorTimeout=2s";

  private static final String CONFIGURATION =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 480 }
        network.layers = [784, 32, 10]
        rule.perturbations = 5
        training { epochs = 200, batch-size = 24, learning-rate.max = 0.02 }
      }
      """;

  private static final String SWEEP =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 500, validation-examples = 200 }
        network.layers = [784, 32, 10]
        training.epochs = 20
        sweep { parameters { rule.perturbations = [20, 22] }, seeds = 100 }
      }
      """;

  @TempDir private Path folder;

  private static Grlu one(StandaloneCluster cluster, Path folder) {
    return cluster.quick(folder).conf("spark.cores.max=1").conf(LIMIT);
  }

  @Test
  @DisplayName(
      "master and executors killed: stepped training and a sweep end with exit code 4, the cause"
          + " and how to take them up; a worker's port given as the master's makes nothing")
  void masterAndExecutorsKilled() throws IOException, InterruptedException {
    try (StandaloneCluster cluster =
        new StandaloneCluster(folder.resolve("cluster"), "127.0.0.1", "127.0.0.1")) {
      Grlu train = one(cluster, folder).file("train.conf", CONFIGURATION);
      Grlu sweep = one(cluster, folder).file("sweep.conf", SWEEP);
      Path runs = folder.resolve("runs");
      try (Grlu.Running stepped =
              train.start("train", "train.conf", "--set", "engine.mode=stepped", "--out", "runs");
          Grlu.Running trials = sweep.start("sweep", "sweep.conf", "--out", "sweeps")) {
        stepped.waitForLine("Epoch 1/");
        trials.waitFor(() -> hasTrials(folder.resolve("sweeps/sweeps/sweep/trials")));
        String worker = cluster.workers().get(0).url();
        new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu"))
            .master(worker)
            .run("train", "train.conf", "--out", "none")
            .saysOnly(4, "no Spark master answers at " + worker, "another process of Spark's");
        assertThat(folder.resolve("none")).doesNotExist();
        cluster.killMasterThenExecutors();
        ended(cluster, stepped.end(), "train.conf", "--resume " + Grlu.names(runs).get(0));
        ended(cluster, trials.end(), "sweep.conf", "--out sweeps");
      }
    }
  }

  private static boolean hasTrials(Path table) {
    try {
      return !Grlu.names(table).isEmpty();
    } catch (IOException e) {
      // it is not there yet
      return false;
    }
  }

  private static void ended(StandaloneCluster cluster, Grlu.Result result, String... takeUp) {
    String lost =
        "no executor is left of the 1 that there were, and no Spark master answers at "
            + cluster.master();
    assertThat(result.err())
        .anySatisfy(
            line -> assertThat(line).startsWith(lost).endsWith("; ends in 2 s unless one comes"))
        .anySatisfy(
            line ->
                assertThat(line).startsWith("not finished; take it up with: ").contains(takeUp));
    result.says(4, lost, "; none came in 2 s (spark.grlu.executorTimeout)");
  }
}
