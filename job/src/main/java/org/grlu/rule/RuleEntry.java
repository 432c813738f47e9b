package org.grlu.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.grlu.network.NetworkShape;

/**
 * Wraps a definition of the catalogue. The definition can read only the keys that it declares.
 * Exceptions that the definition throws become a {@link RuleException}.
 */
public final class RuleEntry {
  private final RuleDefinition definition;
  private final RuleOrigin origin;
  private final String name;
  private final String sentence;
  private final int version;
  private final List<RuleForm> forms;
  private final List<Key> keys;
  private final Set<String> uses;
  private final Set<String> costKeys;
  private final Set<String> paths = new TreeSet<>();
  private Map<String, Object> identity;

  /**
   * Reads a definition.
   *
   * @param origin where the rule's code is; null for a built-in rule
   */
  RuleEntry(RuleDefinition definition, RuleOrigin origin) {
    this.definition = definition;
    this.origin = origin;
    this.name = asked("name", definition::name);
    this.sentence = asked("sentence", definition::sentence);
    this.version = asked("version", definition::version);
    this.forms = List.copyOf(asked("forms", definition::forms));
    this.keys = List.copyOf(asked("keys", definition::keys));
    this.uses = Set.copyOf(asked("uses", definition::uses));
    this.costKeys = new TreeSet<>(asked("costKeys", definition::costKeys));
    paths.addAll(uses);
    keys.forEach(key -> paths.add(key.path()));
  }

  /** Returns what a method of the definition returns. */
  private <T> T asked(String method, Supplier<T> call) {
    T given;
    try {
      given = call.get();
    } catch (RuntimeException | LinkageError e) {
      throw new RuleException("%s: %s() failed: %s".formatted(this, method, oneLine(e)), e);
    }
    if (given == null) {
      throw new RuleException("%s: %s() must not be null".formatted(this, method));
    }
    return given;
  }

  static String oneLine(Throwable e) {
    return e.toString().replaceAll("\\s*\\R\\s*", " ");
  }

  /** Returns the value of {@code rule.name} that selects the rule. */
  public String name() {
    return name;
  }

  /** Returns one sentence that says what the rule is. */
  public String sentence() {
    return sentence;
  }

  /** Returns the rule's forms. The list may be empty. */
  public List<RuleForm> forms() {
    return forms;
  }

  /** Returns the rule's version, which is part of a trial's identity. */
  public int version() {
    return version;
  }

  /** Returns the rule's own keys. */
  public List<Key> keys() {
    return keys;
  }

  /** Returns the paths of the keys that the rule reads and does not own. */
  public Set<String> uses() {
    return uses;
  }

  /** Returns the paths of the keys that change the cost of an example. */
  public Set<String> costKeys() {
    return costKeys;
  }

  /**
   * Returns the part of a trial's identity that names the rule's code: its version and, for a rule
   * that is not built in, its class and the SHA-256 of its jar.
   */
  public synchronized Map<String, Object> identity() {
    if (identity == null) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("rule.version", (long) version);
      if (origin != null) {
        all.put("rule.class", origin.type().getName());
        all.put("rule.jar-sha256", origin.sha256());
      }
      identity = Map.copyOf(all);
    }
    return identity;
  }

  /** Returns whether the rule reads the key of this path. */
  boolean reads(String path) {
    return paths.contains(path);
  }

  /** Returns whether the rule works in networks with several kinds of layers. */
  public boolean anyLayers() {
    return definition.anyLayers();
  }

  /** Returns whether the rule learns from one example at a time in one process. */
  public boolean oneByOne() {
    return definition.oneByOne();
  }

  /** Returns the number of antithetic pairs that the cost estimate of an example counts. */
  public int perturbations(KeyValues values) {
    return asked("perturbations", () -> definition.perturbations(declared(values)));
  }

  /**
   * Returns one line for each combination of values that the rule or the network does not allow.
   */
  public List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    if (shape.isMixed() && !definition.anyLayers()) {
      return List.of(
          "rule.name = %s: must be a rule for layers of several kinds, as network.layers has them: %s"
              .formatted(name, String.join(", ", RuleCatalogue.current().ofAnyLayers())));
    }
    return new ArrayList<>(
        asked("faults", () -> definition.faults(declared(values), shape, leastNoiseScale)));
  }

  /**
   * Returns a new rule with these values, inside an optimiser if {@code training.optimiser} asks
   * for one.
   */
  public LearningRule create(KeyValues values, NetworkShape shape) {
    if (shape.isMixed()) {
      return asked("createMixed", () -> definition.createMixed(declared(values)));
    }
    return create(values);
  }

  /** Returns a new rule for networks of dense layers. */
  LearningRule create(KeyValues values) {
    LearningRule rule = asked("create", () -> definition.create(declared(values)));
    boolean adam =
        reads(RuleCatalogue.OPTIMISER) && values.text(RuleCatalogue.OPTIMISER).equals("adam");
    return adam ? new Adam(rule) : rule;
  }

  /**
   * Hides undeclared keys from the rule, because a trial's identity does not contain them although
   * they would change its result.
   */
  private KeyValues declared(KeyValues values) {
    return path -> {
      if (!reads(path)) {
        throw new IllegalArgumentException(
            path + " is neither a key of its own nor one that it uses");
      }
      return values.value(path);
    };
  }

  /**
   * Returns the words that stand for the rule in messages: its name, or its class and jar if it is
   * not built in.
   */
  @Override
  public String toString() {
    return origin == null
        ? "rule " + name
        : "rule %s (%s)".formatted(origin.type().getName(), origin.path());
  }
}
