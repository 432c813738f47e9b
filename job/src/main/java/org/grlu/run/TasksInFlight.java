package org.grlu.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A sweep's tasks that are submitted and not over, and since when they run. The counts are kept, so
 * that they cost the same however many tasks there are.
 */
final class TasksInFlight {
  private final Map<Long, Task> tasks = new LinkedHashMap<>();

  /** The trials of all tasks that have not ended. */
  private int trials;

  /** Of tasks that have begun: how many, their trials that have not ended, and since when. */
  private int begunTasks;

  private int runningTrials;
  private double begunSum;

  /** The trials of one task that have not ended. */
  static final class Task {
    private final Map<String, SweepLoop.Item> open = new LinkedHashMap<>();
    private boolean begun;

    /** Since when it works on those. */
    private double since;

    private double cost;

    private Task(List<SweepLoop.Item> items) {
      items.forEach(item -> open.put(item.id(), item));
      cost = items.stream().mapToDouble(SweepLoop.Item::cost).sum();
    }

    /** Returns the trials that have not ended, in the order in which the task runs them. */
    List<SweepLoop.Item> open() {
      return List.copyOf(open.values());
    }

    boolean begun() {
      return begun;
    }
  }

  private static double now() {
    return System.nanoTime() * 1e-9;
  }

  /** Adds a task that has not begun. */
  void add(long number, List<SweepLoop.Item> items) {
    tasks.put(number, new Task(items));
    trials += items.size();
  }

  /** Returns a task; null where it is over. */
  Task get(long number) {
    return tasks.get(number);
  }

  /**
   * Removes a task with the trials of it that have not ended, and returns it; null where it is
   * over.
   */
  Task remove(long number) {
    Task task = tasks.remove(number);
    if (task != null) {
      trials -= task.open.size();
      if (task.begun) {
        begunTasks--;
        runningTrials -= task.open.size();
        begunSum -= task.since;
      }
    }
    return task;
  }

  /** Notes that a task begins. Of one that begins again only the last time counts. */
  void begin(Task task) {
    double now = now();
    if (task.begun) {
      begunSum -= task.since;
    } else {
      task.begun = true;
      begunTasks++;
      runningTrials += task.open.size();
    }
    task.since = now;
    begunSum += now;
  }

  /**
   * Removes a trial that has ended from its task, and returns it; null where it was told before.
   */
  SweepLoop.Item ended(Task task, String trial) {
    SweepLoop.Item item = task.open.remove(trial);
    if (item != null) {
      task.cost -= item.cost();
      trials--;
      runningTrials -= task.begun ? 1 : 0;
    }
    return item;
  }

  /** Visits the tasks by their numbers, in the order in which they were added. */
  void each(BiConsumer<Long, Task> visitor) {
    List.copyOf(tasks.entrySet()).forEach(task -> visitor.accept(task.getKey(), task.getValue()));
  }

  int count() {
    return tasks.size();
  }

  int begunTasks() {
    return begunTasks;
  }

  /** Returns how many trials of these tasks have not ended. */
  int trials() {
    return trials;
  }

  /** Returns how many trials of tasks that have begun have not ended. */
  int runningTrials() {
    return runningTrials;
  }

  /**
   * Returns the seconds that tasks which run have taken since what they told last, all together.
   */
  double runningSeconds() {
    return begunTasks * now() - begunSum;
  }

  /**
   * Returns the seconds until all are over, added up over tasks.
   *
   * @param rate seconds of a trial for each unit of its cost
   */
  double secondsLeft(double rate) {
    double now = now();
    double seconds = 0;
    for (Task task : tasks.values()) {
      double done = task.begun ? now - task.since : 0;
      seconds += Math.max(0, task.cost * rate - done);
    }
    return seconds;
  }
}
