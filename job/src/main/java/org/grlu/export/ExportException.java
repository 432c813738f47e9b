package org.grlu.export;

/** A network that a format has no form for; the message says which part of it. */
public final class ExportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ExportException(String message) {
    super(message);
  }
}
