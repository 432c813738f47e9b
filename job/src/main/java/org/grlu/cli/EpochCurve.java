package org.grlu.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A trial's epochs for a terminal of 80 columns. */
final class EpochCurve {
  private static final int BAR = 30;

  private EpochCurve() {}

  /**
   * A line an epoch, with a bar from the least accuracy of all epochs to the greatest; nothing
   * where there is no epoch.
   *
   * @param epochs rows of the table of epochs, in order
   * @param most lines, at least 2: of more epochs the first, the last, and those spread evenly
   *     between them
   */
  static List<String> lines(List<Map<String, Object>> epochs, int most) {
    if (epochs.isEmpty()) {
      return List.of();
    }
    String barOf =
        epochs.get(0).get("validation_accuracy") == null ? "test_accuracy" : "validation_accuracy";
    double low = epochs.stream().mapToDouble(epoch -> number(epoch, barOf)).min().orElseThrow();
    double high = epochs.stream().mapToDouble(epoch -> number(epoch, barOf)).max().orElseThrow();
    List<String> lines = new ArrayList<>(List.of("", "epoch  reward    train  valid.    test"));
    int shown = Math.min(most, epochs.size());
    IntStream.range(0, shown)
        .map(i -> shown == 1 ? 0 : (int) Math.round(i * (epochs.size() - 1.0) / (shown - 1)))
        .mapToObj(epochs::get)
        .forEach(
            epoch -> {
              double share = high > low ? (number(epoch, barOf) - low) / (high - low) : 1;
              lines.add(line(epoch, 1 + (int) Math.round(share * (BAR - 1))));
            });
    if (shown < epochs.size()) {
      lines.add("%d of %d epochs; --all shows every one".formatted(shown, epochs.size()));
    }
    return lines;
  }

  private static String line(Map<String, Object> epoch, int bar) {
    return String.format(
        Locale.ROOT,
        "%5d %7.4f  %s  %s  %s  %s",
        (Integer) epoch.get("epoch"),
        number(epoch, "mean_reward"),
        percent(epoch, "train_accuracy"),
        percent(epoch, "validation_accuracy"),
        percent(epoch, "test_accuracy"),
        "#".repeat(bar));
  }

  /** A column's number; 0 where there is none. */
  static double number(Map<String, Object> row, String column) {
    return row.get(column) instanceof Double x && !x.isNaN() ? x : 0;
  }

  private static String percent(Map<String, Object> row, String column) {
    return row.get(column) == null
        ? "     -"
        : String.format(Locale.ROOT, "%5.2f%%", 100 * number(row, column));
  }
}
