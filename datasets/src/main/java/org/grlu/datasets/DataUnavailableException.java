package org.grlu.datasets;

/**
 * The data can't be had: no source gave it, or the surroundings (permissions, space) keep it from
 * being stored or read. The message is one line: what was tried, why each failed, what to do.
 */
public class DataUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataUnavailableException(String message) {
    super(OneLine.of(message));
  }

  public DataUnavailableException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
