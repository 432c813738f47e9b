package org.grlu.spark;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.grlu.datasets.Dataset;
import org.grlu.sweep.TrialEnd;
import scala.collection.immutable.Seq;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Trials on Spark's slots, without a thread for each: every job is one task of one or more trials,
 * and what becomes of it is told as an event. To be used by one thread.
 */
public final class TrialPool implements AutoCloseable {
  /** Where callbacks run: in Spark's own thread, since they only queue an event. */
  private static final ExecutionContext DIRECT = ExecutionContext.fromExecutor(Runnable::run);

  private static final long SLOTS_NANOS = 1_000_000_000;

  /**
   * Messages of ends are at most so many a second, of all tasks together; or one a task in this.
   */
  private static final double MESSAGES = 3000;

  private static final double PAUSE_SECONDS = 0.2;

  private final JavaSparkContext spark;
  private final String name;
  private final RDD<Integer> one;
  private final Seq<Object> partition = CollectionConverters.asScala(List.<Object>of(0)).toSeq();
  private final Map<Dataset, Broadcast<SharedDataset>> broadcasts = new HashMap<>();
  private final Map<Long, SimpleFutureAction<byte[]>> jobs = new HashMap<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private long submitted;
  private int slots;
  private long slotsAt;

  /** What happens to jobs. */
  public sealed interface Event permits Begun, Some, Ended, Lost, Woken {}

  /** A job's task has begun to run; where Spark runs it again, so it is told again. */
  public record Begun(long job) implements Event {}

  /**
   * Some of a job's trials have ended, and others have not. Where Spark runs the job a second time,
   * they may be told again.
   */
  public record Some(long job, List<TrialEnd> ends) implements Event {}

  /** A job is over; the ends of its trials that were not told before. */
  public record Ended(long job, List<TrialEnd> ends) implements Event {}

  /** A job gave nothing that can be read: its executor died, say, or Spark could not run it. */
  public record Lost(long job, String why) implements Event {}

  /** {@link #wake} was called. */
  public record Woken() implements Event {}

  /**
   * @param name of the jobs' group, unique in this JVM
   */
  public TrialPool(JavaSparkContext spark, String name) {
    this.spark = spark;
    this.name = name;
    this.one = spark.parallelize(List.of(0), 1).rdd();
    ProgressPlugin.receive(
        name,
        message -> {
          if (message instanceof SweepTask.Begun begun) {
            events.add(new Begun(begun.job()));
          } else if (message instanceof SweepTask.Some some) {
            events.add(new Some(some.job(), some.ends()));
          }
        });
  }

  /**
   * How many tasks the cluster runs at a time, as it stood within the last second: executors come
   * and go, and to count thousands takes a while.
   */
  public int slots() {
    long now = System.nanoTime();
    if (slots == 0 || now - slotsAt > SLOTS_NANOS) {
      slots = Slots.of(spark);
      slotsAt = now;
    }
    return slots;
  }

  /**
   * Submits a job.
   *
   * @param dataset of all its trials; broadcast when it is first seen
   * @param description for Spark's UI
   * @return its number
   */
  public long submit(Dataset dataset, List<TrialWork> works, String description) {
    Broadcast<SharedDataset> data =
        broadcasts.computeIfAbsent(dataset, d -> spark.broadcast(new SharedDataset(d)));
    long job = ++submitted;
    spark.setJobGroup(name, description, false);
    double pause = Math.max(PAUSE_SECONDS, slots() / MESSAGES);
    byte[][] result = new byte[1][];
    SimpleFutureAction<byte[]> action =
        spark
            .sc()
            .submitJob(
                one,
                new SweepTask(name, job, works, pause, data),
                partition,
                new AbstractFunction2<Object, byte[], BoxedUnit>() {
                  @Override
                  public BoxedUnit apply(Object index, byte[] bytes) {
                    result[0] = bytes;
                    return BoxedUnit.UNIT;
                  }
                },
                new AbstractFunction0<byte[]>() {
                  @Override
                  public byte[] apply() {
                    return result[0];
                  }
                });
    jobs.put(job, action);
    action.onComplete(
        new AbstractFunction1<Try<byte[]>, BoxedUnit>() {
          @Override
          public BoxedUnit apply(Try<byte[]> end) {
            events.add(event(job, end));
            return BoxedUnit.UNIT;
          }
        },
        DIRECT);
    return job;
  }

  /** Throws nothing: a callback that did would leave the job open for ever. */
  static Event event(long job, Try<byte[]> end) {
    if (end.isFailure()) {
      return new Lost(job, why(end.failed().get()));
    }
    try {
      return new Ended(job, JavaBytes.read(end.get(), SweepTask.Result.class).ends());
    } catch (Throwable e) {
      // an Error too: for want of memory, say, or of a class
      System.getLogger(TrialPool.class.getName())
          .log(System.Logger.Level.WARNING, "a job's result can't be read", e);
      return new Lost(job, "its result can't be read: " + e);
    }
  }

  /** Spark's message names the job and stage first, and the reason after "most recent failure". */
  private static String why(Throwable e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    int reason = message.indexOf("most recent failure: ");
    return reason < 0 ? message : message.substring(reason + "most recent failure: ".length());
  }

  /** The next event; null if there is none for so long. */
  public Event next(long millis) throws InterruptedException {
    Event event = events.poll(millis, TimeUnit.MILLISECONDS);
    if (event instanceof Ended ended) {
      jobs.remove(ended.job());
    } else if (event instanceof Lost lost) {
      jobs.remove(lost.job());
    }
    return event;
  }

  /** Ends a wait for an event; may be called by any thread. */
  void wake() {
    events.add(new Woken());
  }

  /** Cancels a job; it may still end. */
  public void cancel(long job) {
    SimpleFutureAction<byte[]> action = jobs.get(job);
    if (action != null) {
      action.cancel();
    }
  }

  /** Whether Spark was stopped from outside. */
  public boolean isStopped() {
    return spark.sc().isStopped();
  }

  /** Cancels what runs and takes the datasets back. */
  @Override
  public void close() {
    ProgressPlugin.forget(name);
    if (!isStopped()) {
      jobs.values().forEach(SimpleFutureAction::cancel);
      broadcasts.values().forEach(data -> Broadcasts.takeBack(spark.sc(), data));
      spark.clearJobGroup();
    }
  }
}
