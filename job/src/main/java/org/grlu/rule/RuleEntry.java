package org.grlu.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A rule of the catalogue. It is shown the keys that it declares, and no others. */
public final class RuleEntry {
  private final RuleDefinition definition;
  private final Set<String> paths = new TreeSet<>();

  RuleEntry(RuleDefinition definition) {
    this.definition = definition;
    paths.addAll(definition.uses());
    definition.keys().forEach(key -> paths.add(key.path()));
  }

  public String name() {
    return definition.name();
  }

  public String sentence() {
    return definition.sentence();
  }

  /** What of a trial's identity says by which code it learns. */
  public Map<String, Object> identity() {
    Map<String, Object> identity = new LinkedHashMap<>();
    identity.put("rule.version", (long) definition.version());
    return identity;
  }

  List<Key> keys() {
    return definition.keys();
  }

  /** Whether a key of this path means something under the rule. */
  boolean uses(String path) {
    return paths.contains(path);
  }

  /** The keys that the cost of an example depends on. */
  public Set<String> costKeys() {
    return definition.costKeys();
  }

  /** How many antithetic pairs of passes an example's cost is estimated by. */
  public int perturbations(KeyValues values) {
    return definition.perturbations(declared(values));
  }

  /** What is wrong with values that are allowed each by itself, a line each. */
  public List<String> faults(KeyValues values, double leastNoiseScale) {
    return definition.faults(declared(values), leastNoiseScale);
  }

  /** The rule with these values. */
  public LearningRule create(KeyValues values) {
    return definition.create(declared(values));
  }

  /** What it does not declare would be in no identity, though it changes the result. */
  private KeyValues declared(KeyValues values) {
    return path -> {
      if (!uses(path)) {
        throw new IllegalArgumentException(
            "rule %s reads %s, which is neither a key of its own nor one that it uses"
                .formatted(name(), path));
      }
      return values.value(path);
    };
  }
}
