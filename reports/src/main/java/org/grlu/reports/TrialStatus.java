package org.grlu.reports;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a trial ended. */
public enum TrialStatus {
  DONE,
  /** Waits, or stays, at an epoch before its last. */
  STOPPED,
  /** Weights or rewards became NaN or infinite. */
  DIVERGED,
  FAILED;

  /** As it stands in tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reverse of {@link #word}, for what a {@link Table} of trials has handed over. */
  public static TrialStatus of(Object word) {
    return find(word).orElseThrow(() -> new IllegalArgumentException(refusal(word)));
  }

  static Optional<TrialStatus> find(Object word) {
    return Arrays.stream(values()).filter(status -> status.word().equals(word)).findFirst();
  }

  /** What is wrong with a word that is no status. */
  static String refusal(Object word) {
    return "status %s: must be one of %s"
        .formatted(
            word, Arrays.stream(values()).map(TrialStatus::word).collect(Collectors.joining(", ")));
  }
}
