package org.grlu.spark;

import java.util.Locale;
import org.apache.spark.SparkConf;
import org.grlu.config.Settings;
import org.grlu.rule.Fold;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.ShardSize;
import org.grlu.store.RunException;
import org.grlu.training.TrialSettings;

/**
 * What the tasks of a step return, held against what Spark lets a job return to the driver: beyond
 * it, Spark fails the job.
 */
public final class StepResults {
  static final String LIMIT = "spark.driver.maxResultSize";
  private static final long GIBIBYTE = 1L << 30;

  /** What comes with each task's result: times, metrics, serialisation. */
  private static final long BESIDE = 16_384;

  /** Of one task, or of one slice: an array of bytes. */
  private static final long MOST_OF_A_SHARD = Integer.MAX_VALUE - BESIDE;

  /** Bytes of a rule's state that are broadcast at each step. */
  static final long MOST_STATE = GIBIBYTE / 4;

  private final LeafGrid grid;
  private final ShardSize size;
  private final Fold fold;
  private final long perExample;
  private final long limit;

  /**
   * For the steps of a trial.
   *
   * @param fold where matrices are folded
   * @param perExample bytes of an example that a shard returns beside its sums
   */
  StepResults(TrialSettings trial, Fold fold, long perExample, SparkConf conf) {
    // executors that are threads of the driver's JVM have nothing to send
    boolean here = conf.get("spark.master", "").matches("local(\\[.*)?");
    this.fold = fold == Fold.AUTO && here ? Fold.DRIVER : fold;
    this.grid = grid(trial);
    this.perExample = perExample;
    this.size = new ShardSize(trial.shape(), trial.rule(), grid);
    this.limit = limit(conf);
  }

  private static LeafGrid grid(TrialSettings trial) {
    return LeafGrid.of(trial.shape(), trial.rule(), trial.training().batchSize());
  }

  private static long limit(SparkConf conf) {
    try {
      long bytes = conf.getSizeAsBytes(LIMIT, "1g");
      return bytes == 0 ? Long.MAX_VALUE : bytes;
    } catch (IllegalArgumentException e) {
      throw new RunException(
          "%s=%s: must be a size, as 3g or 512m; 0 is no limit".formatted(LIMIT, conf.get(LIMIT)));
    }
  }

  /**
   * Refuses a stepped run whose steps would return more than Spark allows. Where the number of
   * shards is left to the engine, it takes as few as need be.
   *
   * @throws RunException says what to set
   */
  public static void check(Settings settings, SparkConf conf) {
    if (!settings.stepped()) {
      return;
    }
    checkState(settings.trial());
    // of floats, at most, and a label
    int example = settings.shape().inputs(0) * Float.BYTES + 1;
    StepResults results =
        new StepResults(
            settings.trial(), settings.fold(), settings.partitioned() ? example : 0, conf);
    if (settings.fold() == Fold.CLUSTER && results.size.matrices() == 0) {
      throw new RunException(
          "engine.fold = cluster: must be driver or auto where shards return no matrix to fold, as with rule.name = %s and network.layers = %s"
              .formatted(settings.text("rule.name"), settings.shape().layers()));
    }
    int shards = Math.max(1, settings.shards());
    if (results.fits(shards)) {
      return;
    }
    int fewer = results.fitting(shards);
    long bytes = results.bytes(shards);
    String what =
        "engine.shards = %d: the tasks of a step of network.layers = %s return %s"
            .formatted(settings.shards(), settings.shape().layers(), gibibytes(bytes));
    String allowed =
        results.eachFits(shards)
            ? ", more than %s = %s; --conf %s=%dg allows it"
                .formatted(LIMIT, conf.get(LIMIT, "1g"), LIMIT, (bytes + GIBIBYTE - 1) / GIBIBYTE)
            : ", one of them more than the 2 GiB that a task may";
    String less =
        fewer > 0 ? ", engine.shards = %d returns less".formatted(fewer) : fewerThanOne(results);
    throw new RunException(what + allowed + less);
  }

  /** What leaves read is broadcast at each step: some state is too large for that. */
  static void checkState(TrialSettings trial) {
    long bytes = trial.state().ofLeaves().count() * Float.BYTES;
    if (bytes > MOST_STATE) {
      throw new RunException(
          "engine.mode = stepped: must be task with this rule, which keeps %s beside the weights that would be broadcast at each step; at most %s are"
              .formatted(gibibytes(bytes), gibibytes(MOST_STATE)));
    }
  }

  private static String fewerThanOne(StepResults results) {
    return results.eachFits(1) ? "" : "; engine.mode = task returns nothing until the end";
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", (double) bytes / GIBIBYTE);
  }

  /** How many shards of a step of a trial can be busy at a time. */
  public static int mostBusy(TrialSettings trial) {
    return grid(trial).leaves();
  }

  /** What to say of how many shards of a trial's steps can be busy. */
  public static String busy(TrialSettings trial) {
    return "a step has %s: as many shards can be busy at a time".formatted(leaves(mostBusy(trial)));
  }

  private static String leaves(int leaves) {
    return leaves == 1 ? "1 leaf" : leaves + " leaves";
  }

  /** What to say where more shards were asked for than can be busy; null where not. */
  String surplus(String asked, int shards) {
    return shards <= grid.leaves()
        ? null
        : "%s: a step of batch %d, P %d has %s, and no more shards are busy at a time"
            .formatted(asked, grid.batch(), grid.perturbations(), leaves(grid.leaves()));
  }

  /** The most shards, at most so many, whose results Spark allows; 0 where not even one's are. */
  int fitting(int shards) {
    int most = shards;
    while (most > 0 && !fits(most)) {
      most--;
    }
    return most;
  }

  private boolean fits(int shards) {
    return bytes(shards) <= limit && eachFits(shards);
  }

  private boolean eachFits(int shards) {
    boolean there = inCluster(shards);
    for (int i = 0; i < shards; i++) {
      long slice = there ? size.cut(i, shards) / shards : 0;
      if (Math.max(returned(i, shards, there), slice) > MOST_OF_A_SHARD) {
        return false;
      }
    }
    return true;
  }

  private long bytes(int shards) {
    // shards of one block of examples return each all of them
    long examples = grid.batch() + (long) shards * grid.blockExamples();
    long bytes = shards * BESIDE + examples * perExample;
    boolean there = inCluster(shards);
    for (int i = 0; i < shards; i++) {
      bytes += returned(i, shards, there);
    }
    return bytes + (there ? size.matrices() : 0);
  }

  /** Bytes that come from a shard itself. */
  private long returned(int i, int shards, boolean inCluster) {
    return size.of(i, shards) - (inCluster ? size.cut(i, shards) : 0);
  }

  /** Whether executors fold the matrices of so many shards. */
  boolean inCluster(int shards) {
    return fold == Fold.CLUSTER || (fold == Fold.AUTO && size.soonerInCluster(shards));
  }
}
