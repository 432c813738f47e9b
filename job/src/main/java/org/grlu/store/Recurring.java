package org.grlu.store;

/** Does something now and then, in a daemon thread of its own, until it is told to end. */
public final class Recurring {
  private final Work work;
  private final long periodMillis;
  private final Thread thread;
  private boolean open = true;
  private volatile Throwable failure;

  /** What is done; what it throws ends the thread. */
  public interface Work {
    void run() throws Exception;
  }

  /** Begins, with a pause. */
  public Recurring(String name, long periodMillis, Work work) {
    this.work = work;
    this.periodMillis = periodMillis;
    this.thread = new Thread(this::loop, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void loop() {
    try {
      while (pause()) {
        work.run();
      }
    } catch (Throwable e) {
      // an Error too: a thread that ends without a word is missed by nobody
      failure = e;
      System.getLogger(Recurring.class.getName())
          .log(System.Logger.Level.ERROR, "thread " + thread.getName() + " ended", e);
    }
  }

  private synchronized boolean pause() throws InterruptedException {
    long end = System.nanoTime() + periodMillis * 1_000_000;
    for (long left; open && (left = (end - System.nanoTime()) / 1_000_000) > 0; ) {
      wait(left);
    }
    return open;
  }

  /** What ended the thread before it was told to; null where nothing did. */
  Throwable failure() {
    return failure;
  }

  /**
   * Lets what is under way come to its end, and then no more be done.
   *
   * @param millis to wait for that; 0 for as long as it takes
   */
  public void end(long millis) {
    synchronized (this) {
      open = false;
      notifyAll();
    }
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
