package org.grlu.reports;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grlu.reports.Html.Heading;

/**
 * The page of one run: of its row in the table of trials, its epochs, and what the tables don't
 * say. Needs neither a script nor a network.
 */
public final class RunReport {
  private final String name;
  private final SweepTrial trial;
  private final List<Map<String, Object>> epochs;
  private final Told told;

  /**
   * What tables don't say.
   *
   * @param network its layers, in short
   * @param command that trains the same again
   * @param init the digest of the weights that it began with; null where the seed gave them
   * @param changed the configuration that is not the default, "path = value" each
   * @param first what the first layer has learned; null where there is nothing to show
   * @param answers to the test set; null where they are not known
   */
  public record Told(
      String network,
      String command,
      String init,
      List<String> changed,
      FirstLayer first,
      TestAnswers answers) {}

  /**
   * A run's page.
   *
   * @param name of the run
   * @param trial its row in the table of trials
   * @param epochs its rows in the table of epochs, in order
   */
  public RunReport(
      String name, Map<String, Object> trial, List<Map<String, Object>> epochs, Told told) {
    this.name = name;
    this.trial = new SweepTrial(trial);
    this.epochs = List.copyOf(epochs);
    this.told = told;
  }

  String name() {
    return name;
  }

  SweepTrial trial() {
    return trial;
  }

  /** The configuration that is not the default, "path = value" each. */
  List<String> keys() {
    return told.changed;
  }

  /** A column's numbers by epoch, where there are any. */
  Map<Integer, Double> byEpoch(String column, double factor) {
    Map<Integer, Double> numbers = new TreeMap<>();
    for (Map<String, Object> row : epochs) {
      if (row.get(column) instanceof Double x && Double.isFinite(x)) {
        numbers.put((Integer) row.get("epoch"), factor * x);
      }
    }
    return numbers;
  }

  /** The page. */
  public String html() throws IOException {
    Map<String, String> parts = new HashMap<>();
    String sweep = trial.text("sweep");
    parts.put("title", Html.escaped(name));
    parts.put("kind", sweep.isEmpty() ? "Run" : "Trial");
    parts.put("of", sweep.isEmpty() ? "" : " of sweep " + Html.escaped(sweep));
    parts.put("style", Page.resource("page.css") + Page.resource("run.css"));
    parts.put("summary", summary());
    parts.put("tasks", tasks());
    parts.put("curves", curves());
    parts.put(
        "learned",
        told.first == null
            ? ""
            : section("learned", "What the first layer has learned", told.first.html()));
    parts.put(
        "answers",
        told.answers == null
            ? ""
            : section("answers", "Answers to the test set", told.answers.html()));
    parts.put("diagnostics", diagnostics());
    parts.put("trained", trained());
    parts.put("changed", changed());
    parts.put("costs", costs());
    parts.put("provenance", provenance());
    return Page.filled("run.html", parts);
  }

  private static String section(String id, String title, String content) {
    return "<section id=\"%s\">\n<h2>%s</h2>\n%s\n</section>".formatted(id, title, content);
  }

  private String summary() {
    Html out = new Html();
    if (trial.status() != TrialStatus.DONE) {
      out.markup("<p class=\"warning\">")
          .text(
              "The trial %s: %s"
                  .formatted(
                      trial.status().word(),
                      trial.text("failure").lines().findFirst().orElse("it is not over")))
          .markup("</p>");
    }
    out.markup("<p class=\"answer\"><strong>")
        .text(told.network)
        .markup("</strong> by ")
        .text(trial.text("rule_name") + " on " + trial.text("dataset_name"))
        .text(", seed " + trial.seed() + ": ");
    List<String> reached = new ArrayList<>();
    for (String accuracy : List.of(SweepDescription.VALIDATION, SweepDescription.TEST)) {
      if (trial.number(accuracy) != null) {
        reached.add(percent(accuracy) + " " + accuracy.replace('_', ' '));
      }
    }
    return out.text(reached.isEmpty() ? "no accuracy" : String.join(", ", reached))
        .text(" after " + count(trial.epochs(), "epoch") + ".")
        .markup("</p>")
        .markup(seen())
        .toString();
  }

  /** Of a network that reads codes: what the slow system that makes them has seen. */
  private String seen() {
    String seen = trial.text("features_seen");
    return seen.isEmpty()
        ? ""
        : new Html()
            .markup("<p class=\"note\">")
            .text("It reads codes of a slow system that is frozen. That has seen, without labels: ")
            .markup("<strong>")
            .text(seen)
            .markup("</strong>.</p>")
            .toString();
  }

  private String percent(String accuracy) {
    return AccuracyText.of(Sample.of(new double[] {trial.number(accuracy)}));
  }

  private static String count(long n, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", n, what, n == 1 ? "" : "s");
  }

  private String curves() {
    if (epochs.isEmpty()) {
      return "<p>There is no whole epoch.</p>";
    }
    List<LineChart.Line> accuracies = new ArrayList<>();
    for (String each : List.of("train", "validation", "test")) {
      accuracies.add(new LineChart.Line(each, numbers(each + "_accuracy", 100)));
    }
    return "<p class=\"small lead\">Train: the first 1,000 training examples. Test is the whole"
        + " test set, and only reported.</p>\n<div class=\"multiples\">"
        + chart("Accuracy (%)", accuracies)
        + chart("Mean reward", List.of(new LineChart.Line("reward", numbers("mean_reward", 1))))
        + "</div>";
  }

  /** Of a stream with tasks: figures, the matrix, and curves by task. */
  private String tasks() {
    TaskMatrix matrix = TaskMatrix.of(epochs);
    if (matrix.isEmpty()) {
      return "";
    }
    Html out = new Html().markup(TaskFigure.html(trial.row()));
    out.markup("<div class=\"beside\"><div>\n").markup(matrix.html());
    out.markup("</div>\n").markup(chart("Test accuracy by task (%)", byTask())).markup("</div>");
    return section("tasks", "Tasks, one after another", out.toString());
  }

  /** A line for each task, or of many for some. */
  private List<LineChart.Line> byTask() {
    int tasks =
        epochs.stream()
            .filter(row -> row.get(TaskMatrix.ACCURACIES) instanceof List<?>)
            .mapToInt(row -> ((List<?>) row.get(TaskMatrix.ACCURACIES)).size())
            .max()
            .orElse(0);
    List<LineChart.Line> lines = new ArrayList<>();
    int every = (tasks + LineChart.LINES - 1) / LineChart.LINES;
    for (int s = 0; s < tasks; s += every) {
      List<Double> values = new ArrayList<>();
      for (Map<String, Object> row : epochs) {
        values.add(
            row.get(TaskMatrix.ACCURACIES) instanceof List<?> list
                ? (Double) (100 * (Double) list.get(s))
                : null);
      }
      lines.add(new LineChart.Line("task " + (s + 1), values));
    }
    return lines;
  }

  private String chart(String title, List<LineChart.Line> lines) {
    return LineChart.html(
        title, epochs.stream().map(row -> (Integer) row.get("epoch")).toList(), lines);
  }

  private List<Double> numbers(String column, double factor) {
    List<Double> numbers = new ArrayList<>();
    for (Map<String, Object> row : epochs) {
      numbers.add(row.get(column) instanceof Double x ? (Double) (factor * x) : null);
    }
    return numbers;
  }

  private String diagnostics() {
    List<Map<String, Object>> known =
        epochs.stream().filter(row -> row.get(Diagnosis.COSINE.column) instanceof List<?>).toList();
    if (known.isEmpty()) {
      return "";
    }
    Map<String, Object> last = known.get(known.size() - 1);
    int layers = ((List<?>) last.get(Diagnosis.COSINE.column)).size();
    Html out = new Html();
    out.markup("<p class=\"small lead\">")
        .text(
            "How the rule\u2019s estimates stand to the exact gradient, on the first 32 training"
                + " examples, by layer with weights; layer 1 reads the input.")
        .markup("</p>\n<div class=\"multiples\">");
    for (Diagnosis diagnosis : Diagnosis.values()) {
      List<LineChart.Line> lines = new ArrayList<>();
      for (int l = 0; l < layers; l++) {
        List<Double> values = new ArrayList<>();
        for (Map<String, Object> row : epochs) {
          values.add(diagnosis.of(row, l));
        }
        lines.add(new LineChart.Line("layer " + (l + 1), values));
      }
      out.markup(chart(diagnosis.title, lines));
    }
    out.markup("</div>\n<div class=\"wide\"><table>");
    lastDiagnosis(out, last, layers);
    out.markup("</table></div>");
    return section("diagnostics", "Estimates against the gradient", out.toString());
  }

  private static void lastDiagnosis(Html out, Map<String, Object> last, int layers) {
    List<Diagnosis> known =
        Stream.of(Diagnosis.values())
            .filter(each -> IntStream.range(0, layers).anyMatch(l -> each.of(last, l) != null))
            .toList();
    List<Heading> head = new ArrayList<>();
    head.add(Heading.of("After epoch " + last.get("epoch"), ""));
    for (Diagnosis diagnosis : known) {
      head.add(new Heading(diagnosis.title, diagnosis.column, "figure"));
    }
    out.head(head).markup("<tbody>\n");
    for (int l = 0; l < layers; l++) {
      out.markup("<tr>").cell("", "layer " + (l + 1));
      for (Diagnosis diagnosis : known) {
        Double value = diagnosis.of(last, l);
        out.cell("figure", value == null ? "" : String.format(Locale.ROOT, "%.3g", value));
      }
      out.markup("</tr>\n");
    }
    out.markup("</tbody>");
  }

  /** A diagnostic that is shown. */
  private enum Diagnosis {
    COSINE("alignment_example", "Cosine of one estimate"),
    OF_MEAN("alignment_mean", "Cosine of the mean estimate"),
    SIGNAL("signal_to_noise", "Signal to noise"),
    CONFLICT("conflict_ratio", "Conflict ratio");

    private final String column;
    private final String title;

    Diagnosis(String column, String title) {
      this.column = column;
      this.title = title;
    }

    /** A layer's number after an epoch; null where there is none. */
    private Double of(Map<String, Object> epoch, int layer) {
      return epoch.get(column) instanceof List<?> list
              && layer < list.size()
              && list.get(layer) instanceof Double x
              && Double.isFinite(x)
          ? x
          : null;
    }
  }

  private String trained() {
    Html out = new Html().markup("<table class=\"pairs\"><tbody>\n");
    out.pair("Network", told.network);
    String version = trial.text("rule_version");
    out.pair("Rule", trial.text("rule_name") + (version.isEmpty() ? "" : ", version " + version));
    out.pair("Dataset", trial.text("dataset_name"));
    if (!trial.text("features_id").isEmpty()) {
      out.pair("Reads codes of features", trial.text("features_id"));
      out.pair("Which have seen", trial.text("features_seen"));
    }
    out.pair("Seed", trial.seed());
    out.pair("Epochs", trial.epochs());
    if (told.init != null) {
      out.pair("Began with weights", told.init);
    }
    out.pair("Trial", trial.id());
    out.pair("The same again", told.command + (told.init == null ? "" : " --init MODEL"));
    return out.markup("</tbody></table>").toString();
  }

  private String changed() {
    String head = told.changed.isEmpty() ? "All keys have their defaults" : "Not the default";
    Html out = new Html().markup("<table class=\"pairs\"><thead><tr><th colspan=\"2\">");
    out.text(head).markup("</th></tr></thead><tbody>\n");
    for (String line : told.changed) {
      int equals = line.indexOf(" = ");
      out.pair(line.substring(0, equals), line.substring(equals + 3));
    }
    return out.markup("</tbody></table>").toString();
  }

  private String costs() {
    Html out = new Html().markup("<table class=\"pairs\"><tbody>\n");
    out.pair("Wall time", seconds(trial.number("wall_seconds")));
    out.pair("CPU time", seconds(trial.number("cpu_seconds")));
    out.pair("Forward passes", String.format(Locale.ROOT, "%,.0f", trial.number("forward_passes")));
    double diagnosed =
        epochs.stream()
            .filter(row -> row.get("diagnostics_cpu_seconds") instanceof Double)
            .mapToDouble(row -> (Double) row.get("diagnostics_cpu_seconds"))
            .sum();
    if (diagnosed > 0) {
      out.pair("Diagnostics, in no other cost", seconds(diagnosed) + " of CPU time");
    }
    return out.markup("</tbody></table>").toString();
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%,.1f s", seconds);
  }

  private String provenance() {
    Html out = new Html().markup("<table class=\"pairs\"><tbody>\n");
    time(out, "Began", "started_at");
    time(out, "Ended", "finished_at");
    pair(out, "Code", "code_version");
    pair(out, "Java", "java_version");
    pair(out, "Spark", "spark_version");
    pair(out, "Kernels", "kernels");
    pair(out, "Host", "host");
    pair(out, "Weights, SHA-256", "weights_sha256");
    pair(out, "Dataset, SHA-256", "dataset_sha256");
    return out.markup("</tbody></table>").toString();
  }

  private void time(Html out, String name, String column) {
    Instant time = trial.time(column);
    if (time != null) {
      out.pair(name, PageTables.TIME.format(time));
    }
  }

  private void pair(Html out, String name, String column) {
    if (!trial.text(column).isEmpty()) {
      out.pair(name, trial.text(column));
    }
  }
}
