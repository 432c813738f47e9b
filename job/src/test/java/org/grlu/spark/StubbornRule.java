package org.grlu.spark;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.Leaf;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.LeafSums;
import org.grlu.rule.NoisyRule;
import org.grlu.rule.StepUpdate;
import org.grlu.rule.UpdateForm;

/** A rule, but the first so many attempts of each task throw, or end their JVM. */
public record StubbornRule(NoisyRule rule, int failures, Harm harm) implements NoisyRule {
  /** What an attempt does. */
  public enum Harm {
    THROW,
    HALT,
    /** As often as {@link #missing} says, whichever task it is: want of memory. */
    OUT_OF_MEMORY,
    /** Throws what an executor does that is ending, while {@link #REFUSALS} are left. */
    REFUSE,
    /** Its bytes make no rule in a task. */
    UNREADABLE,
    /**
     * None, but that a trial takes as many milliseconds as there are failures, and no processor.
     */
    SLEEP
  }

  /** How many more trials of this JVM find no memory. */
  public static final AtomicInteger missing = new AtomicInteger();

  static final AtomicInteger REFUSALS = new AtomicInteger();

  /** Made anew where it is read. */
  public StubbornRule {
    if (harm == Harm.UNREADABLE && TaskContext.get() != null) {
      throw new IllegalStateException("made to fail");
    }
  }

  public StubbornRule(NoisyRule rule, int failures) {
    this(rule, failures, Harm.THROW);
  }

  @Override
  public NoiseKind noise() {
    return rule.noise();
  }

  @Override
  public double hiddenNoise() {
    return rule.hiddenNoise();
  }

  @Override
  public double outputNoise() {
    return rule.outputNoise();
  }

  @Override
  public int perturbations() {
    return rule.perturbations();
  }

  @Override
  public boolean pairsTogether() {
    return rule.pairsTogether();
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    return rule.state(shape, seed);
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return rule.form(shape, l);
  }

  @Override
  public List<Integer> ownSums(NetworkShape shape) {
    return rule.ownSums(shape);
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    return rule.update(shape, grid, memory);
  }

  @Override
  public int passesPerExample() {
    return rule.passesPerExample();
  }

  @Override
  public int rewardsPerExample() {
    return rule.rewardsPerExample();
  }

  @Override
  public double scale(NetworkShape shape, int l, double rate, double noise, int batch) {
    return rule.scale(shape, l, rate, noise, batch);
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    Worker worker = rule.worker(shape, grid, memory);
    if (harm == Harm.SLEEP) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(failures));
      return worker;
    }
    return new Worker() {
      @Override
      public void prepare(Weights weights) {
        worker.prepare(weights);
      }

      @Override
      public void leaf(Leaf leaf, LeafSums sums) {
        if (harm == Harm.OUT_OF_MEMORY && missing.getAndDecrement() > 0) {
          throw new OutOfMemoryError("made to fail");
        }
        if (harm == Harm.REFUSE && REFUSALS.getAndDecrement() > 0) {
          throw new RejectedExecutionException(
              "Task org.apache.spark.executor.Executor$TaskRunner@1 rejected");
        }
        if (harm != Harm.OUT_OF_MEMORY && TaskContext.get().attemptNumber() < failures) {
          if (harm == Harm.HALT) {
            Runtime.getRuntime().halt(1);
          }
          throw new IllegalStateException("made to fail");
        }
        worker.leaf(leaf, sums);
      }
    };
  }
}
