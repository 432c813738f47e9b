package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Divides rows among threads: the one that asks and, where there are to be more, some of its own.
 * What is done in a row must not depend on the others: then it is the same in any number of
 * threads.
 */
public final class RowThreads implements AutoCloseable {
  /** One thread has done fewer operations than these before another is awake. */
  private static final double FEWEST_OPERATIONS = 2e6;

  private final int count;
  private final double fewest;
  private final ExecutorService others;

  /** What is done, by each thread in rows of its own. */
  @FunctionalInterface
  interface Work {
    /**
     * Does some rows.
     *
     * @param thread from 0: no other thread has that number at the time
     */
    void rows(int thread, int from, int to);
  }

  /**
   * @param count how many threads there are to be, the one that asks among them
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

  /** Whether more than one thread is worth its while. */
  boolean divides(double operations) {
    return count > 1 && operations >= fewest;
  }

  /** Does so many rows, and returns when all are done. */
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

  /** Waits to the end whatever happens: what the rows are in is used again. */
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
