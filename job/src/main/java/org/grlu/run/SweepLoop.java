package org.grlu.run;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.grlu.datasets.Dataset;
import org.grlu.spark.Refusals;
import org.grlu.spark.TrialPool;
import org.grlu.spark.TrialWork;
import org.grlu.sweep.Limits;
import org.grlu.sweep.Stop;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cost;

/**
 * Keeps a cluster's slots busy with trials until none is left or the sweep has to stop: longest
 * expected first ({@link #inOrder}), a few more jobs in flight than there are slots.
 *
 * <p>Trials that take a small part of a second share a task, as many as a second holds; of more
 * than 300 slots as many as let the driver start 300 tasks a second and no more. Trials count as
 * they end, whatever becomes of their neighbours. A trial that had not ended when its job was lost
 * runs by itself from then on; one that was lost as often as is allowed gets its last chance when
 * nothing else runs, so that no trial fails for another that kills executors. So does one that
 * found no memory, which its neighbours may have taken.
 */
final class SweepLoop {
  private static final long TICK_MILLIS = 200;
  private static final double JOB_SECONDS = 1;
  private static final double JOBS_A_SECOND = 300;
  private static final int MOST_TRIALS = 500;

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

  private final Map<Long, Job> jobs = new LinkedHashMap<>();

  /** Of jobs that have begun: how many, their trials that have not ended, and since when. */
  private int begunJobs;

  private int runningTrials;
  private double begunSum;
  private int submittedTrials;
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

  /** Trials in one task; those that have not ended. */
  private static final class Job {
    private final Map<String, Item> open = new LinkedHashMap<>();
    private boolean begun;

    /** Since when it works on those. */
    private double since;

    private double cost;

    Job(List<Item> items) {
      items.forEach(item -> open.put(item.id(), item));
      cost = items.stream().mapToDouble(Item::cost).sum();
    }
  }

  /**
   * @param limits what the sweep may spend
   * @param mayBeLost how often a trial's job may be lost before the trial has failed
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
      Optional<Stop> stop = limits.stop(running());
      if (stop.isPresent()) {
        drain(stop.get());
        return stop;
      }
      if (pool.isStopped()) {
        throw new IOException("Spark was stopped under the sweep");
      }
      fill();
      if (jobs.isEmpty()) {
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
    while (jobs.size() < most && !queue.isEmpty() && limits.mayStart(queue.peek().id())) {
      submit(take(slots));
    }
    if (jobs.isEmpty() && !lastChance.isEmpty()) {
      submit(List.of(lastChance.poll()));
    }
  }

  /** The next job's trials: one, or as many small ones as its time holds. */
  private List<Item> take(int slots) {
    List<Item> items = new ArrayList<>(List.of(queue.poll()));
    Item first = items.get(0);
    double longest = Math.max(JOB_SECONDS, slots / JOBS_A_SECOND);
    double rate = secondsPerCost();
    if (Double.isNaN(rate) && longest > JOB_SECONDS) {
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

  private void submit(List<Item> items) throws IOException {
    List<TrialWork> works = new ArrayList<>();
    for (Item item : items) {
      works.add(trials.work(item));
      queuedCost -= item.cost();
      limits.started(item.id());
    }
    Dataset dataset = trials.dataset(items.get(0));
    jobs.put(pool.submit(dataset, works, trials.description(items)), new Job(items));
    submittedTrials += items.size();
  }

  private void handle(TrialPool.Event event) throws IOException {
    if (event instanceof TrialPool.Begun begun && jobs.containsKey(begun.job())) {
      begin(jobs.get(begun.job()));
    } else if (event instanceof TrialPool.Some some && jobs.containsKey(some.job())) {
      ended(jobs.get(some.job()), some.ends());
    } else if (event instanceof TrialPool.Ended ended) {
      Job job = jobs.remove(ended.job());
      if (job != null) {
        ended(job, ended.ends());
        close(job);
        lost(job, "its result lacks it");
      }
    } else if (event instanceof TrialPool.Lost lost && !pool.isStopped()) {
      Job job = remove(lost.job());
      if (job != null) {
        lost(job, lost.why());
      }
    }
  }

  /** Of a job that begins again only the last time counts. */
  private void begin(Job job) {
    double now = now();
    if (job.begun) {
      begunSum -= job.since;
    } else {
      job.begun = true;
      begunJobs++;
      runningTrials += job.open.size();
    }
    job.since = now;
    begunSum += now;
  }

  private Job remove(long number) {
    Job job = jobs.remove(number);
    if (job != null) {
      close(job);
    }
    return job;
  }

  private void close(Job job) {
    submittedTrials -= job.open.size();
    if (job.begun) {
      begunJobs--;
      runningTrials -= job.open.size();
      begunSum -= job.since;
    }
  }

  private static double now() {
    return System.nanoTime() * 1e-9;
  }

  private void ended(Job job, List<TrialEnd> ends) throws IOException {
    for (TrialEnd end : ends) {
      Item item = job.open.remove(end.id());
      if (item == null) {
        // told before: Spark has run it a second time
        continue;
      }
      job.cost -= item.cost();
      submittedTrials--;
      runningTrials -= job.begun ? 1 : 0;
      ended(item, end);
    }
    if (job.begun) {
      // what it took until here was spent by those that ended
      begin(job);
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

  private void lost(Job job, String why) throws IOException {
    // one that was only refused never ran: that is not its loss
    int loss = Refusals.are(why) ? 0 : 1;
    for (Item item : job.open.values()) {
      int times = losses.merge(item.id(), loss, Integer::sum);
      if (times > mayBeLost) {
        String failure = "lost %d times, the last time: %s".formatted(times, why);
        TrialOutcome outcome = TrialOutcome.failed(failure, List.of(), Cost.NONE);
        TrialEnd end = new TrialEnd(item.id(), outcome, false, 0, 0);
        limits.ended(end);
        trials.ended(item, end);
        continue;
      }
      queuedCost += item.cost();
      if (times == mayBeLost) {
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
    jobs.forEach(
        (number, job) -> {
          if (!job.begun || stop.atOnce()) {
            pool.cancel(number);
          }
        });
    long end = System.nanoTime() + (long) ((stop.atOnce() ? 0.5 : GRACE_SECONDS) * 1e9);
    while (begunJobs > 0 && System.nanoTime() < end) {
      TrialPool.Event event = pool.next(TICK_MILLIS);
      if (event instanceof TrialPool.Lost lost) {
        remove(lost.job());
      } else {
        handle(event);
      }
    }
    jobs.keySet().forEach(pool::cancel);
    List.copyOf(jobs.keySet()).forEach(this::remove);
  }

  /** Trials whose tasks have begun. */
  int runningTrials() {
    return runningTrials;
  }

  /** Seconds that running jobs have taken, all together, since what they told last. */
  private double running() {
    return begunJobs * now() - begunSum;
  }

  private int left() {
    return queue.size() + lastChance.size();
  }

  /** Trials that are not over, the running ones among them. */
  int openTrials() {
    return left() + submittedTrials;
  }

  private double secondsPerCost() {
    return recentCost == 0 ? Double.NaN : recentSeconds / recentCost;
  }

  /** Seconds until all are over, at the rate seen lately; NaN before the first that tells one. */
  double secondsLeft() {
    double rate = secondsPerCost();
    double seconds = queuedCost * rate;
    double now = now();
    for (Job job : jobs.values()) {
      double done = job.begun ? now - job.since : 0;
      seconds += Math.max(0, job.cost * rate - done);
    }
    return seconds / pool.slots();
  }
}
