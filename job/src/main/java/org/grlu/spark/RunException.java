package org.grlu.spark;

/** A run that can't be begun or taken up; the message is one line. */
public final class RunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RunException(String message) {
    super(message);
  }
}
