package org.grlu.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules there are: what a configuration may name. A rule is added here. */
public final class RuleCatalogue {
  static final String NOISE_SCALE_MAX = "training.noise-scale.max";
  static final String NOISE_SCALE_MIN = "training.noise-scale.min";

  /** Keys of training that mean something only under rules that use them. */
  public static final Set<String> OF_SOME_RULES = Set.of(NOISE_SCALE_MAX, NOISE_SCALE_MIN);

  private static final List<RuleDefinition> BUILT_IN =
      List.of(new GrluDefinition(), new BackpropDefinition());

  private static final RuleCatalogue CURRENT = new RuleCatalogue(BUILT_IN);

  private final Map<String, RuleEntry> rules = new LinkedHashMap<>();

  RuleCatalogue(List<RuleDefinition> definitions) {
    definitions.forEach(each -> rules.put(each.name(), new RuleEntry(each)));
  }

  /** The one of this JVM. */
  public static RuleCatalogue current() {
    return CURRENT;
  }

  /** Every rule, in the catalogue's order. */
  public Collection<RuleEntry> rules() {
    return rules.values();
  }

  /** A rule that there is. */
  public RuleEntry rule(String name) {
    RuleEntry rule = rules.get(name);
    if (rule == null) {
      throw new IllegalArgumentException("rule %s: must be of %s".formatted(name, rules.keySet()));
    }
    return rule;
  }

  /** The key {@code rule.name} and the keys of all rules. */
  public List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    keys.add(Key.choice("rule.name", rules.keySet().toArray(String[]::new)));
    rules.values().forEach(rule -> rule.keys().forEach(key -> keys.add(ofSomeRules(key))));
    return keys;
  }

  /** A key as it is, or one that means something only under the rules that use it. */
  public Key ofSomeRules(Key key) {
    List<String> users = new ArrayList<>();
    rules.values().stream()
        .filter(rule -> rule.uses(key.path()))
        .forEach(rule -> users.add(rule.name()));
    return users.isEmpty() ? key : key.onlyIf("rule.name", users.toArray());
  }
}
