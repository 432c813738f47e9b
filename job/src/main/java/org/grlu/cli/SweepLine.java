package org.grlu.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grlu.config.Json;
import org.grlu.reports.ShortNames;
import org.grlu.sweep.SweepProgress;

/** How a sweep stands, in a line that says what counts within eighty columns. */
final class SweepLine {
  private static final MathContext DIGITS = new MathContext(3);

  private SweepLine() {}

  static String of(SweepProgress p) {
    long failed = p.failed() + p.diverged();
    StringBuilder line = new StringBuilder("done %d".formatted(p.done()));
    line.append(failed == 0 ? "" : ", failed %d".formatted(failed));
    line.append(p.stopped() == 0 ? "" : ", at rungs %d".formatted(p.stopped()));
    line.append(", left %d (%d running)".formatted(p.left(), p.running()));
    if (!Double.isNaN(p.secondsLeft())) {
      line.append(", ").append(TrainCommand.duration(p.secondsLeft()));
    }
    if (p.best() != null) {
      String reached = p.best().goal().mean(p.best().reached());
      line.append("; best ").append(reached).append(setting(p.best().parameters()));
    }
    return line.toString();
  }

  private static String setting(Map<String, Object> parameters) {
    Map<String, String> names = ShortNames.of(parameters.keySet());
    return parameters.entrySet().stream()
        .map(each -> names.get(each.getKey()) + " " + value(each.getValue()))
        .collect(Collectors.joining(", ", parameters.isEmpty() ? "" : ": ", ""));
  }

  private static String value(Object value) {
    if (value instanceof Double x && Double.isFinite(x)) {
      BigDecimal rounded = new BigDecimal(x).round(DIGITS).stripTrailingZeros();
      return Math.abs(x) < 1e6 && Math.abs(x) > 1e-4 ? rounded.toPlainString() : rounded.toString();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SweepLine::value).collect(Collectors.joining("-"));
    }
    return value instanceof String text ? text : Json.of(value);
  }
}
