package org.grlu.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that holds a frozen slow system, as far as a configuration has to know it.
 *
 * @param path or URI
 * @param id of the system
 * @param sha256 of the file's bytes
 * @param inputs the length of what it reads
 * @param outputs the length of its code
 * @param seen what it has seen, in words
 */
public record FeatureFile(
    String path, String id, String sha256, int inputs, int outputs, String seen) {
  private static final Pattern DIGEST =
      Pattern.compile("([^:]*):([0-9a-f]{64}):(\\d{1,9}):(\\d{1,9}):(.*)");

  static boolean isDigest(String text) {
    return DIGEST.matcher(text).matches();
  }

  /** One that was read; empty where none was. */
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

  /** What a configuration holds of it, beside its path. */
  public String digest() {
    return "%s:%s:%d:%d:%s".formatted(id, sha256, inputs, outputs, seen);
  }

  /** What tells its codes from all others. */
  String identity() {
    return id + ":" + sha256;
  }
}
