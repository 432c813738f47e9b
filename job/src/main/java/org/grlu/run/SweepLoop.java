package org.grlu.run;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.grlu.datasets.Dataset;
import org.grlu.run.TasksInFlight.Task;
import org.grlu.spark.TrialPool;
import org.grlu.spark.TrialWork;
import org.grlu.sweep.Limits;
import org.grlu.sweep.Stop;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cost;

/**
 * Keeps a cluster's slots busy with trials until none is left or the sweep has to stop: longest
 * expected first ({@link #inOrder}), a few more tasks in flight than there are slots.
 *
 * <p>Trials that take a small part of a second share a task, as many as a second holds; of more
 * than 300 slots as many as let the driver start 300 tasks a second and no more. Trials count as
 * they end, whatever becomes of their neighbours. A trial that had not ended when its task was lost
 * runs by itself from then on; one that was lost as often as is allowed gets its last chance when
 * nothing else runs, so that no trial fails for another that kills executors. So does one that
 * found no memory, which its neighbours may have taken.
 *
 * <p>On hundreds of slots tasks are submitted together, a hundredth of the slots in one job of
 * Spark's. Where one of them is lost they all are: trials of the others begin again, and that does
 * not count as their loss.
 */
final class SweepLoop {
  private static final long TICK_MILLIS = 200;
  private static final double TASK_SECONDS = 1;
  private static final double TASKS_A_SECOND = 300;
  private static final int MOST_TRIALS = 500;

  /**
   * A job has one task for so many slots: what it costs the driver is shared, and no slot waits.
   */
  private static final int SLOTS_FOR_A_TASK = 100;

  private static final int MOST_TASKS = 200;

  /** Each takes some kilobytes of the driver's memory. */
  private static final int MOST_IN_FLIGHT = 250_000;

  /** Checkpoints come back with these, and go through the driver. */
  private static final int MOST_CHECKPOINTS = 4;

  /** What is running when a budget is spent has so long to end by itself. */
  private static final double GRACE_SECONDS = 5;

  /** A trial of so many seconds has run for the most part in code that is compiled. */
  private static final double WARM_SECONDS = 10;

  private final TrialPool pool;
  private final Trials trials;
  private final Limits limits;
  private final int mayBeLost;
  private final Deque<Item> queue = new ArrayDeque<>();
  private final Deque<Item> lastChance = new ArrayDeque<>();
  private final Map<String, Integer> losses = new HashMap<>();

  /** Trials that are not over, and run when nothing else does, or are to. */
  private final Set<String> alone = new HashSet<>();

  private final TasksInFlight tasks = new TasksInFlight();
  private int coldEnds;
  private double recentCost;
  private double recentSeconds;
  private double queuedCost;

  /** A trial, or some epochs of one. */
  record Item(String id, double cost, int until, boolean checkpoints) {}

  /** What the loop asks and tells whoever has the trials. */
  interface Trials {
    TrialWork work(Item item) throws IOException;

    Dataset dataset(Item item);

    /** The id of the features that its network reads; empty for pixels. */
    default String codes(Item item) {
      return "";
    }

    /** What Spark's UI says of a job. */
    String description(List<Item> items);

    /** A trial, or the epochs that were asked for, is over. */
    void ended(Item item, TrialEnd end) throws IOException;

    /** Called a few times a second. */
    void tick(SweepLoop loop) throws IOException;
  }

  /**
   * @param limits what the sweep may spend
   * @param mayBeLost how often a trial's task may be lost before the trial has failed
   */
  SweepLoop(TrialPool pool, Trials trials, Limits limits, int mayBeLost) {
    this.pool = pool;
    this.trials = trials;
    this.limits = limits;
    this.mayBeLost = mayBeLost;
  }

  /**
   * Runs trials.
   *
   * @return why it stopped before all were over; empty if they are
   */
  Optional<Stop> run(Collection<Item> items) throws IOException, InterruptedException {
    queue.addAll(inOrder(items));
    queuedCost = items.stream().mapToDouble(Item::cost).sum();
    while (true) {
      Optional<Stop> stop = limits.stop(tasks.runningSeconds());
      if (stop.isPresent()) {
        drain(stop.get());
        return stop;
      }
      if (pool.isStopped()) {
        throw new IOException("Spark was stopped under the sweep");
      }
      fill();
      if (tasks.count() == 0) {
        return left() == 0 ? Optional.empty() : Optional.of(limits.noneMayStart());
      }
      handle(pool.next(TICK_MILLIS));
      trials.tick(this);
    }
  }

  /**
   * Longest first; but those that read the same codes one after another, as executors compute codes
   * once and keep as many as there is memory for. Of them those that take longest together first.
   */
  private List<Item> inOrder(Collection<Item> items) {
    Map<String, Double> groups = new HashMap<>();
    items.forEach(item -> groups.merge(trials.codes(item), item.cost(), Double::sum));
    return items.stream()
        .sorted(
            Comparator.comparingDouble((Item item) -> groups.get(trials.codes(item)))
                .thenComparing(trials::codes)
                .thenComparingDouble(Item::cost)
                .reversed())
        .toList();
  }

  private void fill() throws IOException {
    int slots = pool.slots();
    // beyond the slots, so that none waits for this thread
    int most = slots + Math.max(2, slots / 10);
    int together = Math.max(1, Math.min(slots / SLOTS_FOR_A_TASK, MOST_TASKS));
    while (tasks.count() + together <= most && mayStart()) {
      submit(job(slots, together));
    }
    if (tasks.count() == 0 && !lastChance.isEmpty()) {
      limits.started(lastChance.element().id());
      submit(List.of(List.of(lastChance.poll())));
    }
  }

  private boolean mayStart() {
    return !queue.isEmpty() && limits.mayStart(queue.peek().id());
  }

  /** The trials of the next job's tasks; one task where it carries checkpoints or was lost. */
  private List<List<Item>> job(int slots, int most) {
    List<List<Item>> job = new ArrayList<>();
    int size = 0;
    do {
      List<Item> items = take(slots);
      items.forEach(item -> limits.started(item.id()));
      job.add(items);
      size += items.size();
    } while (job.size() < most && size < MOST_TRIALS && mayStart() && goesWith(job.get(0).get(0)));
    return job;
  }

  private boolean goesWith(Item first) {
    Item next = queue.element();
    return !first.checkpoints()
        && !losses.containsKey(first.id())
        && !losses.containsKey(next.id())
        && trials.dataset(next).equals(trials.dataset(first));
  }

  /** The next task's trials: one, or as many small ones as its time holds. */
  private List<Item> take(int slots) {
    List<Item> items = new ArrayList<>(List.of(queue.poll()));
    Item first = items.get(0);
    double longest = Math.max(TASK_SECONDS, slots / TASKS_A_SECOND);
    double rate = secondsPerCost();
    if (Double.isNaN(rate) && longest > TASK_SECONDS) {
      // on many slots the first ends come too late: costs are seconds, roughly
      rate = 1;
    }
    if (Double.isNaN(rate) || losses.containsKey(first.id())) {
      return items;
    }
    long most = Math.min(MOST_TRIALS, Math.max(1, MOST_IN_FLIGHT / slots));
    most = Math.min(most, Math.min(queue.size() / (2L * slots), limits.left()));
    most = first.checkpoints() ? Math.min(most, MOST_CHECKPOINTS) : most;
    double seconds = first.cost() * rate;
    while (items.size() < most && !queue.isEmpty()) {
      Item next = queue.peek();
      seconds += next.cost() * rate;
      if (seconds > longest
          || losses.containsKey(next.id())
          || !trials.dataset(next).equals(trials.dataset(first))) {
        break;
      }
      items.add(queue.poll());
    }
    return items;
  }

  private void submit(List<List<Item>> job) throws IOException {
    List<List<TrialWork>> works = new ArrayList<>();
    List<Item> all = new ArrayList<>();
    for (List<Item> items : job) {
      List<TrialWork> task = new ArrayList<>();
      for (Item item : items) {
        task.add(trials.work(item));
        queuedCost -= item.cost();
      }
      works.add(task);
      all.addAll(items);
    }
    long number = pool.submit(trials.dataset(all.get(0)), works, trials.description(all));
    for (List<Item> items : job) {
      tasks.add(number++, items);
    }
  }

  private void handle(TrialPool.Event event) throws IOException {
    if (event instanceof TrialPool.Begun begun && tasks.get(begun.task()) != null) {
      tasks.begin(tasks.get(begun.task()));
    } else if (event instanceof TrialPool.Some some && tasks.get(some.task()) != null) {
      ended(tasks.get(some.task()), some.ends());
    } else if (event instanceof TrialPool.Ended ended && tasks.get(ended.task()) != null) {
      ended(tasks.get(ended.task()), ended.ends());
      lost(tasks.remove(ended.task()), "its result lacks it", true);
    } else if (event instanceof TrialPool.Lost lost && !pool.isStopped()) {
      Task task = tasks.remove(lost.task());
      if (task != null) {
        lost(task, lost.why(), lost.own());
      }
    }
  }

  private void ended(Task task, List<TrialEnd> ends) throws IOException {
    for (TrialEnd end : ends) {
      Item item = tasks.ended(task, end.id());
      // null where it was told before: Spark has run it a second time
      if (item != null) {
        ended(item, end);
      }
    }
    if (task.begun()) {
      // what it took until here was spent by those that ended
      tasks.begin(task);
    }
  }

  private void ended(Item item, TrialEnd end) throws IOException {
    if (end.outOfMemory() && alone.add(item.id())) {
      limits.spent(end);
      queuedCost += item.cost();
      lastChance.add(item);
      return;
    }
    alone.remove(item.id());
    // what was seen lately counts most
    if (isTelling(end)) {
      recentCost = recentCost * 0.99 + item.cost();
      recentSeconds = recentSeconds * 0.99 + end.seconds();
    }
    limits.ended(end);
    trials.ended(item, end);
  }

  /**
   * Each slot's first trial runs in a JVM that is cold, on a cluster up to twenty times slower than
   * the next: a short one says nothing of the others.
   */
  private boolean isTelling(TrialEnd end) {
    return end.seconds() >= WARM_SECONDS || ++coldEnds > pool.slots();
  }

  private void lost(Task task, String why, boolean own) throws IOException {
    for (Item item : task.open()) {
      int times =
          own ? losses.merge(item.id(), 1, Integer::sum) : losses.getOrDefault(item.id(), 0);
      if (times > mayBeLost) {
        String failure = "lost %d times, the last time: %s".formatted(times, why);
        TrialOutcome outcome = TrialOutcome.failed(failure, List.of(), Cost.NONE);
        TrialEnd end = new TrialEnd(item.id(), outcome, false, 0, 0);
        limits.ended(end);
        trials.ended(item, end);
        continue;
      }
      queuedCost += item.cost();
      if (times > 0 && times == mayBeLost) {
        alone.add(item.id());
        lastChance.add(item);
      } else {
        queue.addFirst(item);
      }
    }
  }

  /** Cancels what waits, and what runs too unless it ends soon. */
  private void drain(Stop stop) throws IOException, InterruptedException {
    queue.clear();
    lastChance.clear();
    tasks.each(
        (number, task) -> {
          if (!task.begun() || stop.atOnce()) {
            pool.cancel(number);
          }
        });
    long end = System.nanoTime() + (long) ((stop.atOnce() ? 0.5 : GRACE_SECONDS) * 1e9);
    while (tasks.begunTasks() > 0 && System.nanoTime() < end) {
      TrialPool.Event event = pool.next(TICK_MILLIS);
      if (event instanceof TrialPool.Lost lost) {
        tasks.remove(lost.task());
      } else {
        handle(event);
      }
    }
    tasks.each((number, task) -> pool.cancel(number));
    tasks.each((number, task) -> tasks.remove(number));
  }

  /** Trials whose tasks have begun. */
  int runningTrials() {
    return tasks.runningTrials();
  }

  private int left() {
    return queue.size() + lastChance.size();
  }

  /** Trials that are not over, the running ones among them. */
  int openTrials() {
    return left() + tasks.trials();
  }

  private double secondsPerCost() {
    return recentCost == 0 ? Double.NaN : recentSeconds / recentCost;
  }

  /** Seconds until all are over, at the rate seen lately; NaN before the first that tells one. */
  double secondsLeft() {
    double rate = secondsPerCost();
    return (queuedCost * rate + tasks.secondsLeft(rate)) / pool.slots();
  }
}
