package org.grlu.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.ImageCode;
import org.grlu.features.Encoder;
import org.grlu.sweep.Stop;

/**
 * Gets the slow systems of a sweep, as many at a time as there are slots: much of their training is
 * one task after another.
 */
final class SlowSystems implements AutoCloseable {
  private static final long TICK_MILLIS = 200;

  /** More would crowd the driver with covariances. */
  private static final int MOST = 16;

  private final Features features;
  private final JavaSparkContext spark;
  private final String group;
  private final Consumer<String> said;
  private final ExecutorService threads;
  private final List<Future<Encoder>> all = new ArrayList<>();

  SlowSystems(Features features, JavaSparkContext spark, String group, Consumer<String> said) {
    this.features = features;
    this.spark = spark;
    this.group = group;
    this.said = said;
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(MOST, spark.defaultParallelism())),
            task -> {
              Thread thread = new Thread(task, "features");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Begins.
   *
   * @param settings one of each system
   * @param images what each sees, and codes are made of
   */
  void begin(Collection<Settings> settings, Function<Settings, Dataset> images) {
    for (Settings each : settings) {
      Dataset seen = images.apply(each);
      all.add(threads.submit(() -> features.encoder(each, seen, spark, group, said)));
    }
  }

  /**
   * Waits until all are there.
   *
   * @param got hears of each, in this thread
   * @param stop asked a few times a second
   * @return why it stopped before; empty if it did not
   * @throws IOException where the store can't be read or written
   */
  Optional<Stop> await(Consumer<ImageCode> got, Supplier<Optional<Stop>> stop)
      throws IOException, InterruptedException {
    for (Future<Encoder> each : all) {
      Encoder encoder = null;
      while (encoder == null) {
        Optional<Stop> why = stop.get();
        if (why.isPresent()) {
          return why;
        }
        try {
          encoder = each.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          // not yet
        } catch (ExecutionException e) {
          throw failure(e.getCause());
        }
      }
      got.accept(encoder);
    }
    return Optional.empty();
  }

  private static IOException failure(Throwable cause) throws IOException {
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return cause instanceof IOException e ? e : new IOException(cause);
  }

  /** Ends what still runs. */
  @Override
  public void close() {
    boolean running = all.stream().anyMatch(each -> !each.isDone());
    threads.shutdownNow();
    if (running && !spark.sc().isStopped()) {
      spark.cancelJobGroup(group);
    }
  }
}
