package org.grlu.datasets;

/**
 * Input that can't be used: a damaged file, a folder without data, a setting out of range. The
 * message is one line that names the wrong value and what is allowed.
 */
public class DatasetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatasetException(String message) {
    super(OneLine.of(message));
  }

  public DatasetException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
