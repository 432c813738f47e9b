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
 * A rule of the catalogue. It is shown the keys that it declares, and no others; what it throws is
 * a {@link RuleException}.
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
   * @param origin where its code is; null for a rule that is built in
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

  /** What a method of the definition gives. */
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

  public String name() {
    return name;
  }

  public String sentence() {
    return sentence;
  }

  /** Its forms; none where it says nothing of them. */
  public List<RuleForm> forms() {
    return forms;
  }

  /** Two trials are the same only where their rules' versions are. */
  public int version() {
    return version;
  }

  /** Its own keys. */
  public List<Key> keys() {
    return keys;
  }

  /** Keys that are not its own. */
  public Set<String> uses() {
    return uses;
  }

  /** The keys that the cost of an example depends on. */
  public Set<String> costKeys() {
    return costKeys;
  }

  /** What of a trial's identity says by which code it learns. */
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

  /** Whether a key of this path means something under the rule. */
  boolean reads(String path) {
    return paths.contains(path);
  }

  /** Whether it works in networks of several kinds of layers. */
  public boolean anyLayers() {
    return definition.anyLayers();
  }

  /** Whether it learns from one example at a time, in one place. */
  public boolean oneByOne() {
    return definition.oneByOne();
  }

  /** How many antithetic pairs of passes an example's cost is estimated by. */
  public int perturbations(KeyValues values) {
    return asked("perturbations", () -> definition.perturbations(declared(values)));
  }

  /** What is wrong with values that are allowed each by itself, a line each. */
  public List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    if (shape.isMixed() && !definition.anyLayers()) {
      return List.of(
          "rule.name = %s: must be a rule for layers of several kinds, as network.layers has them: %s"
              .formatted(name, String.join(", ", RuleCatalogue.current().ofAnyLayers())));
    }
    return new ArrayList<>(
        asked("faults", () -> definition.faults(declared(values), shape, leastNoiseScale)));
  }

  /** The rule with these values, and the optimiser that it may have around it. */
  public LearningRule create(KeyValues values, NetworkShape shape) {
    if (shape.isMixed()) {
      return asked("createMixed", () -> definition.createMixed(declared(values)));
    }
    return create(values);
  }

  /** The rule for networks of dense layers. */
  LearningRule create(KeyValues values) {
    LearningRule rule = asked("create", () -> definition.create(declared(values)));
    boolean adam =
        reads(RuleCatalogue.OPTIMISER) && values.text(RuleCatalogue.OPTIMISER).equals("adam");
    return adam ? new Adam(rule) : rule;
  }

  /** What it does not declare would be in no identity, though it changes the result. */
  private KeyValues declared(KeyValues values) {
    return path -> {
      if (!reads(path)) {
        throw new IllegalArgumentException(
            path + " is neither a key of its own nor one that it uses");
      }
      return values.value(path);
    };
  }

  /** For messages: its class and where that is from, or its name. */
  @Override
  public String toString() {
    return origin == null
        ? "rule " + name
        : "rule %s (%s)".formatted(origin.type().getName(), origin.path());
  }
}
