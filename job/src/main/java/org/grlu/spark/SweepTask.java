package org.grlu.spark;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.broadcast.Broadcast;
import org.ejml.concurrency.EjmlConcurrency;
import org.grlu.datasets.Dataset;
import org.grlu.reports.TrialStatus;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Checkpoint;
import org.grlu.training.EpochMetrics;
import org.grlu.training.LocalEngine;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * Some trials, one after another, in one task: a named class, so that Spark has no closure to
 * clean. The broadcast dataset is only read. Returns a {@link Result} as {@link JavaBytes}. A
 * trial's failure is an outcome; what is thrown is the task's own failure, or its cancellation.
 */
final class SweepTask extends AbstractFunction1<Iterator<Integer>, byte[]> implements Serializable {
  private static final long serialVersionUID = 1;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String address;
  private final long job;
  private final byte[] works;
  private final Broadcast<SharedDataset> dataset;

  /** What a task does. */
  record Works(List<TrialWork> works) implements Serializable {}

  /** What a task gives. */
  record Result(List<TrialEnd> ends) implements Serializable {}

  /** The task has left Spark's queue. */
  record Begun(long job) implements Serializable {}

  /**
   * @param address of the message that it has begun, see {@link ProgressPlugin}
   * @param job its number in that message
   */
  SweepTask(String address, long job, List<TrialWork> works, Broadcast<SharedDataset> dataset) {
    this.address = address;
    this.job = job;
    this.works = JavaBytes.of(new Works(new ArrayList<>(works)));
    this.dataset = dataset;
  }

  @Override
  public byte[] apply(Iterator<Integer> partition) {
    ProgressPlugin.send(address, new Begun(job));
    EjmlConcurrency.USE_CONCURRENT = false;
    Dataset data = dataset.value().dataset();
    List<TrialEnd> ends = new ArrayList<>();
    for (TrialWork work : JavaBytes.read(works, Works.class).works()) {
      long start = System.nanoTime();
      long cpu = THREADS.getCurrentThreadCpuTime();
      Watch watch = new Watch(TaskContext.get(), work);
      TrialOutcome outcome = run(work, data, watch);
      double seconds = (System.nanoTime() - start) * 1e-9;
      double cpuSeconds = (THREADS.getCurrentThreadCpuTime() - cpu) * 1e-9;
      ends.add(new TrialEnd(work.id(), outcome, watch.outOfMemory, seconds, cpuSeconds));
    }
    return JavaBytes.of(new Result(ends));
  }

  private static TrialOutcome run(TrialWork work, Dataset shared, Watch watch) {
    Trial trial = null;
    try {
      Dataset data = work.settings().presented(shared);
      Checkpoint from =
          work.checkpoint() == null
              ? Checkpoint.initial(work.settings(), data.train())
              : Checkpoint.fromFile(work.checkpoint(), work.settings());
      watch.finished.addAll(from.epochs());
      LocalEngine engine = new LocalEngine(work.settings(), data.train(), from.weights().memory());
      trial = new Trial(work.settings(), data, engine, watch);
      TrialResult result = trial.run(from, work.until());
      TrialOutcome outcome = TrialOutcome.of(result);
      return result.status() == TrialStatus.STOPPED
          ? outcome.with(result.reached().toFile())
          : outcome;
    } catch (TaskKilledException e) {
      throw e;
    } catch (OverdueException e) {
      return TrialOutcome.failed(e.getMessage(), watch.finished, TrialTask.unfinished(trial));
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      watch.outOfMemory = e instanceof OutOfMemoryError;
      // returned, not thrown: what runs again, and how, is the sweep's to say
      return TrialOutcome.failed(e, watch.finished, TrialTask.unfinished(trial));
    }
  }

  /** A trial that took longer than it may. */
  private static final class OverdueException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OverdueException(double minutes) {
      super("took longer than %s minutes (budget.trial-minutes)".formatted(minutes));
    }
  }

  /** Ends a trial that is cancelled or overdue: training itself looks at neither. */
  private static final class Watch implements TrialListener {
    private final TaskContext context;
    private final TrialWork work;
    private final long start = System.nanoTime();
    private final List<EpochMetrics> finished = new ArrayList<>();
    private boolean outOfMemory;

    Watch(TaskContext context, TrialWork work) {
      this.context = context;
      this.work = work;
    }

    @Override
    public void progress(int epoch, double share, double meanReward, double rate) {
      if (context.isInterrupted()) {
        throw new TaskKilledException("cancelled");
      }
      double minutes = (System.nanoTime() - start) * 1e-9 / 60;
      if (work.maxMinutes() > 0 && minutes > work.maxMinutes()) {
        throw new OverdueException(work.maxMinutes());
      }
    }

    @Override
    public void epoch(Checkpoint reached) {
      finished.add(reached.last());
      if (finished.size() < work.until()) {
        progress(finished.size(), 1, 0, 0);
      }
    }
  }
}
