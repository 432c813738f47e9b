package org.grlu.rule;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.grlu.network.NetworkShape;

/**
 * All that there is to know of a rule besides what it computes: configuration, identity, expected
 * costs, help and reports are made from it. {@link RuleCatalogue} has the definitions.
 */
public interface RuleDefinition {
  /** What {@code rule.name} is to be: of small letters, digits and -. */
  String name();

  /** One sentence that says what it is. */
  String sentence();

  /**
   * Its forms, at least one, for {@code grlu rules}: one rule may be told different things by its
   * keys. None is a rule that says nothing of itself but {@link #sentence}.
   */
  default List<RuleForm> forms() {
    return List.of();
  }

  /** At least 1; raised whenever the same configuration would give other bits. */
  int version();

  /** Its own keys, which mean nothing under rules that don't use them. */
  default List<Key> keys() {
    return List.of();
  }

  /**
   * Keys of other rules that mean something under this one too, and of {@link
   * RuleCatalogue#OF_SOME_RULES}: their paths.
   */
  default Set<String> uses() {
    return Set.of();
  }

  /** Of its keys and those it uses, the ones that the cost of an example depends on. */
  default Set<String> costKeys() {
    Set<String> paths = new TreeSet<>(uses());
    keys().forEach(key -> paths.add(key.path()));
    return paths;
  }

  /**
   * How many antithetic pairs of passes an example's cost is estimated by; 0 for a rule that makes
   * none.
   */
  default int perturbations(KeyValues values) {
    return 0;
  }

  /**
   * Values that are allowed each by itself but not together, a line each.
   *
   * @param values of its keys and those it uses
   * @param leastNoiseScale of an epoch's beginning
   */
  default List<String> faults(KeyValues values, double leastNoiseScale) {
    return List.of();
  }

  /**
   * The same for a rule whose values must fit the network too.
   *
   * @param shape of the network
   */
  default List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    return faults(values, leastNoiseScale);
  }

  /**
   * The rule.
   *
   * @param values of its keys and those it uses
   */
  LearningRule create(KeyValues values);

  /**
   * Whether it learns from one example at a time, and in one place, as what it keeps changes with
   * each and is too large to be sent.
   */
  default boolean oneByOne() {
    return false;
  }

  /** Whether it works in networks of several kinds of layers; those it gets by the next method. */
  default boolean anyLayers() {
    return false;
  }

  /** The rule for such networks. */
  default LearningRule createMixed(KeyValues values) {
    throw new IllegalStateException(name() + " is for dense layers alone");
  }
}
