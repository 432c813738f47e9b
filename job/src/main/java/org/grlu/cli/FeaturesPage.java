package org.grlu.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.CodeProbe;
import org.grlu.features.CodeProbe.Measures;
import org.grlu.features.Encoder;
import org.grlu.network.ArrayFile;
import org.grlu.reports.FeaturesReport;
import org.grlu.reports.FirstLayer;
import org.grlu.reports.RunFolder;
import org.grlu.run.Features;
import org.grlu.spark.SparkParts;

/** The measures of a slow system, and its page. */
final class FeaturesPage {
  /** Images that readouts are fitted to, at most. */
  private static final int FITTED = 20_000;

  /** Training images that are held out where the configuration holds none out, at most. */
  private static final int HELD = 10_000;

  private static final int SHARE_HELD = 6;
  private static final int SHOWN = 20;

  private final Settings settings;
  private final Encoder encoder;
  private final LabelledImages fitted;
  private final LabelledImages held;
  private final int classes;
  private final String heldWords;

  /**
   * @param dataset cut as configured
   */
  FeaturesPage(Settings settings, Dataset dataset, Encoder encoder) {
    this.settings = settings;
    this.encoder = encoder;
    this.classes = dataset.classes();
    LabelledImages train = dataset.train();
    if (dataset.validation().size() > 0) {
      held = dataset.validation();
      heldWords = "%,d validation images".formatted(held.size());
    } else {
      int last = Math.max(1, Math.min(HELD, train.size() / SHARE_HELD));
      held = train.slice(train.size() - last, train.size());
      train = train.slice(0, Math.max(1, train.size() - last));
      heldWords =
          "the last %,d training images, which the system may have seen: dataset.validation-examples is 0"
              .formatted(last);
    }
    fitted = train.slice(0, Math.min(FITTED, train.size()));
  }

  /**
   * Measures, and writes the page and its figures beside the system.
   *
   * @param group of Spark's jobs
   * @param progress hears what is being done
   * @return what was found
   */
  Map<String, Object> write(JavaSparkContext spark, String group, Consumer<String> progress)
      throws IOException {
    RunFolder folder = Features.folder(settings, encoder.id());
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("features", encoder.id());
    found.put("kind", settings.values().get("features.kind"));
    found.put("seen", settings.seen().words());
    found.put("size", (long) encoder.size());
    found.put("measured_on", heldWords);
    CodeProbe probe = null;
    if (encoder.size() <= CodeProbe.LONGEST) {
      progress.accept(
          "fitting readouts to %,d codes of %,d values".formatted(fitted.size(), encoder.size()));
      try (SparkParts parts = new SparkParts(spark, group, fitted)) {
        probe = CodeProbe.fit(encoder, parts, labels(fitted), classes);
      }
      progress.accept("measuring %,d codes".formatted(held.size()));
      try (SparkParts parts = new SparkParts(spark, group, held)) {
        put(found, probe.measure(parts, labels(held)));
      }
    }
    found.put("report", folder.shown() + "/" + RunFolder.PAGE);
    folder.write(RunFolder.FIGURES, (Json.of(found) + "\n").getBytes(StandardCharsets.UTF_8));
    folder.write(RunFolder.PAGE, report(found, probe).html().getBytes(StandardCharsets.UTF_8));
    return found;
  }

  private static byte[] labels(LabelledImages images) {
    byte[] labels = new byte[images.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) images.label(i);
    }
    return labels;
  }

  private void put(Map<String, Object> found, Measures measures) {
    found.put("fitted", (long) fitted.size());
    found.put("measured", (long) measures.images());
    found.put("ridge_accuracy", measures.ridgeAccuracy());
    found.put("class_means_accuracy", measures.meansAccuracy());
    found.put("linear_squared_error", measures.linearError());
    if (!Double.isNaN(measures.decoderError())) {
      found.put("decoder_squared_error", measures.decoderError());
    }
    found.put("squared_length", measures.squaredLength());
    found.put("zeros", measures.zeros());
  }

  /** What was found, for people. */
  static List<String> lines(Map<String, Object> found) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "features %s: %s, codes of %,d values"
            .formatted(found.get("features"), found.get("kind"), (Long) found.get("size")));
    lines.add("seen: " + found.get("seen"));
    measures(found).forEach((name, value) -> lines.add("%s: %s".formatted(lower(name), value)));
    lines.add("measured on " + found.get("measured_on"));
    lines.add("report in " + found.get("report"));
    return lines;
  }

  private static String lower(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static Map<String, String> measures(Map<String, Object> found) {
    Map<String, String> measures = new LinkedHashMap<>();
    if (!found.containsKey("ridge_accuracy")) {
      measures.put(
          "Measures", "none of codes of more than %,d values".formatted(CodeProbe.LONGEST));
      return measures;
    }
    measures.put("Classes by ridge regression", percent(found, "ridge_accuracy"));
    measures.put("Classes by the nearest class mean", percent(found, "class_means_accuracy"));
    if (found.containsKey("decoder_squared_error")) {
      measures.put("Squared error a pixel, decoder", error(found, "decoder_squared_error"));
    }
    measures.put("Squared error a pixel, ridge regression", error(found, "linear_squared_error"));
    measures.put(
        "Mean squared length of a code",
        String.format(Locale.ROOT, "%,.1f", (Double) found.get("squared_length")));
    measures.put("Zeros in a code", percent(found, "zeros"));
    return measures;
  }

  private static String percent(Map<String, Object> found, String name) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * (Double) found.get(name));
  }

  private static String error(Map<String, Object> found, String name) {
    return String.format(Locale.ROOT, "%.5f", (Double) found.get(name));
  }

  private FeaturesReport report(Map<String, Object> found, CodeProbe probe) {
    Map<String, String> system = new LinkedHashMap<>();
    settings
        .values()
        .forEach(
            (path, value) -> {
              boolean shown = path.startsWith("features.") && !value.equals("");
              if (shown && settings.meansSomething(path)) {
                system.put(path, value.toString());
              }
            });
    for (int s = 0; s < encoder.lines().size(); s++) {
      system.put("Stage " + (s + 1), encoder.lines().get(s));
    }
    system.put("Id", encoder.id());
    List<String> summary =
        List.of(
            "%s: codes of %,d values, of images of %,d. Seen: %s."
                .formatted(found.get("kind"), encoder.size(), encoder.inputs(), found.get("seen")),
            "Measured on %s, with readouts fitted to %,d training images."
                .formatted(heldWords, fitted.size()));
    return new FeaturesReport(
        encoder.id().substring(0, 8),
        summary,
        probe == null ? null : kept(probe),
        first(),
        measures(found),
        "On %,d images".formatted(held.size()),
        system);
  }

  /** The first held-out images and what is made of their codes. */
  private FeaturesReport.Kept kept(CodeProbe probe) {
    if (held.rows() == 1 || (held.channels() != 1 && held.channels() != 3)) {
      return null;
    }
    int count = Math.min(SHOWN, held.size());
    Map<String, float[]> rows = new LinkedHashMap<>();
    rows.put("Image", Encoder.pixels(held, 0, count));
    if (encoder.reconstructs()) {
      rows.put("By its decoder", encoder.reconstruct(held, 0, count));
    }
    rows.put("By ridge regression", probe.reconstruct(held, count));
    return new FeaturesReport.Kept(held.rows(), held.columns(), held.channels(), rows);
  }

  /** The first stage's filters or, where they are as long as an image, its rows. */
  private FirstLayer first() {
    ArrayFile.Matrix matrix = encoder.first().orElse(null);
    if (matrix == null || held.rows() == 1) {
      return null;
    }
    int columns = matrix.columns();
    boolean ofImages = columns == held.pixelsPerImage();
    int side = (int) Math.round(Math.sqrt(columns));
    if (held.channels() != 1 || (!ofImages && side * side != columns)) {
      return null;
    }
    List<float[]> units = new ArrayList<>();
    for (int i = 0; i < Math.min(FirstLayer.MOST, matrix.rows()); i++) {
      units.add(Arrays.copyOfRange(matrix.values(), i * columns, (i + 1) * columns));
    }
    return new FirstLayer(
        ofImages ? "What each value weighs at each pixel" : "Filters of patches of the image",
        ofImages ? "value" : "filter",
        ofImages ? held.rows() : side,
        ofImages ? held.columns() : side,
        1,
        units,
        matrix.rows());
  }
}
