package org.grlu.run;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.ImageCode;
import org.grlu.features.Encoder;
import org.grlu.features.FeatureException;
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
  private final Map<String, Future<Encoder>> all = new LinkedHashMap<>();

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
   * @param settings one of each system, by the system's id
   * @param images what each sees, and codes are made of
   */
  void begin(Map<String, Settings> settings, Function<Settings, Dataset> images) {
    settings.forEach(
        (id, each) -> {
          Dataset seen = images.apply(each);
          all.put(id, threads.submit(() -> features.encoder(each, seen, spark, group, said)));
        });
  }

  /**
   * Waits until all are there.
   *
   * @param got hears of each, in this thread
   * @param failed hears of each that can't be trained, and why
   * @param stop asked a few times a second
   * @return why it stopped before; empty if it did not
   * @throws IOException where the store can't be read or written
   */
  Optional<Stop> await(
      Consumer<ImageCode> got, BiConsumer<String, String> failed, Supplier<Optional<Stop>> stop)
      throws IOException, InterruptedException {
    for (Map.Entry<String, Future<Encoder>> each : all.entrySet()) {
      while (true) {
        Optional<Stop> why = stop.get();
        if (why.isPresent()) {
          return why;
        }
        try {
          got.accept(each.getValue().get(TICK_MILLIS, TimeUnit.MILLISECONDS));
          break;
        } catch (TimeoutException e) {
          // not yet
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof FeatureException)) {
            throw failure(e.getCause());
          }
          failed.accept(each.getKey(), e.getCause().getMessage());
          break;
        }
      }
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
    boolean running = all.values().stream().anyMatch(each -> !each.isDone());
    threads.shutdownNow();
    if (running && !spark.sc().isStopped()) {
      spark.cancelJobGroup(group);
    }
  }
}
