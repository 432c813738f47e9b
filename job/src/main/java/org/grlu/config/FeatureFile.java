package org.grlu.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a configuration needs to know of a file that holds a frozen slow system.
 *
 * @param path the path or URI of the file
 * @param id the id of the slow system
 * @param sha256 the SHA-256 of the file's bytes, hex
 * @param inputs the number of values that the system reads for one example
 * @param outputs the number of values of a code
 * @param seen the images that the system has seen, in words
 */
public record FeatureFile(
    String path, String id, String sha256, int inputs, int outputs, String seen) {
  private static final Pattern DIGEST =
      Pattern.compile("([^:]*):([0-9a-f]{64}):(\\d{1,9}):(\\d{1,9}):(.*)");

  /** Returns whether {@link #digest} may have written a text. */
  static boolean isDigest(String text) {
    return DIGEST.matcher(text).matches();
  }

  /** Returns the file that a digest describes; empty where the digest is empty. */
  static Optional<FeatureFile> of(String path, String digest) {
    Matcher parts = DIGEST.matcher(digest);
    return parts.matches()
        ? Optional.of(
            new FeatureFile(
                path,
                parts.group(1),
                parts.group(2),
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                parts.group(5)))
        : Optional.empty();
  }

  /** Returns a digest, which holds everything but the path. {@link #of} reads it. */
  public String digest() {
    return "%s:%s:%d:%d:%s".formatted(id, sha256, inputs, outputs, seen);
  }

  /** Returns the part of a trial's identity that stands for this system. */
  String identity() {
    return id + ":" + sha256;
  }
}
