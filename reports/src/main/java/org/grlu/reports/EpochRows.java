package org.grlu.reports;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rows of a table of epochs, or of tasks, count: each epoch of a trial once, and of several
 * rows the one that was written last. Where it is of tasks, an epoch stands for a pair of tasks.
 *
 * <p>Epochs are written before their trials. Whoever is killed in between, or finds that rows of
 * trials were deleted, runs those trials again and writes their epochs a second time: all but the
 * costs are the same, and the later costs are those that the trial's own row adds up.
 */
final class EpochRows {
  static final String TRIAL = "trial_id";
  static final String EPOCH = "epoch";

  private final Map<String, BitSet> seen = new HashMap<>();

  /** Of epochs that are there more than once: how many rows are still to be passed over. */
  private final Map<List<Object>, Integer> earlier = new HashMap<>();

  /** Takes a row, in the order of writing. */
  void add(String trial, int epoch) {
    BitSet epochs = seen.computeIfAbsent(trial, id -> new BitSet());
    if (epochs.get(epoch)) {
      earlier.merge(List.of(trial, epoch), 1, Integer::sum);
    }
    epochs.set(epoch);
  }

  /** Whether every row that was taken counts. */
  boolean allCount() {
    return earlier.isEmpty();
  }

  /** Whether a row counts; to be asked once for each, in the order in which they were taken. */
  boolean counts(String trial, int epoch) {
    return earlier.merge(List.of(trial, epoch), -1, Integer::sum) < 0;
  }

  /** How many epochs of a trial are there. */
  int epochs(String trial) {
    return seen.containsKey(trial) ? seen.get(trial).cardinality() : 0;
  }
}
