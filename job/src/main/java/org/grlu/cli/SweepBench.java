package org.grlu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.bench.SweepBenchmark;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.datasets.Dataset;
import org.grlu.math.Kernels;
import org.grlu.store.Provenance;

/** {@code grlu bench --sweep}: what sweeps cost beside their trials. */
final class SweepBench {
  /** Spark's hook has 50, and the file systems' 10. */
  private static final int AFTER_SPARK = 5;

  private static final int MOST_REMOVALS = 50;
  private static final int ENOUGH_REMOVALS = 3;
  private static final int REMOVAL_MILLIS = 100;

  private final double scale;
  private final Terminal terminal = new Terminal();
  private volatile String part = "1 of 3, tiny trials";

  SweepBench(double scale) {
    this.scale = scale;
  }

  /** On two cores, of which most goes into 60 trials of 16 seconds, planning its own set aside. */
  static double expectedSeconds(double scale) {
    return 20 + scale * (40 + 60 * 16 / 2.0);
  }

  void run(boolean json) throws IOException, InterruptedException {
    var conf = SparkStart.forTrials("grlu bench");
    SparkStart.check(conf);
    Dataset mnist = DataSource.read(ConfigReader.read(null, List.of()), terminal);
    Path folder = Files.createTempDirectory("grlu-bench");
    Runnable removal = () -> removeWhileWritten(folder);
    ShutdownHookManager.get().addShutdownHook(removal, AFTER_SPARK);
    try {
      Map<String, Object> document =
          SparkStart.run(conf, terminal, spark -> measure(spark, folder, mnist));
      if (json) {
        System.out.println(Json.of(document));
      }
    } finally {
      ShutdownHookManager.get().removeShutdownHook(removal);
      remove(folder);
    }
  }

  /** At the process's end: the thread that measures still writes, and would make it anew. */
  private static void removeWhileWritten(Path folder) {
    int gone = 0;
    for (int i = 0; i < MOST_REMOVALS && gone < ENOUGH_REMOVALS; i++) {
      remove(folder);
      gone = Files.exists(folder) ? 0 : gone + 1;
      try {
        Thread.sleep(REMOVAL_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Map<String, Object> measure(JavaSparkContext spark, Path folder, Dataset mnist)
      throws IOException, InterruptedException {
    SweepBenchmark benchmark =
        new SweepBenchmark(folder, scale, line -> terminal.rewrite(part + ": " + line));
    System.out.printf("%s on %s, scale %s%n", Kernels.reason(), spark.master(), scale);
    final Map<String, Object> tiny = benchmark.tiny(spark);
    print("tiny trials", tiny);
    part = "2 of 3, planning";
    final Map<String, Object> planning = benchmark.planning();
    print("planning", planning);
    part = "3 of 3, slots";
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

  /** What is being written while the process is ended may stay: these are temporary files. */
  private static void remove(Path folder) {
    FileUtil.fullyDelete(folder.toFile());
  }
}
