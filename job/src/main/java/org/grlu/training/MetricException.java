package org.grlu.training;

/** Says that a {@link Metric} from a jar can't be used. The message is one line for the user. */
public final class MetricException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MetricException(String format, Object... values) {
    super(format.formatted(values));
  }

  MetricException(Throwable cause, String format, Object... values) {
    super(format.formatted(values), cause);
  }
}
