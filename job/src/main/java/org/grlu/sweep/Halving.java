package org.grlu.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.grlu.config.HalvingSettings;

/**
 * Successive halving (Jamieson and Talwalkar, 2016): all settings train to the first rung, one in
 * {@code factor} of them goes on to the next. Decisions follow from validation accuracies alone.
 */
public final class Halving {
  private final HalvingSettings settings;

  public Halving(HalvingSettings settings) {
    this.settings = settings;
  }

  /** Epochs at which trials wait, ascending; the last is the end of training. */
  public List<Integer> rungs() {
    return settings.rungs();
  }

  /** How many of its seeds a setting has run with at that rung, of so many that it has. */
  int seeds(int rung, int all) {
    return rung < last() ? Math.min(all, settings.earlySeeds()) : all;
  }

  private int last() {
    return rungs().get(rungs().size() - 1);
  }

  /** How many of {@code count} settings go on from a rung: one in factor, at least one. */
  public int promoted(int count) {
    return Math.min(count, Math.max(1, count / settings.factor()));
  }

  /**
   * Which settings go on from a rung that is not the last.
   *
   * @param accuracies by setting id: validation accuracy at the rung of each seed, null (or NaN)
   *     for one that diverged or failed, which counts as 0
   * @return setting ids, the best first, equal ones by id; none of which all seeds are null
   */
  public List<String> promoted(Map<String, List<Double>> accuracies) {
    List<Map.Entry<String, List<Double>>> alive = new ArrayList<>();
    for (Map.Entry<String, List<Double>> entry : accuracies.entrySet()) {
      if (entry.getValue().stream().anyMatch(Halving::alive)) {
        alive.add(entry);
      }
    }
    alive.sort(
        Comparator.comparingDouble((Map.Entry<String, List<Double>> e) -> -mean(e.getValue()))
            .thenComparing(Map.Entry::getKey));
    return alive.stream().limit(promoted(accuracies.size())).map(Map.Entry::getKey).toList();
  }

  /**
   * The most that all rungs together can cost: the dearest settings go on.
   *
   * @param costs of each setting's whole training with all seeds
   * @param seeds of each setting
   */
  public double mostCost(List<Double> costs, int seeds) {
    double[] sorted = costs.stream().mapToDouble(x -> -x).sorted().toArray();
    double share = seeds(0, seeds) / (double) seeds;
    double sum = 0;
    int from = 0;
    int alive = sorted.length;
    for (int rung : rungs()) {
      for (int i = 0; i < alive; i++) {
        sum -= sorted[i] * share * (rung - from) / last();
        sum -= rung < last() ? 0 : sorted[i] * (1 - share);
      }
      from = rung;
      alive = promoted(alive);
    }
    return sum;
  }

  /** The mean of a setting's seeds, null counting as 0. */
  static double mean(List<Double> seeds) {
    double sum = 0;
    for (Double accuracy : seeds) {
      sum += alive(accuracy) ? accuracy : 0;
    }
    return sum / seeds.size();
  }

  private static boolean alive(Double accuracy) {
    return accuracy != null && !accuracy.isNaN();
  }
}
