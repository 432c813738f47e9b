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
 * clean. The broadcast dataset is only read. Trials' ends go to the driver by messages, a few at a
 * time where they are many; those that it is not sure to have are returned, in a {@link Result} as
 * {@link JavaBytes}: the last ones, and all of a task of one trial. A trial's failure is an
 * outcome; what is thrown is the task's own failure, or its cancellation.
 */
final class SweepTask extends AbstractFunction1<Iterator<Integer>, byte[]> implements Serializable {
  private static final long serialVersionUID = 1;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Of weights that go as a message; larger ones are Spark's to carry, as a result. */
  private static final int MOST_BYTES = 4 << 20;

  private final String address;
  private final long first;

  /**
   * Of each task of the job: in Spark's broadcast, since checkpoints are too large for a message.
   */
  private final byte[][] works;

  private final double pauseSeconds;
  private final Broadcast<SharedDataset> dataset;

  /** What a task does. */
  record Works(List<TrialWork> works) implements Serializable {}

  /** What a task gives: the ends that it has not sent. */
  record Result(List<TrialEnd> ends) implements Serializable {}

  /** Trials that have ended, while the task goes on. */
  record Some(long task, List<TrialEnd> ends) implements Serializable {}

  /** The task has left Spark's queue. */
  record Begun(long task) implements Serializable {}

  /**
   * @param address of the message that it has begun, see {@link ProgressPlugin}
   * @param first number of the job's first task in that message
   * @param tasks what each of the job's tasks does
   * @param pauseSeconds between two messages of ends, at least
   */
  SweepTask(
      String address,
      long first,
      List<List<TrialWork>> tasks,
      double pauseSeconds,
      Broadcast<SharedDataset> dataset) {
    this.address = address;
    this.first = first;
    this.pauseSeconds = pauseSeconds;
    this.works =
        tasks.stream()
            .map(works -> JavaBytes.of(new Works(new ArrayList<>(works))))
            .toArray(byte[][]::new);
    this.dataset = dataset;
  }

  @Override
  public byte[] apply(Iterator<Integer> partition) {
    int number = partition.next();
    ProgressPlugin.send(address, new Begun(first + number));
    EjmlConcurrency.USE_CONCURRENT = false;
    Dataset data = dataset.value().dataset();
    List<TrialWork> all = JavaBytes.read(works[number], Works.class).works();
    Outbox outbox = new Outbox(first + number);
    for (TrialWork work : all) {
      try {
        outbox.ends.add(end(work, data, outbox));
      } catch (TaskKilledException e) {
        outbox.send();
        throw e;
      }
    }
    return JavaBytes.of(new Result(outbox.left()));
  }

  private TrialEnd end(TrialWork work, Dataset data, Outbox outbox) {
    // before a trial and during it, so that the last are returned
    outbox.sendNowAndThen();
    long start = System.nanoTime();
    long cpu = THREADS.getCurrentThreadCpuTime();
    Watch watch = new Watch(TaskContext.get(), work, outbox::sendNowAndThen);
    TrialOutcome outcome = run(work, data, watch);
    double seconds = (System.nanoTime() - start) * 1e-9;
    double cpuSeconds = (THREADS.getCurrentThreadCpuTime() - cpu) * 1e-9;
    return new TrialEnd(work.id(), outcome, watch.outOfMemory, seconds, cpuSeconds);
  }

  /** Ends on their way to the driver. */
  private final class Outbox {
    private final List<TrialEnd> ends = new ArrayList<>();
    private final List<TrialEnd> kept = new ArrayList<>();
    private final long task;
    private long sentAt = System.nanoTime();

    Outbox(long task) {
      this.task = task;
    }

    void sendNowAndThen() {
      if (!ends.isEmpty() && (System.nanoTime() - sentAt) * 1e-9 >= pauseSeconds) {
        send();
        sentAt = System.nanoTime();
      }
    }

    void send() {
      List<TrialEnd> sent = new ArrayList<>();
      for (TrialEnd end : ends) {
        byte[] model = end.outcome().model();
        (model == null || model.length <= MOST_BYTES ? sent : kept).add(end);
      }
      if (!sent.isEmpty() && !ProgressPlugin.deliver(address, new Some(task, sent))) {
        kept.addAll(sent);
      }
      ends.clear();
    }

    List<TrialEnd> left() {
      kept.addAll(ends);
      return kept;
    }
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
      TrialOutcome outcome =
          work.withModel() ? TrialOutcome.withModel(result) : TrialOutcome.of(result);
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

  /**
   * Ends a trial that is cancelled or overdue: training itself looks at neither. Sends ends, too.
   */
  private static final class Watch implements TrialListener {
    private final TaskContext context;
    private final TrialWork work;
    private final Runnable meanwhile;
    private final long start = System.nanoTime();
    private final List<EpochMetrics> finished = new ArrayList<>();
    private boolean outOfMemory;

    Watch(TaskContext context, TrialWork work, Runnable meanwhile) {
      this.context = context;
      this.work = work;
      this.meanwhile = meanwhile;
    }

    @Override
    public void progress(int epoch, double share, double meanReward, double rate) {
      if (context.isInterrupted()) {
        throw new TaskKilledException("cancelled");
      }
      meanwhile.run();
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
