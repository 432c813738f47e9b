package org.grlu.spark;

import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Carries messages from running tasks to the driver, in local mode and on clusters, over Spark's
 * own channel for plugins, and registers the job's metrics. Messages of a task that Spark runs a
 * second time come a second time. It is also the first code of the job's in an executor, and gives
 * it the root locale, as the driver has.
 */
public final class ProgressPlugin implements SparkPlugin {
  private static final Map<String, Consumer<Serializable>> RECEIVERS = new ConcurrentHashMap<>();
  private static volatile PluginContext executor;

  private record Envelope(String address, Serializable message, boolean answered)
      implements Serializable {}

  /**
   * Spark's properties for this job, where the user has not set them: this plugin; weights are not
   * worth compressing, nor summing up beside what TCP does; Spark fills a whole block for each
   * stage's tasks too, however small they are, four megabytes by default; and no task waits for a
   * place nearer to its data, which is broadcast.
   */
  public static SparkConf configure(SparkConf conf) {
    String plugins = conf.get("spark.plugins", "");
    String own = ProgressPlugin.class.getName();
    conf.set("spark.plugins", plugins.isEmpty() ? own : plugins + "," + own);
    conf.setIfMissing("spark.broadcast.compress", "false");
    conf.setIfMissing("spark.broadcast.checksum", "false");
    conf.setIfMissing("spark.broadcast.blockSize", "1m");
    return conf.setIfMissing("spark.locality.wait", "0");
  }

  /** Delivers what is sent to {@code address}, in the driver, until {@link #forget}. */
  static void receive(String address, Consumer<Serializable> receiver) {
    RECEIVERS.put(address, receiver);
  }

  static void forget(String address) {
    RECEIVERS.remove(address);
  }

  /** Sends from a task; never waits, never fails the task. */
  static void send(String address, Serializable message) {
    PluginContext context = executor;
    if (context != null) {
      try {
        context.send(new Envelope(address, message, false));
      } catch (java.io.IOException | RuntimeException e) {
        System.getLogger(ProgressPlugin.class.getName())
            .log(System.Logger.Level.WARNING, "progress was not sent", e);
      }
    }
  }

  /**
   * Sends from a task and waits for the answer; never fails the task.
   *
   * @return whether it is sure that the receiver has it; if not, it may have it all the same
   */
  static boolean deliver(String address, Serializable message) {
    PluginContext context = executor;
    try {
      return context != null
          && Boolean.TRUE.equals(context.ask(new Envelope(address, message, true)));
    } catch (Exception e) {
      // not only those declared: Spark's methods throw SparkException undeclared
      System.getLogger(ProgressPlugin.class.getName())
          .log(System.Logger.Level.WARNING, "a message was not delivered", e);
      return false;
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext pluginContext) {
        return Map.of();
      }

      @Override
      public void registerMetrics(String appId, PluginContext context) {
        JobMetrics.register(context.metricRegistry());
      }

      @Override
      public Object receive(Object message) {
        if (message instanceof Envelope envelope) {
          Consumer<Serializable> receiver = RECEIVERS.get(envelope.address());
          if (receiver != null) {
            receiver.accept(envelope.message());
          }
          // Spark remarks on an answer that nobody asked for
          return envelope.answered() ? (Object) (receiver != null) : null;
        }
        return null;
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> extraConf) {
        // before any task: a cluster's machines may each have a locale of their own
        Locale.setDefault(Locale.ROOT);
        executor = context;
      }

      @Override
      public void shutdown() {
        // it holds on to all that Spark's environment has
        executor = null;
      }
    };
  }
}
