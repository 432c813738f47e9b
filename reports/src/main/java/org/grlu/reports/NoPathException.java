package org.grlu.reports;

/**
 * What was given for a path or URI is neither. A type of its own, so that nothing else that is
 * wrong is taken for that.
 */
public final class NoPathException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  NoPathException(String given, IllegalArgumentException why) {
    super(given + ": not a path or URI", why);
  }
}
