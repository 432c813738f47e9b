package org.grlu.datasets.npy;

import java.util.Locale;

/** Bytes that are no usable .npy or .npz file; the message is one line. */
public final class NpyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A line in the manner of {@link String#format}. */
  public NpyException(String format, Object... arguments) {
    super(String.format(Locale.ROOT, format, arguments));
  }
}
