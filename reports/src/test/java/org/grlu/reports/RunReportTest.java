package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunReportTest {
  private static final Pattern IMAGE =
      Pattern.compile("alt=\"([^\"]+)\"[^>]* src=\"data:image/png;base64,([^\"]+)\"");

  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  private static Map<String, Object> trial() {
    Map<String, Object> row = new HashMap<>();
    row.put("trial_id", "f00d");
    row.put("status", "done");
    row.put("rule_name", "grlu");
    row.put("rule_version", 4);
    row.put("dataset_name", "<b>&mine");
    row.put("training_seed", 7L);
    row.put("epochs_done", 2);
    row.put("validation_accuracy", 0.95);
    row.put("test_accuracy", 0.9412);
    row.put("forward_passes", 1234567L);
    row.put("cpu_seconds", 1234.5);
    row.put("wall_seconds", 2.0);
    row.put("started_at", Instant.parse("2026-01-02T03:04:05Z"));
    row.put("weights_sha256", "abc123");
    row.put("code_version", "1 (2+)");
    return row;
  }

  private static Map<String, Object> epoch(int epoch, List<Double> cosines) {
    Map<String, Object> row = new HashMap<>();
    row.put("epoch", epoch);
    row.put("mean_reward", -1.0 / epoch);
    row.put("test_accuracy", 0.9 + epoch / 100.0);
    row.put("alignment_example", cosines);
    return row;
  }

  private static RunReport report(List<Map<String, Object>> epochs, FirstLayer first) {
    RunReport.Told told =
        new RunReport.Told(
            "784-4-10",
            "grlu train 'x <y>/resolved.conf'",
            null,
            List.of("rule.gate = \"{{title}}\"", "training.epochs = 2"),
            first,
            null);
    return new RunReport("run <1>", trial(), epochs, told);
  }

  private static FirstLayer layer(int channels, float[]... units) {
    return new FirstLayer("Kernels of <it>", "channel", 2, 3, channels, List.of(units), 70);
  }

  private static Map<String, BufferedImage> images(String html) throws IOException {
    Map<String, BufferedImage> images = new HashMap<>();
    Matcher found = IMAGE.matcher(html);
    while (found.find()) {
      byte[] png = Base64.getDecoder().decode(found.group(2));
      images.put(found.group(1), ImageIO.read(new ByteArrayInputStream(png)));
    }
    return images;
  }

  @Test
  void thePageSaysWhatWasTrainedAndEverythingInItIsText() throws IOException {
    String html = report(List.of(epoch(1, null), epoch(2, null)), null).html();
    assertThat(html)
        .contains("<h1>Run run &lt;1&gt;</h1>")
        .contains("95.00% validation accuracy, 94.12% test accuracy after 2 epochs.")
        .contains("&lt;b&gt;&amp;mine", "<td>&quot;{{title}}&quot;</td>")
        .contains("<td>grlu train &#39;x &lt;y&gt;/resolved.conf&#39;</td>")
        .contains("1,234,567", "1,234.5 s", "abc123", "1 (2+)", "2026-01-02 03:04 UTC")
        .contains("test, epoch 2: 92.00", "reward, epoch 1: -1.000")
        .doesNotContain(
            "<b>", "<y>", "<script", "http:", "https:", "Estimates against", "first layer has");
  }

  @Test
  void diagnosticsAreDrawnAndTheLastOnesWrittenWhereThereAreAny() throws IOException {
    String html =
        report(
                List.of(epoch(1, List.of(0.25, Double.NaN)), epoch(2, List.of(0.5, Double.NaN))),
                null)
            .html();
    assertThat(html)
        .contains("layer 1, epoch 1: 0.2500", "layer 1, epoch 2: 0.5000")
        .contains("<td class=\"\">layer 1</td><td class=\"figure\">0.500</td>")
        .contains("<td class=\"\">layer 2</td><td class=\"figure\"></td>")
        .doesNotContain("layer 2, epoch", "Conflict ratio", "NaN");
  }

  private static Map<String, Object> ofTasks(int epoch, Double average, Double... accuracies) {
    Map<String, Object> row = epoch(epoch, null);
    row.put("average_accuracy", average);
    row.put("task_accuracy", List.of(accuracies));
    return row;
  }

  @Test
  void tasksHaveTheirFiguresTheMatrixAndACurveEach() throws IOException {
    Map<String, Object> trial = trial();
    trial.put("average_accuracy", 0.7);
    trial.put("backward_transfer", -0.3);
    trial.put("forgetting", 0.3);
    trial.put("learning_accuracy", 0.85);
    trial.put("features_seen", "fashion-mnist: <training> images");
    List<Map<String, Object>> epochs =
        List.of(
            ofTasks(1, null, 0.5, 0.0),
            ofTasks(2, 0.9, 0.9, 0.05),
            ofTasks(3, null, 0.7, 0.6),
            ofTasks(4, 0.7, 0.6, 0.8));
    RunReport.Told told = new RunReport.Told("4-2", "train", null, List.of(), null, null);
    String html = new RunReport("r", trial, epochs, told).html();
    assertThat(html)
        .contains("<dt>ACC</dt><dd><strong>70.00%</strong>", "<strong>\u221230.00</strong>")
        .contains("<dt>Forgetting</dt><dd><strong>30.00</strong>", "<strong>85.00%</strong>")
        .contains("<strong>fashion-mnist: &lt;training&gt; images</strong>")
        .contains("task 1, epoch 1: 50.00", "task 2, epoch 4: 80.00");
    Matcher rows =
        Pattern.compile("<th scope=\"row\">after task (\\d)</th>(.*)</tr>").matcher(html);
    List<String> read = new ArrayList<>();
    while (rows.find()) {
      read.add(rows.group(1) + rows.group(2).replaceAll("<[^>]*>", " ").replaceAll(" +", " "));
    }
    assertThat(read).containsExactly("1 90.0 5.0 90.0 ", "2 60.0 80.0 70.0 ");
    assertThat(html.split("class=\"is-right learnt", -1)).hasSize(3);
    assertThat(report(epochs.subList(0, 1), null).html())
        .as("no task is over")
        .doesNotContain("one after another", "slow system");
  }

  @Test
  void eachUnitIsAPictureOnOneScale() throws IOException {
    float[] first = {-2, 0, 2, 0, 0, 0};
    float[] second = {0, 0, 0, 0, 0, 1};
    String html = report(List.of(), layer(1, first, second)).html();
    assertThat(html).contains("The first 2 of 70.", "Kernels of &lt;it&gt;", "\u22122.0");
    Map<String, BufferedImage> images = images(html);
    assertThat(images)
        .containsOnlyKeys("channel 1", "channel 2", "from negative to positive weights");
    BufferedImage image = images.get("channel 1");
    assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(3, 2);
    assertThat(colours(image))
        .containsExactly(0x053061, 0xf7f7f7, 0x67001f, 0xf7f7f7, 0xf7f7f7, 0xf7f7f7);
    // half of the largest: half way to its colour
    assertThat(colours(images.get("channel 2"))).endsWith(0xf7f7f7, 0xd6604d);
  }

  @Test
  void threeChannelsAreColoursAndOtherNumbersAreAveraged() throws IOException {
    float[] unit = new float[18];
    unit[0] = 1; // red of the first pixel
    unit[6 + 1] = -1; // green of the second
    unit[12 + 5] = 1; // blue of the last
    String html = report(List.of(), layer(3, unit)).html();
    assertThat(html).contains("red, green and blue");
    assertThat(colours(images(html).get("channel 1")))
        .containsExactly(0xff7f7f, 0x7f007f, 0x7f7f7f, 0x7f7f7f, 0x7f7f7f, 0x7f7fff);
    float[] pair = {1, 0, 0, 0, 0, 0, 1, -2, 0, 0, 0, 0};
    html = report(List.of(), layer(2, pair)).html();
    assertThat(html).contains("Mean over the 2 channels that they read.");
    assertThat(colours(images(html).get("channel 1"))).startsWith(0x67001f, 0x053061, 0xf7f7f7);
  }

  private static List<Integer> colours(BufferedImage image) {
    List<Integer> colours = new ArrayList<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y) & 0xffffff);
      }
    }
    return colours;
  }

  @Test
  void aPageOfManyEpochsAndLargeUnitsIsSmallAndTheSameInAnyLocale() throws IOException {
    List<Map<String, Object>> epochs = new ArrayList<>();
    for (int i = 1; i <= 5000; i++) {
      epochs.add(epoch(i, List.of(Math.sin(i), Math.cos(i))));
    }
    Random random = new Random(1);
    List<float[]> units = new ArrayList<>();
    for (int i = 0; i < FirstLayer.MOST; i++) {
      float[] unit = new float[784];
      for (int j = 0; j < unit.length; j++) {
        unit[j] = (float) random.nextGaussian();
      }
      units.add(unit);
    }
    RunReport report = report(epochs, new FirstLayer("x", "unit", 28, 28, 1, units, 64));
    String html = report.html();
    assertThat(html.length()).isLessThan(200_000);
    assertThat(images(html)).hasSize(65);
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    assertThat(report.html()).isEqualTo(html);
  }

  @Test
  void aTrialThatDivergedSaysSo() throws IOException {
    Map<String, Object> row = trial();
    row.put("status", "diverged");
    row.put("failure", "layer 1: <NaN>\nat");
    row.put("epochs_done", 0);
    Arrays.asList("validation_accuracy", "test_accuracy", "weights_sha256").forEach(row::remove);
    RunReport.Told told = new RunReport.Told("784-10", "train", "beef", List.of(), null, null);
    String html = new RunReport("r", row, List.of(), told).html();
    assertThat(html)
        .contains("The trial diverged: layer 1: &lt;NaN&gt;</p>", "There is no whole epoch.")
        .contains("no accuracy after 0 epochs.", "<td>beef</td>", "train --init MODEL")
        .contains("All keys have their defaults");
  }

  @Test
  void answersAreAMatrixWhoseCellsAreTheCountsAndErrorsArePictures() throws IOException {
    byte[] pixels = {0, 1, 2, 3, 4, (byte) 255};
    List<TestAnswers.Mistake> errors =
        List.of(
            new TestAnswers.Mistake(17, 2, 0.0001, 0, 0.75, 1, 0.2499, pixels),
            new TestAnswers.Mistake(3, 1, 0.25, 0, 0.7495, 2, 0.0005, pixels));
    long[][] counts = {{1200, 0, 0}, {1, 8, 0}, {2, 0, 3}};
    byte[] json = new TestAnswers("abc", counts, 2, 3, 1, errors).toJson();
    RunReport.Told told =
        new RunReport.Told("6-3", "train", null, List.of(), null, TestAnswers.fromJson(json));
    String html = new RunReport("r", trial(), List.of(), told).html();
    assertThat(html).contains("1,211 of 1,214 test images are right.");
    Matcher cells = Pattern.compile("title=\"(class|\\d) ?([^\"]*)\">(\\d*)</td>").matcher(html);
    List<String> read = new ArrayList<>();
    while (cells.find()) {
      read.add(cells.group(3));
    }
    assertThat(read).containsExactly("1200", "", "", "1", "8", "", "2", "", "3");
    assertThat(html)
        .contains(
            "<td class=\"\">2</td><td class=\"\">0</td><td class=\"figure\">2</td><td class=\"figure\">40.0 %</td>")
        .contains(
            "<b>is 2</b><br>0: 75.0 %<br>1: 25.0 %<", "<b>is 1</b><br>0: 75.0 %<br>2: &lt; 0.1 %");
    assertThat(images(html)).containsOnlyKeys("test image 17", "test image 3");
    assertThat(colours(images(html).get("test image 17")))
        .containsExactly(0, 0x010101, 0x020202, 0x030303, 0x040404, 0xffffff);
  }
}
