package org.grlu.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ctrl-C and SIGTERM: gives a command time to end in order before Spark and the file systems are
 * shut under it. The JVM ends with the signal's own code then, whatever the command returns: 130
 * for SIGINT, 143 for SIGTERM.
 */
final class Interrupt {
  /** Before Spark's hook, which is at 40, and the file systems', at 10. */
  private static final int FIRST = 100;

  private static final int PATIENCE_SECONDS = 25;

  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean happened;
  private volatile boolean ended;
  private volatile Runnable end = () -> {};

  Interrupt() {
    ShutdownHookManager.get()
        .addShutdownHook(this::happen, FIRST, PATIENCE_SECONDS + 5, TimeUnit.SECONDS);
  }

  /** What makes the command end soon, from any thread. */
  void ends(Runnable how) {
    end = how;
    if (happened) {
      how.run();
    }
  }

  /** Whether the process was told to end. */
  boolean happened() {
    return happened;
  }

  /** The command has said all that it has to say. */
  void over() {
    ended = true;
    if (happened) {
      Terminal.end();
    }
    over.countDown();
  }

  private void happen() {
    if (ended) {
      return;
    }
    happened = true;
    end.run();
    try {
      if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("not everything could be ended in order");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
