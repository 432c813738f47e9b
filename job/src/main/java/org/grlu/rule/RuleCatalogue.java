package org.grlu.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Holds all rules that a configuration may name. The project's own rules are listed in this class.
 * The rules of other authors are found on the class path, through a file {@code
 * META-INF/services/org.grlu.rule.RuleDefinition} in their jar.
 */
public final class RuleCatalogue {
  static final String NOISE_SCALE_MAX = "training.noise-scale.max";
  static final String NOISE_SCALE_MIN = "training.noise-scale.min";

  static final String OPTIMISER = "training.optimiser";

  /** The training keys that have an effect only under the rules that use them. */
  public static final Set<String> OF_SOME_RULES = Set.of(NOISE_SCALE_MAX, NOISE_SCALE_MIN);

  private static final List<RuleDefinition> BUILT_IN =
      List.of(
          new GrluDefinition(),
          new BackpropDefinition(),
          new LearnedFeedbackDefinition(),
          new DirectFeedbackDefinition(),
          new FeedbackAlignmentDefinition(),
          new SignSymmetryDefinition(),
          new EvolutionDefinition(),
          new WeightPerturbationDefinition(),
          new HebbianDefinition());

  private static RuleCatalogue current;

  private final Map<String, RuleEntry> rules = new LinkedHashMap<>();

  private RuleCatalogue() {
    BUILT_IN.forEach(each -> add(new RuleEntry(each, null)));
    ReadoutDefinition.ALL.forEach(each -> add(new RuleEntry(each, null)));
  }

  private void add(RuleEntry rule) {
    rules.put(rule.name(), rule);
  }

  /**
   * Returns this JVM's catalogue. The first call loads it, with the class loader of the calling
   * thread.
   *
   * @throws RuleException if a rule on the class path cannot be loaded or breaks a requirement
   */
  public static synchronized RuleCatalogue current() {
    if (current == null) {
      current = load(Thread.currentThread().getContextClassLoader());
    }
    return current;
  }

  /** Returns the built-in rules and the rules that a class loader finds. */
  static RuleCatalogue load(ClassLoader loader) {
    RuleCatalogue all = new RuleCatalogue();
    RuleCheck check = new RuleCheck(all.rules());
    try {
      for (RuleDefinition each : ServiceLoader.load(RuleDefinition.class, loader)) {
        RuleEntry rule = new RuleEntry(each, new RuleOrigin(each.getClass()));
        check.check(rule);
        all.add(rule);
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new RuleException(
          "a rule on the class path can't be loaded: %s%s%s"
              .formatted(
                  RuleEntry.oneLine(e),
                  cause == e ? "" : ": " + RuleEntry.oneLine(cause),
                  e instanceof LinkageError
                      ? " (is it made for this grlu, and given by --conf spark.jars?)"
                      : ""),
          e);
    }
    return all;
  }

  /** Returns all rules in the catalogue's order. */
  public Collection<RuleEntry> rules() {
    return rules.values();
  }

  /** Returns the names of the rules that work in networks with several kinds of layers. */
  List<String> ofAnyLayers() {
    return rules.values().stream().filter(RuleEntry::anyLayers).map(RuleEntry::name).toList();
  }

  /**
   * Returns the rule of that name.
   *
   * @throws IllegalArgumentException if there is no such rule
   */
  public RuleEntry rule(String name) {
    RuleEntry rule = rules.get(name);
    if (rule == null) {
      throw new IllegalArgumentException("rule %s: must be of %s".formatted(name, rules.keySet()));
    }
    return rule;
  }

  /** Returns the key {@code rule.name} and the keys of all rules. */
  public List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    keys.add(Key.choice("rule.name", rules.keySet().toArray(String[]::new)));
    rules.values().forEach(rule -> rule.keys().forEach(key -> keys.add(ofSomeRules(key))));
    return keys;
  }

  /**
   * Returns a key with the condition that {@code rule.name} is one of the rules that read it.
   * Returns the key unchanged if no rule reads it.
   */
  public Key ofSomeRules(Key key) {
    List<String> users = new ArrayList<>();
    rules.values().stream()
        .filter(rule -> rule.reads(key.path()))
        .forEach(rule -> users.add(rule.name()));
    return users.isEmpty() ? key : key.onlyIf("rule.name", users.toArray());
  }
}
