package org.grlu.datasets;

import java.io.IOException;

/** One file of a source is not what it must be; the source's other files may still be right. */
final class WrongContentException extends IOException {
  private static final long serialVersionUID = 1L;

  WrongContentException(String message) {
    super(message);
  }
}
