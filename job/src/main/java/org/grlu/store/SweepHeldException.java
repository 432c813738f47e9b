package org.grlu.store;

import java.io.IOException;

/** Another driver runs a sweep; the message says which, in one line. */
public final class SweepHeldException extends IOException {
  private static final long serialVersionUID = 1;

  SweepHeldException(String message) {
    super(message);
  }
}
