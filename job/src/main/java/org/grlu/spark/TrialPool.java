package org.grlu.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.grlu.datasets.Dataset;
import org.grlu.sweep.TrialEnd;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Trials on Spark's slots, without a thread for each: a task is one or more trials, a job one or
 * more tasks, and what becomes of a task is told as an event. To be used by one thread.
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

  /** Where Spark says which task it was that failed. */
  private static final Pattern FAILED = Pattern.compile("Task (\\d+)(\\.\\d+)? (in stage|failed)");

  private final JavaSparkContext spark;
  private final String name;
  private final Map<Dataset, Broadcast<SharedDataset>> broadcasts = new HashMap<>();

  /** Of the tasks that are not over. */
  private final Map<Long, Job> jobs = new HashMap<>();

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private long submitted;
  private int slots;
  private long slotsAt;

  /** What happens to tasks. */
  public sealed interface Event permits Begun, Some, Ended, Lost, Woken {}

  /** A task has begun to run; where Spark runs it again, so it is told again. */
  public record Begun(long task) implements Event {}

  /**
   * Some of a task's trials have ended, and others have not. Where Spark runs the task a second
   * time, they may be told again.
   */
  public record Some(long task, List<TrialEnd> ends) implements Event {}

  /** A task is over; the ends of its trials that were not told before. */
  public record Ended(long task, List<TrialEnd> ends) implements Event {}

  /**
   * A task gave nothing that can be read: its executor died, say, or Spark could not run it.
   *
   * @param own whether that is to be blamed on the task: not where an executor that was ending
   *     refused it, or where another task of its job failed, which ends them all
   */
  public record Lost(long task, String why, boolean own) implements Event {}

  /** {@link #wake} was called. */
  public record Woken() implements Event {}

  /** A job of Spark's: its tasks that are not over, and those of them that nobody wants. */
  private static final class Job {
    private final Set<Long> open = new HashSet<>();
    private final Set<Long> unwanted = new HashSet<>();
    private SimpleFutureAction<Boolean> action;
  }

  /**
   * @param name of the jobs' group, unique in this JVM
   */
  public TrialPool(JavaSparkContext spark, String name) {
    this.spark = spark;
    this.name = name;
    ProgressPlugin.receive(
        name,
        message -> {
          if (message instanceof SweepTask.Begun begun) {
            events.add(new Begun(begun.task()));
          } else if (message instanceof SweepTask.Some some) {
            events.add(new Some(some.task(), some.ends()));
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
   * Submits a job. Spark plans, broadcasts and reports each job, so that a job of ten tasks costs
   * the driver little more than one of one task. But where one task fails they all end.
   *
   * @param dataset of all its trials; broadcast when it is first seen
   * @param tasks their trials
   * @param description for Spark's UI
   * @return the number of the first task; the others have the next ones
   */
  public long submit(Dataset dataset, List<List<TrialWork>> tasks, String description) {
    Broadcast<SharedDataset> data =
        broadcasts.computeIfAbsent(dataset, d -> spark.broadcast(new SharedDataset(d)));
    final long first = submitted + 1;
    submitted += tasks.size();
    spark.setJobGroup(name, description, false);
    double pause = Math.max(PAUSE_SECONDS, slots() / MESSAGES);
    List<Integer> numbers = IntStream.range(0, tasks.size()).boxed().toList();
    Job job = new Job();
    for (int i = 0; i < tasks.size(); i++) {
      job.open.add(first + i);
      jobs.put(first + i, job);
    }
    job.action =
        spark
            .sc()
            .submitJob(
                // its own: where a job fails, Spark fails all that share its RDD
                spark.parallelize(numbers, tasks.size()).rdd(),
                new SweepTask(name, first, tasks, pause, data),
                CollectionConverters.asScala(List.<Object>copyOf(numbers)).toSeq(),
                new AbstractFunction2<Object, byte[], BoxedUnit>() {
                  @Override
                  public BoxedUnit apply(Object index, byte[] bytes) {
                    events.add(ended(first + (Integer) index, bytes));
                    return BoxedUnit.UNIT;
                  }
                },
                new AbstractFunction0<Boolean>() {
                  @Override
                  public Boolean apply() {
                    return true;
                  }
                });
    job.action.onComplete(
        new AbstractFunction1<Try<Boolean>, BoxedUnit>() {
          @Override
          public BoxedUnit apply(Try<Boolean> end) {
            if (end.isFailure()) {
              events.addAll(lost(first, tasks.size(), end.failed().get()));
            }
            return BoxedUnit.UNIT;
          }
        },
        DIRECT);
    return first;
  }

  /** Throws nothing: a callback that did would leave the task open for ever. */
  static Event ended(long task, byte[] result) {
    try {
      return new Ended(task, JavaBytes.read(result, SweepTask.Result.class).ends());
    } catch (Throwable e) {
      // an Error too: for want of memory, say, or of a class
      System.getLogger(TrialPool.class.getName())
          .log(System.Logger.Level.WARNING, "a task's result can't be read", e);
      return new Lost(task, "its result can't be read: " + e, true);
    }
  }

  /**
   * What becomes of a failed job's tasks, of those too that have ended: {@link #next} knows them.
   * The task that Spark names is to blame, and where it names none they all are.
   */
  static List<Event> lost(long first, int tasks, Throwable failure) {
    String why = why(failure);
    boolean refused = Refusals.are(why);
    Matcher named = FAILED.matcher(String.valueOf(failure.getMessage()));
    int culprit = tasks > 1 && named.find() ? Integer.parseInt(named.group(1)) : -1;
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      events.add(new Lost(first + i, why, !refused && (culprit < 0 || culprit == i)));
    }
    return events;
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
    while (event instanceof Lost lost && !over(lost.task())) {
      event = events.poll();
    }
    if (event instanceof Ended ended) {
      over(ended.task());
    }
    return event;
  }

  /** Whether it was not over before. */
  private boolean over(long task) {
    Job job = jobs.remove(task);
    return job != null && job.open.remove(task);
  }

  /** Ends a wait for an event; may be called by any thread. */
  void wake() {
    events.add(new Woken());
  }

  /** Cancels a task, once all others of its job are cancelled or over; it may still end. */
  public void cancel(long task) {
    Job job = jobs.get(task);
    if (job != null) {
      job.unwanted.add(task);
      if (job.unwanted.containsAll(job.open)) {
        job.action.cancel();
      }
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
      Set.copyOf(jobs.values()).forEach(job -> job.action.cancel());
      broadcasts.values().forEach(data -> Broadcasts.takeBack(spark.sc(), data));
      spark.clearJobGroup();
    }
  }
}
