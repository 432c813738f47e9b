package org.grlu.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a trial's estimates stood to the gradient, for a terminal of 80 columns. */
final class DiagnosisLines {
  private DiagnosisLines() {}

  /**
   * A line for each layer of the last epoch, or of every epoch; nothing where no epoch was
   * diagnosed.
   *
   * @param epochs rows of the table of epochs, in order
   */
  static List<String> of(List<Map<String, Object>> epochs, boolean all) {
    List<Map<String, Object>> known =
        epochs.stream().filter(row -> row.get("diagnostics_cpu_seconds") != null).toList();
    if (known.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add("epoch  layer   cosine  of mean  signal/noise  step/weights   dead");
    int first = all ? 0 : known.size() - 1;
    known.subList(first, known.size()).forEach(row -> layers(row, lines));
    double seconds =
        known.stream().mapToDouble(row -> EpochCurve.number(row, "diagnostics_cpu_seconds")).sum();
    lines.add(String.format(Locale.ROOT, "%.1f CPU seconds, in no other cost", seconds));
    if (!all && known.size() > 1) {
      lines.add("the last of %d epochs; --all shows every one".formatted(known.size()));
    }
    return lines;
  }

  private static void layers(Map<String, Object> row, List<String> lines) {
    int layers = numbers(row, "alignment_example").size();
    for (int l = 0; l < layers; l++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%5d  %5d  %s  %s  %s  %s  %s",
              (Integer) row.get("epoch"),
              l + 1,
              number(row, "alignment_example", l, "%7.3f"),
              number(row, "alignment_mean", l, "%7.3f"),
              number(row, "signal_to_noise", l, "%12.3f"),
              number(row, "update_ratio", l, "%12.1e"),
              number(row, "dead_units", l, "%5.2f")));
    }
  }

  /** A layer's number; where there is none a dash in its place. */
  private static String number(Map<String, Object> row, String column, int l, String format) {
    List<?> numbers = numbers(row, column);
    boolean there = l < numbers.size() && Double.isFinite((double) numbers.get(l));
    String width = format.replaceAll("\\..*", "s");
    return there
        ? String.format(Locale.ROOT, format, (double) numbers.get(l))
        : String.format(Locale.ROOT, width, "-");
  }

  private static List<?> numbers(Map<String, Object> row, String column) {
    return row.get(column) instanceof List<?> list ? list : List.of();
  }
}
