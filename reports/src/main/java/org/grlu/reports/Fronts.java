package org.grlu.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Settings in the order of their ranks. Where they are ranked by several goals, those that are
 * alike but for what they reached are parted into Pareto fronts: the first has the settings that no
 * other dominates, the second those that only settings of the first dominate, and so on. A setting
 * of an earlier front comes before one of a later front; within a front the first goal decides.
 * Means are compared, not intervals.
 *
 * <p>Source: non-dominated sorting in Deb et al., "A fast and elitist multiobjective genetic
 * algorithm: NSGA-II" (2002), with the search for a front of Zhang et al., "An efficient approach
 * to nondominated sorting for evolutionary multiobjective optimization" (2015).
 */
public final class Fronts {
  private final List<RankKey> keys;
  private final int[] fronts;
  private final List<Integer> order;

  /**
   * @param keys of all settings; the order of those that are the same stays
   */
  public Fronts(List<RankKey> keys) {
    this.keys = keys;
    this.fronts = new int[keys.size()];
    List<Integer> sorted =
        IntStream.range(0, fronts.length).boxed().sorted(Comparator.comparing(keys::get)).toList();
    order = new ArrayList<>();
    for (int from = 0; from < sorted.size(); ) {
      int to = from + 1;
      while (to < sorted.size() && key(sorted, to).sameState(key(sorted, from))) {
        to++;
      }
      List<Integer> alike = sorted.subList(from, to);
      if (key(sorted, from).known() && key(sorted, from).merits().size() > 1) {
        part(alike);
      }
      alike.stream().sorted(Comparator.comparingInt(i -> fronts[i])).forEach(order::add);
      from = to;
    }
  }

  private RankKey key(List<Integer> sorted, int i) {
    return keys.get(sorted.get(i));
  }

  /** Parts settings, of which none is dominated by a later one. */
  private void part(List<Integer> sorted) {
    List<List<RankKey>> filled = new ArrayList<>();
    for (int i : sorted) {
      RankKey key = keys.get(i);
      // what a front dominates, those before it dominate too
      int low = 0;
      int high = filled.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (dominated(key, filled.get(middle))) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      if (low == filled.size()) {
        filled.add(new ArrayList<>());
      }
      filled.get(low).add(key);
      fronts[i] = low + 1;
    }
  }

  private static boolean dominated(RankKey key, List<RankKey> front) {
    // the last ones are the nearest in the first goal, and by two goals the best in the second
    for (int i = front.size() - 1; i >= 0; i--) {
      if (front.get(i).dominates(key)) {
        return true;
      }
    }
    return false;
  }

  /** Indices of the settings, the best first; those without a result come last. */
  public List<Integer> order() {
    return order;
  }

  /** The front of a setting, from 1; 0 where there is one goal, or no result. */
  public int of(int setting) {
    return fronts[setting];
  }
}
