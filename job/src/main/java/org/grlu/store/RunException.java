package org.grlu.store;

/** A run that can't be begun or taken up; the message is one line. */
public final class RunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RunException(String message) {
    super(message);
  }
}
