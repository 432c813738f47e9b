package org.grlu.features;

/** A slow system that could not be trained; the message is one line. */
public final class FeatureException extends RuntimeException {
  private static final long serialVersionUID = 1;

  FeatureException(String message) {
    super(message);
  }
}
