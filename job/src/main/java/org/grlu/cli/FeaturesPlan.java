package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.ImageCode;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.features.FeatureSettings;
import org.grlu.features.Parts;
import org.grlu.features.SlowSystem;
import org.grlu.noise.StreamKey;
import org.grlu.run.Features;
import org.grlu.run.FrozenFeatures;
import org.grlu.sweep.PlannedTrial;

/**
 * What the slow systems of a sweep are, and what their codes cost executors.
 *
 * @param systems one for each, in the order of the trials
 */
record FeaturesPlan(List<SlowSystemCost> systems) {
  /** Images that are encoded to see how long it takes, and how often. */
  private static final int TIMED = 128;

  private static final int ROUNDS = 4;

  /** Images of a set whose codes are drawn. */
  private static final int READ = 2_000;

  /** Outputs of the products that the time of a multiplication is taken from. */
  private static final int PRODUCT = 256;

  /**
   * A slow system.
   *
   * @param form its kind and what is done to its code, in words
   * @param stored whether it is there already: in the report directory, or in a file
   * @param size the length of a code
   * @param bytes of the codes of all images
   * @param kept whether executors keep them, rather than compute each when it is read
   * @param seconds of encoding all images, on one core
   */
  record SlowSystemCost(
      String id, String form, boolean stored, int size, long bytes, boolean kept, double seconds) {}

  static FeaturesPlan of(List<PlannedTrial> trials, Dataset dataset) throws IOException {
    Map<String, Settings> needed = new LinkedHashMap<>();
    for (PlannedTrial trial : trials) {
      if (trial.setting().features().isPresent()) {
        needed.putIfAbsent(
            trial.settings().featuresIdentity(dataset.sha256()).id(), trial.settings());
      }
    }
    List<SlowSystemCost> systems = new ArrayList<>();
    if (!needed.isEmpty()) {
      LabelledImages some = dataset.train().slice(0, Math.min(TIMED, dataset.train().size()));
      Map<String, Double> micros = new HashMap<>();
      long images = (long) dataset.train().size() + dataset.test().size();
      long heap = executorHeap(new SparkConf());
      for (Map.Entry<String, Settings> each : needed.entrySet()) {
        FeatureSettings system = each.getValue().features().orElseThrow();
        Encoder stored = stored(each.getValue(), each.getKey());
        String form = form(system);
        // those of one form that differ in what they have learnt take the same
        double seconds =
            micros.computeIfAbsent(
                    form + system.outputs(dataset.pixelsPerImage()),
                    key -> stored == null ? micros(system, some) : micros(stored, some))
                * 1e-6
                * images;
        int size = system.outputs(dataset.pixelsPerImage());
        long values = images * size;
        // sets are kept each by itself, and the training set is the largest
        boolean kept = ImageCode.areKept((long) dataset.train().size() * size, heap);
        systems.add(
            new SlowSystemCost(
                each.getKey(), form, stored != null, size, values * Float.BYTES, kept, seconds));
      }
    }
    return new FeaturesPlan(systems);
  }

  /**
   * A dataset as a trial's network reads it, to measure what an example costs: where it reads
   * codes, some images with codes that are drawn.
   */
  static Dataset asRead(Settings settings, Dataset dataset) {
    if (settings.features().isEmpty()) {
      return dataset;
    }
    int size = settings.features().get().outputs(dataset.pixelsPerImage());
    LabelledImages train = dataset.train();
    LabelledImages test = dataset.test();
    return new Dataset(
            dataset.name(),
            train.slice(0, Math.min(READ, train.size())),
            dataset.validation(),
            test.slice(0, Math.min(READ, test.size())),
            dataset.classes(),
            dataset.sha256())
        .encoded(new DrawnCode(size));
  }

  /** Codes of variance 1 that say nothing of their images. */
  private record DrawnCode(int size) implements ImageCode {
    @Override
    public String id() {
      return "drawn";
    }

    @Override
    public void encode(LabelledImages images, int from, int count, float[] out, int at) {
      for (int i = 0; i < count * size; i++) {
        double uniform = (StreamKey.child(from, i) >>> 11) * 0x1p-53;
        out[at + i] = (float) ((uniform - 0.5) * Math.sqrt(12));
      }
    }
  }

  private static String form(FeatureSettings system) {
    String kind = word(system.kind());
    String whitened =
        system.whiten() == FeatureSettings.Whiten.NONE ? "" : ", " + word(system.whiten());
    return kind + whitened + (system.expand() > 0 ? ", sparse" : "");
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Encoder stored(Settings settings, String id) throws IOException {
    return settings.featuresFile().isPresent()
        ? FrozenFeatures.of(settings.featuresFile().get())
        : Features.stored(settings.reportDirectory(), id).orElse(null);
  }

  /** Memory of the JVM that keeps codes: with a local master this one. */
  private static long executorHeap(SparkConf conf) {
    boolean here = conf.get("spark.master", "local").matches("local(\\[.*])?");
    return here
        ? Runtime.getRuntime().maxMemory()
        : conf.getSizeAsBytes("spark.executor.memory", "1g");
  }

  /**
   * By a system of the same form, whose backbone is drawn, and products as long as what follows.
   */
  private static double micros(FeatureSettings form, LabelledImages some) {
    int pixels = some.pixelsPerImage();
    double product = micros(drawn(form.product(PRODUCT), some), some) / ((double) pixels * PRODUCT);
    return micros(drawn(form.drawn(), some), some) + product * form.productsAfter(pixels);
  }

  private static Encoder drawn(FeatureSettings form, LabelledImages some) {
    return SlowSystem.train(form, "drawn", new Here(some), line -> {});
  }

  /** The least of some rounds, an image. */
  private static double micros(Encoder encoder, LabelledImages some) {
    float[] codes = new float[some.size() * encoder.size()];
    double least = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      encoder.encode(some, 0, some.size(), codes, 0);
      least = Math.min(least, (System.nanoTime() - start) * 1e-3 / some.size());
    }
    return least;
  }

  /** Parts in this thread. */
  private record Here(LabelledImages images) implements Parts {
    @Override
    public List<double[]> map(int parts, Part part) {
      List<double[]> results = new ArrayList<>();
      for (int number = 0; number < parts; number++) {
        results.add(part.of(images, number));
      }
      return results;
    }
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (systems.isEmpty()) {
      return lines;
    }
    long stored = systems.stream().filter(SlowSystemCost::stored).count();
    lines.add(
        "%d slow system%s, of which %d %s there already"
            .formatted(
                systems.size(),
                systems.size() == 1 ? "" : "s",
                stored,
                stored == 1 ? "is" : "are"));
    Map<String, List<SlowSystemCost>> forms = new LinkedHashMap<>();
    systems.forEach(
        each -> forms.computeIfAbsent(each.form + each.size, f -> new ArrayList<>()).add(each));
    forms.values().forEach(alike -> lines.addAll(lines(alike)));
    return lines;
  }

  private static List<String> lines(List<SlowSystemCost> alike) {
    SlowSystemCost one = alike.get(0);
    String each = alike.size() == 1 ? "" : " each";
    return List.of(
        String.format(Locale.ROOT, "  %d of %s, %,d values", alike.size(), one.form, one.size),
        String.format(
            Locale.ROOT,
            one.kept
                ? "    %,.0f MB of codes%s, kept by an executor, computed once in %.2g s"
                : "    %,.0f MB of codes%s are too many to keep: %.2g s in each epoch",
            one.bytes / 1e6,
            each,
            one.seconds));
  }

  List<Object> json() {
    List<Object> rows = new ArrayList<>();
    for (SlowSystemCost system : systems) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("features", system.id);
      row.put("form", system.form);
      row.put("stored", system.stored);
      row.put("size", (long) system.size);
      row.put("bytes", system.bytes);
      row.put("kept", system.kept);
      row.put("core_seconds", system.seconds);
      rows.add(row);
    }
    return rows;
  }
}
