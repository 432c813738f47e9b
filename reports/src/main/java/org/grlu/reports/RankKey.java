package org.grlu.reports;

import java.util.Comparator;
import java.util.List;

/**
 * What a setting's place hangs on; of two, the lesser is the better one. Settings of which no trial
 * waits at a rung of halving come first; of the others, those that did more epochs. Then come those
 * of which no seed diverged, then those with the better mean of the first goal, or of the next one
 * where that is the same. What has no result is last.
 *
 * @param waits whether a trial waits at a rung
 * @param epochs that all trials with a result have done
 * @param diverged whether a trial diverged
 * @param merits of each goal the mean, as {@link Goal#merit} turns it; null where there is none
 * @param id the setting's
 */
public record RankKey(boolean waits, int epochs, boolean diverged, List<Double> merits, String id)
    implements Comparable<RankKey> {

  private static final Comparator<RankKey> STATE =
      Comparator.comparing((RankKey p) -> !p.known())
          .thenComparing(RankKey::waits)
          .thenComparing(p -> p.waits ? -p.epochs : 0)
          .thenComparing(RankKey::diverged);

  private static final Comparator<RankKey> ORDER =
      STATE.thenComparing(RankKey::compareMerits).thenComparing(RankKey::id);

  /** Whether the first goal has a value. */
  public boolean known() {
    return merits.get(0) != null;
  }

  /** Whether two stand beside each other but for what they reached. */
  boolean sameState(RankKey other) {
    return STATE.compare(this, other) == 0;
  }

  /** Whether it is nowhere worse than another one, and better somewhere (Pareto dominance). */
  boolean dominates(RankKey other) {
    boolean better = false;
    for (int i = 0; i < merits.size(); i++) {
      int order = Double.compare(merit(i), other.merit(i));
      if (order < 0) {
        return false;
      }
      better |= order > 0;
    }
    return better;
  }

  private int compareMerits(RankKey other) {
    for (int i = 0; i < merits.size(); i++) {
      int order = Double.compare(other.merit(i), merit(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private double merit(int goal) {
    Double merit = merits.get(goal);
    // -0 is 0
    return merit == null ? Double.NEGATIVE_INFINITY : merit + 0.0;
  }

  @Override
  public int compareTo(RankKey other) {
    return ORDER.compare(this, other);
  }
}
