package org.grlu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grlu.bench.ExampleBenchmark;
import org.grlu.bench.ExampleBenchmark.Figure;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.math.Kernels;
import org.grlu.store.Provenance;

/** {@code grlu bench} without {@code --stepped}: what an example costs on one thread. */
final class ExampleBench {
  private static final List<String> RESIDUAL =
      List.of("network.layers=[784,256,256,10]", "network.skip=residual");

  /** What a case measures. */
  private enum Kind {
    TRAIN("us/example", "micros_per_example"),
    EVALUATE("ms/10,000 images", "millis_per_10000_images"),
    NOISE("ns/number", "nanos_per_number"),
    PRODUCT("GFLOP/s", "gigaflops"),
    TWO("of twice one trial", "share_of_twice_one_trial");

    private final String unit;
    private final String key;

    Kind(String unit, String key) {
      this.unit = unit;
      this.key = key;
    }
  }

  private record Case(String name, Kind kind, List<String> sets) {}

  private static final List<Case> CASES = cases();

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int p : new int[] {1, 16, 128}) {
      cases.add(train("p" + p, List.of(), "rule.perturbations=" + p));
      cases.add(
          train("p" + p + "-active", List.of(), "rule.perturbations=" + p, "rule.gate=active"));
    }
    for (int p : new int[] {16, 128}) {
      cases.add(
          train("top-k-p" + p, List.of(), "rule.perturbations=" + p, "network.activation=top-k"));
      cases.add(train("residual-p" + p, RESIDUAL, "rule.perturbations=" + p));
    }
    for (int p : new int[] {1, 16, 128}) {
      List<String> measured = List.of("rule.gate=active", "rule.normalise-noise=true");
      cases.add(
          train(
              "orthogonal-p" + p,
              measured,
              "rule.noise=orthogonal",
              "rule.output-signal=measured",
              "rule.perturbations=" + p,
              "training.learning-rate.max=0.001",
              "training.noise-scale.min=0.05"));
    }
    String slow = "training.learning-rate.max=0.003";
    for (int p : new int[] {1, 128}) {
      String pairs = "rule.perturbations=" + p;
      cases.add(train("batch-32-p" + p, List.of(), slow, pairs, "training.batch-size=32"));
    }
    cases.add(train("batch-32", List.of(), slow, "training.batch-size=32"));
    cases.add(train("batch-256", List.of(), slow, "training.batch-size=256"));
    cases.add(
        train(
            "feedback-p1",
            List.of(),
            "training.learning-rate.max=0.02",
            "training.noise-scale.max=0.05",
            "training.noise-scale.min=0.05",
            "rule.name=learned-feedback",
            "rule.perturbations=1"));
    cases.add(
        train(
            "direct-1", List.of(), "training.learning-rate.max=0.01", "rule.name=direct-feedback"));
    cases.add(train("backprop-1", List.of(), slow, "rule.name=backprop"));
    cases.add(
        train("backprop-256", List.of(), slow, "rule.name=backprop", "training.batch-size=256"));
    List<String> deep =
        List.of("network.layers=[784,128,128,128,128,128,128,128,128,10]", RESIDUAL.get(1));
    cases.add(
        train(
            "deep-feedback-p1",
            deep,
            "training.learning-rate.max=0.005",
            "training.noise-scale.max=0.05",
            "training.noise-scale.min=0.05",
            "rule.name=learned-feedback",
            "rule.perturbations=1"));
    cases.add(train("deep-backprop-1", deep, slow, "rule.name=backprop"));
    cases.addAll(mixed());
    cases.add(new Case("evaluation", Kind.EVALUATE, List.of()));
    cases.add(new Case("noise", Kind.NOISE, List.of()));
    cases.add(new Case("product", Kind.PRODUCT, List.of()));
    cases.add(new Case("two-trials", Kind.TWO, List.of()));
    return List.copyOf(cases);
  }

  /** Layers of other kinds. */
  private static List<Case> mixed() {
    List<Case> cases = new ArrayList<>();
    String small = "training.noise-scale={max=0.05,min=0.05}";
    List<String> pairs =
        List.of(small, "rule.noise=rademacher", "rule.gate=active", "rule.normalise-noise=true");
    String one = "network.layers=[{convolution=16,size=5,stride=2}]";
    String two =
        "network.layers=[{convolution=16,size=5,stride=2},{convolution=32,size=5,stride=2}]";
    String recurrent = "network.layers=[{recurrent=64,steps=28}]";
    String slow = "training.learning-rate.max=0.001";
    String feedback = "rule.name=learned-feedback";
    String p1 = "rule.perturbations=1";
    cases.add(train("convolution-p16", pairs, one, slow));
    cases.add(train("convolution-feedback-p1", pairs, one, slow, feedback, p1));
    cases.add(train("convolution-backprop-1", pairs, one, slow, "rule.name=backprop"));
    cases.add(train("two-convolutions-feedback-p1", pairs, two, slow, feedback, p1));
    cases.add(train("two-convolutions-backprop-1", pairs, two, slow, "rule.name=backprop"));
    cases.add(train("recurrent-p16", pairs, recurrent, slow));
    cases.add(train("recurrent-feedback-p1", pairs, recurrent, slow, feedback, p1));
    cases.add(train("recurrent-backprop-1", pairs, recurrent, slow, "rule.name=backprop"));
    return cases;
  }

  private static Case train(String name, List<String> network, String... sets) {
    List<String> all = new ArrayList<>(network);
    all.addAll(List.of(sets));
    return new Case(name, Kind.TRAIN, all);
  }

  static String names() {
    return String.join(", ", CASES.stream().map(Case::name).toList());
  }

  private final Terminal terminal = new Terminal();
  private final Dataset dataset;
  private final ExampleBenchmark benchmark;

  ExampleBench(double seconds, double warmUp) {
    dataset = DataSource.load(ConfigReader.read(null, List.of()), terminal);
    benchmark = new ExampleBenchmark(dataset, seconds, warmUp);
  }

  /** Those of the given names, in the order they are listed; all for none. */
  void run(List<String> names, boolean json) {
    List<Case> chosen = chosen(names);
    System.out.println(machine());
    System.out.printf("%-16s %10s  %-20s %19s %6s%n", "case", "median", "", "low - high", "bytes");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      Case each = chosen.get(i);
      terminal.rewrite("%s, %d of %d".formatted(each.name, i + 1, chosen.size()));
      Settings settings = ConfigReader.read(null, each.sets);
      Figure figure = measure(each.kind, settings);
      terminal.clear();
      System.out.printf(
          Locale.ROOT,
          "%-16s %10.3f  %-20s %9.3f-%9.3f %6.0f%n",
          each.name,
          figure.median(),
          each.kind.unit,
          figure.low(),
          figure.high(),
          figure.bytes());
      rows.add(row(each, settings, figure));
    }
    ExampleBenchmark.Held held = benchmark.held(ConfigReader.read(null, heldSets()).trial());
    String onLines = held.onLines().name().toLowerCase(Locale.ROOT);
    System.out.printf(
        Locale.ROOT,
        "a trial at P = 128 holds %.1f MiB beside the dataset%n"
            + "its weights and buffers start on cache lines: %s%n",
        held.bytes() / 1048576.0,
        onLines);
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("cases", rows);
      document.put("trial_bytes", held.bytes());
      document.put("on_cache_lines", onLines);
      document.put("kernels", Kernels.best().name());
      document.put("processor", processor());
      document.put("java", System.getProperty("java.vm.version"));
      document.put("code", Provenance.codeVersion());
      System.out.println(Json.of(document));
    }
  }

  private static List<String> heldSets() {
    return List.of("rule.perturbations=128");
  }

  /** How many cases names stand for. */
  static int count(List<String> names) {
    return chosen(names).size();
  }

  private static List<Case> chosen(List<String> names) {
    for (String name : names) {
      if (CASES.stream().noneMatch(each -> each.name.equals(name))) {
        throw new CommandException(
            ExitCode.BAD_INPUT, "bench: --cases %s: must be of %s".formatted(name, names()));
      }
    }
    return CASES.stream().filter(c -> names.isEmpty() || names.contains(c.name)).toList();
  }

  private Figure measure(Kind kind, Settings settings) {
    return switch (kind) {
      case TRAIN -> benchmark.train(settings.trial());
      case EVALUATE -> benchmark.evaluate(settings.trial());
      case NOISE -> benchmark.noise(settings.trial());
      case PRODUCT -> benchmark.product(128, 256, 256);
      case TWO -> benchmark.two(settings.trial());
    };
  }

  private static Map<String, Object> row(Case each, Settings settings, Figure figure) {
    Map<String, Object> row = new LinkedHashMap<>();
    Map<String, Object> values = settings.values();
    row.put("name", each.name);
    row.put("layers", settings.shape().widths());
    row.put("activation", values.get("network.activation"));
    row.put("skip", values.get("network.skip"));
    row.put("gate", values.get("rule.gate"));
    row.put("rule", values.get("rule.name"));
    row.put("perturbations", values.get("rule.perturbations"));
    row.put("batch_size", values.get("training.batch-size"));
    row.put(each.kind.key, figure.median());
    row.put("low", figure.low());
    row.put("high", figure.high());
    row.put("bytes_per_example", figure.bytes());
    return row;
  }

  private static String machine() {
    return "%s; Java %s, %s"
        .formatted(Kernels.reason(), System.getProperty("java.vm.version"), processor());
  }

  /** As Linux names it, else the architecture. */
  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
