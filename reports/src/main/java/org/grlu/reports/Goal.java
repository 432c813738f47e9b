package org.grlu.reports;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What settings of a sweep can be ranked by: a column of the table of trials, and whether more or
 * less of it is better.
 */
public enum Goal {
  VALIDATION_ACCURACY(Kind.SHARE, "validation accuracy"),
  TEST_ACCURACY(Kind.SHARE, "test accuracy"),
  VALIDATION_AVERAGE_ACCURACY(Kind.SHARE, "validation ACC"),
  VALIDATION_BACKWARD_TRANSFER(Kind.TRANSFER, "validation BWT"),
  VALIDATION_FORGETTING(Kind.FORGOTTEN, "validation forgetting"),
  VALIDATION_LEARNING_ACCURACY(Kind.SHARE, "validation learning accuracy"),
  AVERAGE_ACCURACY(Kind.SHARE, "test ACC"),
  BACKWARD_TRANSFER(Kind.TRANSFER, "test BWT"),
  FORGETTING(Kind.FORGOTTEN, "test forgetting"),
  LEARNING_ACCURACY(Kind.SHARE, "test learning accuracy"),
  PREQUENTIAL_ACCURACY(Kind.SHARE, "prequential accuracy"),
  LARGEST_CLASS_COSINE(Kind.COSINE, "largest class cosine"),
  FORWARD_PASSES(Kind.COUNT, "forward passes"),
  CPU_SECONDS(Kind.SECONDS, "CPU seconds");

  private final Kind kind;
  private final String title;

  private enum Kind {
    /** Of 1; an accuracy. */
    SHARE(true, 0, 100, "%.2f", "%"),
    /** A difference of accuracies, shown in points. */
    TRANSFER(true, -1, 100, "%+.2f", ""),
    FORGOTTEN(false, 1, 100, "%.2f", ""),
    COSINE(false, 1, 1, "%.3f", ""),
    COUNT(false, Double.POSITIVE_INFINITY, 1, "%,.0f", ""),
    SECONDS(false, Double.POSITIVE_INFINITY, 1, "%,.1f", " s");

    private final boolean more;
    private final double worst;
    private final double times;
    private final String format;
    private final String unit;

    Kind(boolean more, double worst, double times, String format, String unit) {
      this.more = more;
      this.worst = worst;
      this.times = times;
      this.format = format;
      this.unit = unit;
    }
  }

  Goal(Kind kind, String title) {
    this.kind = kind;
    this.title = title;
  }

  /** What a value is shown times: 100 of shares, which are shown in per cent or points. */
  double times() {
    return kind.times;
  }

  /** Its column in the table of trials. */
  @JsonValue
  public String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As a configuration has it, "validation-accuracy". */
  public String word() {
    return column().replace('_', '-');
  }

  /** In words. */
  public String title() {
    return title;
  }

  /**
   * The goal of a column, or of a configuration's word.
   *
   * @throws IllegalArgumentException where there is none
   */
  @JsonCreator
  public static Goal of(String columnOrWord) {
    return Stream.of(values())
        .filter(goal -> goal.column().equals(columnOrWord.replace('-', '_')))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: must be one of %s"
                        .formatted(columnOrWord, Stream.of(values()).map(Goal::column).toList())));
  }

  /** Whether less of it is better. */
  public boolean less() {
    return !kind.more;
  }

  /** The value, or its negative where less is better: the higher, the better. */
  public double merit(double value) {
    return kind.more ? value : -value;
  }

  /** What a trial without a result counts as. */
  public double worst() {
    return kind.worst;
  }

  /** Whether it is measured on the test set. */
  public boolean onTest() {
    return switch (this) {
      case TEST_ACCURACY, AVERAGE_ACCURACY, BACKWARD_TRANSFER, FORGETTING, LEARNING_ACCURACY ->
          true;
      default -> false;
    };
  }

  /** Whether it is measured on the validation set. */
  public boolean onValidation() {
    return column().startsWith("validation");
  }

  /** Whether it is known of streams with tasks alone. */
  public boolean ofTasks() {
    return switch (this) {
      case VALIDATION_AVERAGE_ACCURACY,
          VALIDATION_BACKWARD_TRANSFER,
          VALIDATION_FORGETTING,
          VALIDATION_LEARNING_ACCURACY,
          AVERAGE_ACCURACY,
          BACKWARD_TRANSFER,
          FORGETTING,
          LEARNING_ACCURACY,
          LARGEST_CLASS_COSINE ->
          true;
      default -> false;
    };
  }

  /** Whether the same trial has the same value whenever it runs: a time has not. */
  public boolean repeats() {
    return this != CPU_SECONDS;
  }

  /** What several seeds gave, with an interval that ends between 0 and 1 for accuracies. */
  public Sample sample(double[] values) {
    return kind == Kind.SHARE ? Sample.ofShares(values) : Sample.of(values);
  }

  /** The mean and its interval for people, "97.20% [96.91, 97.49]"; empty of none. */
  public String text(Sample sample) {
    return sample.mean() == null ? "" : figure(sample.mean()) + kind.unit + interval(sample);
  }

  /** The mean alone, with its unit; empty of none. */
  public String mean(Sample sample) {
    return sample.mean() == null ? "" : figure(sample.mean()) + kind.unit;
  }

  /** The same under {@link #heading}, which has the unit. */
  String cell(Sample sample) {
    return sample.mean() == null ? "" : figure(sample.mean()) + interval(sample);
  }

  /** A difference of two values with its sign, of shares in points; empty of none. */
  String difference(Double of) {
    String format = kind.format.startsWith("%+") ? kind.format : kind.format.replace("%", "%+");
    return of == null ? "" : String.format(Locale.ROOT, format, kind.times * of);
  }

  String heading() {
    String first = title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
    return kind.unit.equals("%") ? first + " %" : first;
  }

  private String interval(Sample sample) {
    return sample.low() == null
        ? ""
        : " [" + figure(sample.low()) + ", " + figure(sample.high()) + "]";
  }

  private String figure(double value) {
    return String.format(Locale.ROOT, kind.format, kind.times * value);
  }
}
