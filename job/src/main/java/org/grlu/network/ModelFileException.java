package org.grlu.network;

/** A file that holds no usable weights; the message is one line. */
public final class ModelFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A line in the manner of {@link String#format}. */
  public ModelFileException(String format, Object... arguments) {
    super(format.formatted(arguments));
  }
}
