package org.grlu.datasets;

import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/** Why a source gave less than was wanted: the first reason in full, the rest as a number. */
final class Shortfall {
  private String first;
  private int others;

  void add(PublishedFile file, IOException reason) {
    if (first == null) {
      String text =
          reason instanceof WrongContentException ? reason.getMessage() : OneLine.of(reason);
      first = file.name() + ": " + text;
    } else {
      others++;
    }
  }

  /** Whether a failure lies in one file, so that it makes sense to ask for the next one. */
  static boolean concernsOneFile(IOException reason) {
    return reason instanceof WrongContentException
        || reason instanceof ZipException
        || reason instanceof EOFException;
  }

  void throwIfAny() throws IOException {
    if (first != null) {
      throw new WrongContentException(
          switch (others) {
            case 0 -> first;
            case 1 -> first + " (and 1 other file)";
            default -> first + " (and " + others + " other files)";
          });
    }
  }
}
