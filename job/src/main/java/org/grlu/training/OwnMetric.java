package org.grlu.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
import org.grlu.datasets.Dataset;
import org.grlu.network.Weights;

/**
 * A {@link Metric} that was found on the class path.
 *
 * @param column the name of the metric's column
 * @param source the metric's name, class, version, and the SHA-256 of its jar
 * @param metric the metric itself
 */
public record OwnMetric(String column, String source, Metric metric) {
  /** The prefix of all column names. */
  static final String PREFIX = "metric_";

  private static final Map<ClassLoader, List<OwnMetric>> FOUND = new WeakHashMap<>();

  /**
   * Returns all metrics that the thread's context class loader finds, sorted by column. In Spark
   * that class loader has the jars of {@code spark.jars}. The same class loader always gives the
   * same instances.
   *
   * @throws MetricException where a metric can't be loaded, or has an invalid or duplicate name
   */
  public static List<OwnMetric> found() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    synchronized (FOUND) {
      return FOUND.computeIfAbsent(loader, each -> of(ServiceLoader.load(Metric.class, each)));
    }
  }

  /**
   * Returns the given metrics, sorted by column.
   *
   * @throws MetricException where a metric can't be loaded, or has an invalid or duplicate name
   */
  static List<OwnMetric> of(Iterable<Metric> metrics) {
    List<OwnMetric> found = new ArrayList<>();
    Set<String> names = new HashSet<>();
    try {
      for (Metric metric : metrics) {
        String type = metric.getClass().getName();
        String name = metric.name();
        if (name == null || !name.matches("[a-z][a-z0-9_]*")) {
          throw new MetricException(
              "metric %s of class %s: a name must be a letter, then letters, digits and underscores,"
                  + " all in lower case",
              name, type);
        }
        if (!names.add(name)) {
          throw new MetricException("metric %s of class %s: another has that name", name, type);
        }
        String source =
            "%s = %s, version %d, %s".formatted(name, type, metric.version(), jar(metric));
        found.add(new OwnMetric(PREFIX + name, source, metric));
      }
    } catch (ServiceConfigurationError e) {
      throw new MetricException(
          "a metric can't be loaded: %s", e.getMessage().lines().findFirst().orElse(""));
    }
    found.sort((a, b) -> a.column.compareTo(b.column));
    return List.copyOf(found);
  }

  /**
   * Returns the values of all metrics after an epoch, by column.
   *
   * @throws MetricException where a metric throws; the message names the metric
   */
  static Map<String, Double> values(Weights weights, Dataset dataset) {
    Map<String, Double> values = new HashMap<>();
    for (OwnMetric own : found()) {
      try {
        values.put(own.column, own.metric.value(weights, dataset));
      } catch (RuntimeException e) {
        throw new MetricException(e, "metric %s: %s", own.source, e);
      }
    }
    return values;
  }

  private static String jar(Metric metric) {
    CodeSource code = metric.getClass().getProtectionDomain().getCodeSource();
    try {
      Path file = code == null ? null : Path.of(code.getLocation().toURI());
      if (file == null || !Files.isRegularFile(file)) {
        return "from no jar";
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return "jar " + HexFormat.of().formatHex(digest);
    } catch (URISyntaxException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
