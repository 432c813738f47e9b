package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.bench.SteppedBenchmark;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Kernels;
import org.grlu.spark.ProgressPlugin;
import org.grlu.store.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what examples and steps cost. */
@Command(
    name = "bench",
    description = {
      "Measure what training costs, on MNIST, by the code that trains.",
      "",
      "Without --stepped: microseconds of an example on one thread, the median of windows of time"
          + " and what a tenth of them stay below and above, and the bytes allocated for each"
          + " example. 'product' is a plain matrix product of the shape of residual-p128. Then what a"
          + " trial holds, and whether its weights and buffers start on cache lines.",
      "",
      "With --stepped: milliseconds of a step of 784-256-10, in parts, on the master that the job"
          + " is given. P = 0 is a rule that computes nothing. 'task' is the same step in one"
          + " thread.",
      "",
      "With --sweep: what sweeps cost beside their trials: the time of 20,000 tiny trials and the"
          + " driver's heap, of planning against 100,000 known trials, and the share of slots' time"
          + " that is trials' CPU time, over 60 trials of 2 to 30 seconds."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int WARM_UP_SECONDS = 15;

  /** Names for the help text and completion. */
  static final class CaseNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    CaseNames() {
      super(List.of(ExampleBench.names().split(", ")));
    }
  }

  @Option(
      names = "--cases",
      split = ",",
      paramLabel = "NAME",
      completionCandidates = CaseNames.class,
      description = "Cases to measure: all, or of ${COMPLETION-CANDIDATES}.")
  private List<String> cases = List.of();

  @Option(names = "--stepped", description = "Measure the stepped engine.")
  private boolean stepped;

  @Option(names = "--sweep", description = "Measure sweeps.")
  private boolean sweep;

  @Option(
      names = "--scale",
      paramLabel = "F",
      description =
          "With --sweep: multiplies numbers of trials and their lengths. Default: ${DEFAULT-VALUE}",
      defaultValue = "1")
  private double scale;

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      description = "With --stepped: examples in a step. Default: ${DEFAULT-VALUE}",
      defaultValue = "1,32,256,2048")
  private List<Integer> batches;

  @Option(
      names = "--perturbations",
      split = ",",
      paramLabel = "P",
      description = "With --stepped: antithetic pairs of each example. Default: ${DEFAULT-VALUE}",
      defaultValue = "0,16,128")
  private List<Integer> perturbations;

  @Option(
      names = "--shards",
      split = ",",
      paramLabel = "S",
      description = "With --stepped: tasks of a step; 0 is the slots. Default: ${DEFAULT-VALUE}",
      defaultValue = "0")
  private List<Integer> shards;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Measure each case so long, after a warm-up. Default: ${DEFAULT-VALUE}",
      defaultValue = "3")
  private double seconds;

  @Option(names = "--json", description = "End with one line of JSON on standard output.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    System.err.printf("measures for about %s%n", TrainCommand.duration(expectedSeconds()));
    if (sweep) {
      new SweepBench(scale).run(json);
    } else if (stepped) {
      stepped();
    } else {
      new ExampleBench(seconds, warmUpSeconds()).run(cases, json);
    }
    return ExitCode.DONE;
  }

  private void stepped() throws IOException, InterruptedException {
    SparkConf conf = ProgressPlugin.configure(new SparkConf()).setAppName("grlu bench");
    SparkStart.check(conf);
    Terminal terminal = new Terminal();
    LabelledImages images = DataSource.load(ConfigReader.read(null, List.of()), terminal).train();
    Map<String, Object> document =
        SparkStart.run(conf, terminal, spark -> stepped(spark, images, terminal));
    if (json) {
      System.out.println(Json.of(document));
    }
  }

  private Map<String, Object> stepped(
      JavaSparkContext spark, LabelledImages images, Terminal terminal) {
    List<Map<String, Object>> measured = new ArrayList<>();
    SteppedBenchmark benchmark = new SteppedBenchmark(spark, images, seconds);
    // Spark's own code is compiled only after thousands of steps
    terminal.rewrite("warming up for %d s".formatted(2 * WARM_UP_SECONDS));
    new SteppedBenchmark(spark, images, WARM_UP_SECONDS).measure(1, 0, 0);
    terminal.clear();
    System.out.printf("%s on %s%n", Kernels.reason(), spark.master());
    System.out.println(
        "batch    P shards |   step bcast sched compute   fold |   task  bytes/step");
    for (int batch : batches) {
      for (int p : perturbations) {
        for (int s : shards) {
          terminal.rewrite("measuring batch %d, P %d, shards %d".formatted(batch, p, s));
          Map<String, Object> figures = benchmark.measure(batch, p, s);
          terminal.clear();
          measured.add(figures);
          print(figures);
        }
      }
    }
    return document(spark, measured);
  }

  /** How long it takes, the loading of data and the start of Spark beside. */
  private double expectedSeconds() {
    if (sweep) {
      return SweepBench.expectedSeconds(scale);
    }
    if (!stepped) {
      return ExampleBench.count(cases) * (seconds + warmUpSeconds());
    }
    // each case is warmed up for as long, on the cluster and, unless it computes nothing, in a
    // thread
    long runs = perturbations.stream().mapToInt(p -> p == 0 ? 1 : 2).sum();
    return 2 * WARM_UP_SECONDS + 2 * seconds * runs * batches.size() * shards.size();
  }

  private double warmUpSeconds() {
    return Math.max(4, seconds);
  }

  private void check() {
    boolean allowed =
        scale > 0
            && scale <= 100
            && seconds > 0
            && seconds <= 3600
            && batches.stream().allMatch(n -> n >= 1 && n <= 60_000)
            && perturbations.stream().allMatch(p -> p >= 0 && p <= 4096)
            && shards.stream().allMatch(s -> s >= 0 && s <= 4096);
    if (!allowed) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "bench: --batch %s must be 1 to 60000, --perturbations %s and --shards %s 0 to 4096,"
                  .formatted(batches, perturbations, shards)
              + " --seconds %s above 0, at most 3600, --scale %s above 0, at most 100"
                  .formatted(seconds, scale));
    }
  }

  private static void print(Map<String, Object> figures) {
    System.out.printf(
        Locale.ROOT,
        "%5s %4s %6s | %6.2f %5.2f %5.2f %7.2f %6.2f | %6s %,11.0f%n",
        figures.get("batch_size"),
        figures.get("perturbations"),
        figures.get("shards"),
        figure(figures, "step_millis"),
        figure(figures, "broadcast_millis"),
        figure(figures, "schedule_millis"),
        figure(figures, "compute_millis"),
        figure(figures, "fold_millis"),
        figures.containsKey("task_step_millis")
            ? String.format(Locale.ROOT, "%.2f", figure(figures, "task_step_millis"))
            : "",
        figure(figures, "bytes_per_step"));
  }

  private static double figure(Map<String, Object> figures, String name) {
    return (double) figures.get(name);
  }

  private static Map<String, Object> document(
      JavaSparkContext spark, List<Map<String, Object>> cases) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("cases", cases);
    document.put("master", spark.master());
    document.put("kernels", Kernels.best().name());
    document.put("java", System.getProperty("java.vm.version"));
    document.put("spark", spark.version());
    document.put("code", Provenance.codeVersion());
    return document;
  }
}
