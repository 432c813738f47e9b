package org.grlu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.datasets.Dataset;
import org.grlu.math.Kernels;
import org.grlu.spark.Provenance;
import org.grlu.spark.SweepBenchmark;

/** {@code grlu bench --sweep}: what sweeps cost beside their trials. */
final class SweepBench {
  private final double scale;
  private final Terminal terminal = new Terminal();

  SweepBench(double scale) {
    this.scale = scale;
  }

  void run(boolean json) throws IOException, InterruptedException {
    var conf = SparkStart.forTrials("grlu bench");
    SparkStart.check(conf);
    Dataset mnist = DataSource.read(ConfigReader.read(null, List.of()), terminal);
    Path folder = Files.createTempDirectory("grlu-bench");
    try {
      Map<String, Object> document =
          SparkStart.run(conf, terminal, spark -> measure(spark, folder, mnist));
      if (json) {
        System.out.println(Json.of(document));
      }
    } finally {
      delete(folder);
    }
  }

  private Map<String, Object> measure(JavaSparkContext spark, Path folder, Dataset mnist)
      throws IOException, InterruptedException {
    SweepBenchmark benchmark = new SweepBenchmark(folder, scale, terminal::rewrite);
    System.out.printf("%s on %s, scale %s%n", Kernels.reason(), spark.master(), scale);
    final Map<String, Object> tiny = benchmark.tiny(spark);
    print("tiny trials", tiny);
    final Map<String, Object> planning = benchmark.planning();
    print("planning", planning);
    final Map<String, Object> slots = benchmark.slots(spark, mnist);
    print("slots", slots);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("tiny", tiny);
    document.put("planning", planning);
    document.put("slots", slots);
    document.put("scale", scale);
    document.put("master", spark.master());
    document.put("kernels", Kernels.best().name());
    document.put("java", System.getProperty("java.vm.version"));
    document.put("spark", spark.version());
    document.put("code", Provenance.codeVersion());
    return document;
  }

  private void print(String name, Map<String, Object> figures) {
    terminal.clear();
    System.out.println(name);
    figures.forEach(
        (key, value) ->
            System.out.printf(
                "  %-22s %s%n",
                key.replace('_', ' '),
                value instanceof Double x ? String.format(Locale.ROOT, "%.3f", x) : value));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
