package org.grlu.reports;

import java.util.Comparator;

/**
 * What a setting's place hangs on; of two, the lesser is the better one. Settings of which no trial
 * waits at a rung of halving come first; of the others, those that did more epochs. Then come those
 * of which no seed diverged, then those with the higher mean. What has no result is last.
 *
 * @param waits whether a trial waits at a rung
 * @param epochs that all trials with a result have done
 * @param diverged whether a trial diverged
 * @param mean of the metric that settings are ranked by; null where there is none
 * @param id the setting's
 */
public record RankKey(boolean waits, int epochs, boolean diverged, Double mean, String id)
    implements Comparable<RankKey> {

  private static final Comparator<RankKey> ORDER =
      Comparator.comparing((RankKey p) -> p.mean == null)
          .thenComparing(RankKey::waits)
          .thenComparing(p -> p.waits ? -p.epochs : 0)
          .thenComparing(RankKey::diverged)
          .thenComparing(p -> p.mean == null ? 0 : -p.mean)
          .thenComparing(RankKey::id);

  @Override
  public int compareTo(RankKey other) {
    return ORDER.compare(this, other);
  }
}
