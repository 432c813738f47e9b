package org.grlu.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The ranking as text. */
final class RankingText {
  /** What the ends of an accuracy's interval are. */
  static final String INTERVAL =
      "95 % interval of the mean over seeds, Student\u2019s t on the logit scale";

  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r\n]");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|-Infinity");

  private final SweepReport report;
  private final SweepDescription description;

  RankingText(SweepReport report) {
    this.report = report;
    this.description = report.description();
  }

  /** A value of a configuration, as short as it reads back. */
  static String value(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(RankingText::value).collect(Collectors.joining("-"));
    }
    if (value instanceof Double x) {
      return x == Math.rint(x) && Math.abs(x) < 1e15
          ? String.valueOf((long) (double) x)
          : shortest(x);
    }
    return value == null ? "" : value.toString();
  }

  /**
   * With four digits where it has many, as values drawn at random do: they are there to be read.
   */
  private static String shortest(double x) {
    String exact = String.valueOf(x);
    return exact.length() <= 7
        ? exact
        : new java.math.BigDecimal(x)
            .round(new java.math.MathContext(4))
            .stripTrailingZeros()
            .toString();
  }

  /** "rule.perturbations 16, rule.gate active"; what has no meaning in it is left out. */
  String setting(SettingResult setting) {
    return report.parameters().stream()
        .filter(p -> setting.values().get(p.column()) != null)
        .map(p -> p.path() + " " + value(setting.values().get(p.column())))
        .collect(Collectors.joining(", "));
  }

  /** How settings were chosen, in one line. */
  static String selection(SweepDescription description) {
    List<Goal> goals = description.rankBy();
    String by = goals.stream().map(Goal::title).collect(Collectors.joining(", then "));
    if (description.ranksByTest()) {
      by = by.replace("test", "TEST");
    }
    if (goals.size() > 1) {
      by += ", by Pareto fronts";
    }
    if (goals.stream().anyMatch(Goal::onValidation)) {
      by +=
          String.format(
              Locale.ROOT,
              " (the last %,d training examples, held out)",
              description.validationExamples());
    }
    return "Ranked by %s%s"
        .formatted(
            by,
            description.ranksByTest()
                ? ": what the best settings reach here is an optimistic estimate, since they were"
                    + " chosen on the same images."
                : ". Nothing was selected by test accuracy.");
  }

  List<String> said(SettingResult setting) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "sweep %s, rank %d of %d settings",
            description.name(),
            setting.rank(),
            report.settings().stream().filter(s -> s.rank() > 0).count()));
    Set<Goal> said = EnumSet.of(Goal.VALIDATION_ACCURACY, Goal.TEST_ACCURACY);
    said.addAll(description.rankBy());
    for (Goal goal : said) {
      Sample sample = setting.reached(goal);
      if (sample.mean() != null) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s %s (mean%s of %d seeds)%s",
                goal.title(),
                goal.text(sample),
                sample.high() == null ? "" : " and 95 % interval",
                sample.size(),
                description.rankBy().contains(goal) ? ", ranked by this" : ""));
      }
    }
    if (setting.front() > 0) {
      lines.add("Pareto front " + setting.front());
    }
    String tasks = TaskFigure.line(setting.taskMeans());
    if (!tasks.isEmpty()) {
      lines.add("of tasks: " + tasks);
    }
    if (!setting.seen().isEmpty()) {
      lines.add("its slow system has seen " + setting.seen());
    }
    return lines;
  }

  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Sweep ").append(cell(description.name())).append("\n\n");
    out.append(selection(description)).append("\n");
    boolean oneSeed = RankingTable.oneSeed(report.settings());
    if (oneSeed) {
      out.append(RankingTable.ONE_SEED).append("\n");
    } else {
      out.append("In brackets stands the ").append(INTERVAL).append("; = marks settings that ");
      out.append("cannot be told from the best.\n");
    }
    List<SettingResult> ranked = report.settings().stream().filter(s -> s.rank() > 0).toList();
    RangeEnds.of(ranked, report.parameters()).forEach(line -> out.append(line).append("\n"));
    if (report.leftOut() > 0) {
      out.append(leftOut(report.leftOut())).append("\n");
    }
    out.append("\n");
    List<String> head = new ArrayList<>(List.of("rank", ""));
    report.parameters().forEach(p -> head.add(p.path()));
    if (report.seenDiffers()) {
      head.add("slow system has seen");
    }
    head.addAll(List.of("validation", "test"));
    if (report.hasTasks()) {
      TaskFigure.RANKED.forEach(figure -> head.add(figure.heading()));
    }
    List<Goal> others = description.rankBy().stream().filter(RankingText::isApart).toList();
    others.forEach(goal -> head.add(goal.heading()));
    if (description.rankBy().size() > 1) {
      head.add("front");
    }
    head.addAll(List.of("seeds", "diverged", "failed", "epochs", "CPU s"));
    line(out, head);
    line(out, head.stream().map(h -> "---").toList());
    for (SettingResult s : report.settings()) {
      List<String> cells = new ArrayList<>();
      cells.add(s.rank() == 0 ? "" : String.valueOf(s.rank()));
      cells.add(s.comparison().tied() && !oneSeed ? "=" : "");
      s.values().values().forEach(v -> cells.add(cell(value(v))));
      if (report.seenDiffers()) {
        cells.add(cell(s.seen()));
      }
      cells.add(AccuracyText.of(s.accuracy().get(SweepDescription.VALIDATION)));
      cells.add(AccuracyText.of(s.accuracy().get(SweepDescription.TEST)));
      if (report.hasTasks()) {
        TaskFigure.RANKED.forEach(
            figure -> cells.add(figure.figure(s.tasks().get(figure.column).mean())));
      }
      others.forEach(goal -> cells.add(goal.cell(s.reached(goal))));
      if (description.rankBy().size() > 1) {
        cells.add(s.front() == 0 ? "" : String.valueOf(s.front()));
      }
      cells.add(String.valueOf(s.seeds()));
      cells.add(String.valueOf(s.count(TrialStatus.DIVERGED)));
      cells.add(String.valueOf(s.count(TrialStatus.FAILED)));
      cells.add(String.valueOf(s.epochs()));
      Double cpu = s.cost().get("cpu_seconds").mean();
      cells.add(cpu == null ? "" : String.format(Locale.ROOT, "%.1f", cpu));
      line(out, cells);
    }
    return out.toString();
  }

  /** Whether no other column has it. */
  static boolean isApart(Goal goal) {
    return switch (goal) {
      case VALIDATION_ACCURACY,
          TEST_ACCURACY,
          CPU_SECONDS,
          AVERAGE_ACCURACY,
          BACKWARD_TRANSFER,
          FORGETTING ->
          false;
      default -> true;
    };
  }

  /** What became of trials that were asked for once. */
  static String leftOut(int trials) {
    return String.format(
        Locale.ROOT,
        "The sweep's file does not ask for %,d %s of the table any more: left out here.",
        trials,
        trials == 1 ? "trial" : "trials");
  }

  private static void line(StringBuilder out, List<String> cells) {
    out.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private static String cell(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("\\R", " ");
  }

  String csv() {
    StringBuilder out = new StringBuilder();
    List<Column> swept =
        report.parameters().stream()
            .map(p -> Column.optional(p.column(), Column.Type.STRING))
            .toList();
    List<Column> columns = Tables.settings(swept).columns();
    csvLine(out, columns.stream().map(Column::name).toList());
    for (SettingResult setting : report.settings()) {
      csvLine(out, Arrays.asList(Tables.row(setting, swept)));
    }
    return out.toString();
  }

  private static void csvLine(StringBuilder out, List<?> values) {
    out.append(
        values.stream()
            .map(value -> value == null ? "" : quoted(noFormula(value.toString())))
            .collect(Collectors.joining(",", "", "\n")));
  }

  /**
   * Text that a spreadsheet would take for a formula, and run, gets an apostrophe before it, which
   * makes it text there (OWASP, "CSV injection"). A number stays one.
   */
  private static String noFormula(String text) {
    return FORMULA.matcher(text).lookingAt() && !NUMBER.matcher(text).matches() ? "'" + text : text;
  }

  private static String quoted(String text) {
    return text.matches("[^\",\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
