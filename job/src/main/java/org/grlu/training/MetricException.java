package org.grlu.training;

/** A metric of someone's own can't be used; the message is one line for people. */
public final class MetricException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MetricException(String format, Object... values) {
    super(format.formatted(values));
  }

  MetricException(Throwable cause, String format, Object... values) {
    super(format.formatted(values), cause);
  }
}
