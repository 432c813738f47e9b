package org.grlu.rule;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.grlu.network.NetworkShape;

/**
 * Describes a rule to the rest of the program. Configuration, trial identity, cost estimates, help
 * and reports are made from its definition. {@link RuleCatalogue} holds all definitions.
 */
public interface RuleDefinition {
  /**
   * Returns the value of {@code rule.name} that selects this rule. It consists of small letters,
   * digits and hyphens.
   */
  String name();

  /** Returns one sentence that says what the rule is. */
  String sentence();

  /**
   * Returns the rule's forms, which {@code grlu rules} shows. A rule has several forms if its keys
   * choose what its layers are told. The list is empty for a rule that describes itself by {@link
   * #sentence} alone.
   */
  default List<RuleForm> forms() {
    return List.of();
  }

  /**
   * Returns the rule's version, at least 1. The version rises whenever the same configuration would
   * give other bits.
   */
  int version();

  /** Returns the rule's own keys. They have no effect under rules that do not use them. */
  default List<Key> keys() {
    return List.of();
  }

  /**
   * Returns the paths of further keys that this rule reads: keys of other rules, and keys of {@link
   * RuleCatalogue#OF_SOME_RULES}.
   */
  default Set<String> uses() {
    return Set.of();
  }

  /**
   * Returns the paths of the keys that change the cost of an example. They are a subset of the
   * rule's own keys and of {@link #uses}.
   */
  default Set<String> costKeys() {
    Set<String> paths = new TreeSet<>(uses());
    keys().forEach(key -> paths.add(key.path()));
    return paths;
  }

  /**
   * Returns the number of antithetic pairs that the cost estimate of an example counts. It is 0 for
   * a rule without pairs.
   */
  default int perturbations(KeyValues values) {
    return 0;
  }

  /**
   * Returns one line for each combination of values that is not allowed, although each value by
   * itself is.
   *
   * @param values the values of the rule's own keys and of {@link #uses}
   * @param leastNoiseScale the smallest noise scale at the beginning of any epoch
   */
  default List<String> faults(KeyValues values, double leastNoiseScale) {
    return List.of();
  }

  /**
   * Returns the faults as {@link #faults(KeyValues, double)} does, for a rule whose values must
   * also fit the network.
   *
   * @param shape the network's shape
   */
  default List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    return faults(values, leastNoiseScale);
  }

  /**
   * Returns a new rule.
   *
   * @param values the values of the rule's own keys and of {@link #uses}
   */
  LearningRule create(KeyValues values);

  /**
   * Returns whether the rule learns from one example at a time in one process. Such a rule changes
   * its state with each example, and the state is too large to be sent.
   */
  default boolean oneByOne() {
    return false;
  }

  /**
   * Returns whether the rule also works in networks with several kinds of layers. {@link
   * #createMixed} then makes the rule for such networks.
   */
  default boolean anyLayers() {
    return false;
  }

  /**
   * Returns a new rule for networks with several kinds of layers.
   *
   * @throws IllegalStateException if the rule works in networks of dense layers only
   */
  default LearningRule createMixed(KeyValues values) {
    throw new IllegalStateException(name() + " is for dense layers alone");
  }
}
