package org.grlu.spark;

import java.io.Serializable;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.grlu.network.Weights;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.RowSlices;
import org.grlu.rule.ShardWorker;
import org.grlu.training.Evaluation;
import org.grlu.training.TrialSettings;

/**
 * A stepped run's settings, broadcast once, and beside them in each JVM the memory that its tasks
 * work in. That is no part of the value: it is not serialised, and goes when Spark takes the run's
 * broadcast back, so that nothing outlives a run or is taken from another one.
 */
final class RunScratch implements Serializable {
  private static final long serialVersionUID = 1;

  /** {@link TrialSettings} as {@link JavaBytes}. */
  private final byte[] settings;

  /** Made where it is first asked for: no serialiser brings it along. */
  private transient Queue<Scratch> idle;

  /** By thread: what its last task returned, which Spark copies before that thread's next one. */
  private transient ThreadLocal<byte[]> results;

  RunScratch(TrialSettings settings) {
    this.settings = JavaBytes.of(settings);
  }

  /** What one thread needs beside the weights' bytes. */
  static final class Scratch {
    final TrialSettings settings;
    final LeafGrid grid;
    final Weights weights;
    final ShardWorker worker;
    final KeyedPerturbations perturbations;

    /** Made when first asked for. */
    private Evaluation evaluation;

    private Scratch(TrialSettings settings) {
      this.settings = settings;
      grid = grid(settings);
      weights = new Weights(settings.shape()).with(settings.state().ofLeaves());
      worker =
          new ShardWorker(
              settings.shape(),
              settings.inputs(),
              settings.augmentation(),
              settings.rule(),
              grid,
              weights.memory());
      perturbations = settings.perturbations();
    }

    Evaluation evaluation() {
      if (evaluation == null) {
        evaluation = new Evaluation(settings);
      }
      return evaluation;
    }
  }

  /** So many bytes for this thread's task to return. */
  byte[] result(int bytes) {
    ThreadLocal<byte[]> all = results();
    byte[] result = all.get();
    if (result == null || result.length != bytes) {
      result = new byte[bytes];
      all.set(result);
    }
    return result;
  }

  private synchronized ThreadLocal<byte[]> results() {
    if (results == null) {
      results = new ThreadLocal<>();
    }
    return results;
  }

  private synchronized Queue<Scratch> idle() {
    if (idle == null) {
      idle = new ConcurrentLinkedQueue<>();
    }
    return idle;
  }

  /** The run's matrices in so many slices. */
  RowSlices slices(int count) {
    TrialSettings trial = trial();
    return new RowSlices(trial.shape(), trial.rule(), count);
  }

  /** The grid of its steps. */
  LeafGrid grid() {
    return grid(trial());
  }

  private static LeafGrid grid(TrialSettings trial) {
    return LeafGrid.of(trial.shape(), trial.rule(), trial.training().batchSize());
  }

  private TrialSettings trial() {
    return JavaBytes.read(settings, TrialSettings.class);
  }

  /** Memory that no other thread works in; to be given back. */
  Scratch take() {
    Scratch scratch = idle().poll();
    return scratch == null ? new Scratch(trial()) : scratch;
  }

  void giveBack(Scratch scratch) {
    idle().add(scratch);
  }

  /** How many threads' memory waits here for the next step. */
  int size() {
    return idle().size();
  }

  /** Frees what is here, in the driver's JVM. */
  void clear() {
    idle().clear();
  }
}
