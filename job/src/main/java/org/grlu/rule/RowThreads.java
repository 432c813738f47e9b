package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Divides rows among threads: the calling thread and, if the count is above 1, threads of its own.
 * The work on a row must not depend on other rows. The result is then the same for any number of
 * threads.
 */
public final class RowThreads implements AutoCloseable {
  /**
   * The fewest operations that are divided. One thread finishes fewer before another one wakes up.
   */
  private static final double FEWEST_OPERATIONS = 2e6;

  private final int count;
  private final double fewest;
  private final ExecutorService others;

  /** The work that each thread does on its own rows. */
  @FunctionalInterface
  interface Work {
    /**
     * Works on the rows {@code from} to {@code to} (exclusive).
     *
     * @param thread the number of the thread, from 0. No two threads have the same number at the
     *     same time
     */
    void rows(int thread, int from, int to);
  }

  /**
   * Starts the threads.
   *
   * @param count the number of threads, the calling thread included
   */
  public RowThreads(int count) {
    this(count, FEWEST_OPERATIONS);
  }

  RowThreads(int count, double fewest) {
    this.count = count;
    this.fewest = fewest;
    this.others =
        count == 1
            ? null
            : Executors.newFixedThreadPool(
                count - 1,
                work -> {
                  Thread thread = new Thread(work, "grlu-rows");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  int count() {
    return count;
  }

  /** Returns whether so many operations are divided among several threads. */
  boolean divides(double operations) {
    return count > 1 && operations >= fewest;
  }

  /**
   * Works on {@code rows} rows, and returns when all are finished.
   *
   * @param operations the approximate number of operations of the whole work
   */
  void run(int rows, double operations, Work work) {
    int parts = divides(operations) ? Math.min(count, rows) : 1;
    List<Future<?>> running = new ArrayList<>();
    for (int i = 1; i < parts; i++) {
      int part = i;
      running.add(
          others.submit(
              () -> work.rows(part, start(part, parts, rows), start(part + 1, parts, rows))));
    }
    try {
      work.rows(0, 0, start(1, parts, rows));
    } finally {
      running.forEach(RowThreads::await);
    }
  }

  private static int start(int part, int parts, int rows) {
    return (int) ((long) rows * part / parts);
  }

  /**
   * Waits until a part ends, even if the thread is interrupted, because the caller uses the rows'
   * memory again.
   */
  private static void await(Future<?> part) {
    boolean interrupted = false;
    while (true) {
      try {
        part.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (others != null) {
      others.shutdown();
    }
  }
}
