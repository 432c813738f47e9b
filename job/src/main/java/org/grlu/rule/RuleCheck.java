package org.grlu.rule;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks the definition of a rule that is not built in. */
final class RuleCheck {
  private static final String WORD = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

  /**
   * The paths of all keys so far, by the form in which their column names must differ: hyphens
   * count as dots.
   */
  private final Map<String, String> taken = new HashMap<>();

  /** The paths that a rule's {@code uses()} may name. */
  private final Set<String> shared = new HashSet<>(RuleCatalogue.OF_SOME_RULES);

  private final Map<String, RuleEntry> names = new HashMap<>();

  /**
   * Creates a check that knows the names and keys of the built-in rules.
   *
   * @param builtIn the built-in rules
   */
  RuleCheck(Collection<RuleEntry> builtIn) {
    for (RuleEntry rule : builtIn) {
      names.put(rule.name(), rule);
      for (Key key : rule.keys()) {
        shared.add(key.path());
        taken.put(column(key.path()), key.path());
      }
    }
  }

  private static String column(String path) {
    return path.replace('-', '.');
  }

  /**
   * Checks one rule.
   *
   * @throws RuleException for the first requirement that the rule breaks
   */
  void check(RuleEntry rule) {
    must(rule, rule.name().matches(WORD), "name() = %s: must be like my-rule", rule.name());
    RuleEntry other = names.putIfAbsent(rule.name(), rule);
    must(rule, other == null, "name() = %s: that is the name of %s", rule.name(), other);
    must(
        rule,
        !taken.containsKey(column("rule." + rule.name())),
        "name() = %s: rule.%s is a key",
        rule.name(),
        rule.name());
    must(rule, !rule.sentence().isBlank(), "sentence() must say what it is");
    for (RuleForm form : rule.forms()) {
      must(rule, form.isWhole(), "forms(): %s must say all but its form", form);
    }
    must(rule, rule.version() >= 1, "version() = %d: must be at least 1", rule.version());
    for (String path : rule.uses()) {
      must(rule, shared.contains(path), "uses() %s: must be of %s", path, shared);
    }
    Set<String> own = new HashSet<>();
    for (Key key : rule.keys()) {
      key(rule, key);
      own.add(key.path());
    }
    for (Key key : rule.keys()) {
      must(
          rule,
          own.containsAll(key.onlyIf().keySet()),
          "key %s: onlyIf must name keys of the rule's own, not %s",
          key.path(),
          key.onlyIf().keySet());
      for (int dot = key.path().lastIndexOf('.'); dot > 0; ) {
        String outer = key.path().substring(0, dot);
        must(rule, !own.contains(outer), "key %s: %s is a key itself", key.path(), outer);
        dot = outer.lastIndexOf('.');
      }
    }
    for (String path : rule.costKeys()) {
      must(rule, rule.reads(path), "costKeys() %s: must be a key of its own or used", path);
    }
  }

  private void key(RuleEntry rule, Key key) {
    String prefix = "rule." + rule.name() + ".";
    must(
        rule,
        key.path().startsWith(prefix)
            && key.path().substring(prefix.length()).matches(WORD + "(\\." + WORD + ")*"),
        "key %s: must be %s and a name like my-key",
        key.path(),
        prefix);
    String other = taken.putIfAbsent(column(key.path()), key.path());
    must(rule, other == null, "key %s: its column is that of %s", key.path(), other);
    must(
        rule,
        key.standard() != null && key.allows(key.standard()),
        "key %s: its default, %s, must be %s",
        key.path(),
        key.standard(),
        key.expected());
    must(
        rule,
        key.sentence() != null && !key.sentence().isBlank(),
        "key %s: must say what it means",
        key.path());
    must(rule, key.identifies(), "key %s: must be part of a trial's identity", key.path());
  }

  private static void must(RuleEntry rule, boolean holds, String message, Object... words) {
    if (!holds) {
      throw new RuleException("%s: %s".formatted(rule, String.format(message, words)));
    }
  }
}
