package org.grlu.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.rule.Key;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleEntry;
import org.grlu.rule.RuleForm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what there is to know of the rules. */
@Command(
    name = "rules",
    description = "Say of each rule what it is told, what it costs, and when to use it.")
final class RulesCommand implements Callable<Integer> {
  private static final int WIDTH = 80;

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Of this rule alone.")
  private String name;

  @Option(names = "--json", description = "Print one line of JSON instead.")
  private boolean json;

  @Override
  public Integer call() {
    RuleCatalogue catalogue = RuleCatalogue.current();
    Collection<RuleEntry> rules = catalogue.rules();
    if (name != null) {
      try {
        rules = List.of(catalogue.rule(name));
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.BAD_INPUT, e.getMessage());
      }
    }
    Settings defaults = ConfigReader.read(null, List.of());
    if (json) {
      System.out.println(
          Json.of(Map.of("rules", rules.stream().map(rule -> values(rule, defaults)).toList())));
    } else {
      rules.stream()
          .flatMap(rule -> lines(rule, defaults).stream())
          .skip(1)
          .forEach(System.out::println);
    }
    return ExitCode.DONE;
  }

  /** A rule for a terminal, an empty line first. */
  private static List<String> lines(RuleEntry rule, Settings defaults) {
    List<String> lines = new ArrayList<>(List.of("", "rule.name = " + rule.name()));
    add(lines, "  ", rule.sentence());
    String layers = rule.anyLayers() ? "of any kind" : "dense ones alone";
    lines.add("  layers: " + layers);
    for (RuleForm form : rule.forms()) {
      lines.add("");
      if (!form.form().isEmpty()) {
        add(lines, "  ", form.form());
      }
      add(lines, "    is told  ", form.told());
      add(lines, "    costs    ", form.cost());
      add(lines, "    use it   ", form.when());
      add(lines, "    source   ", form.source());
    }
    if (!rule.keys().isEmpty()) {
      lines.addAll(List.of("", "  its keys, with their defaults"));
    }
    for (Key key : rule.keys()) {
      String allowed = key.type() == Key.Type.STRING ? key.allowed() : key.expected();
      String value = Json.of(defaults.value(key.path())).replace("\"", "");
      add(lines, "    ", "%s = %s (%s)".formatted(key.path(), value, allowed));
      if (key.sentence() != null) {
        add(lines, "      ", key.sentence());
      }
    }
    if (!rule.uses().isEmpty()) {
      lines.add("");
      add(lines, "  uses too ", String.join(", ", new TreeSet<>(rule.uses())));
    }
    return lines;
  }

  /** Adds a text, broken between words; all lines but the first begin with as many spaces. */
  private static void add(List<String> lines, String first, String text) {
    StringBuilder line = new StringBuilder(first);
    for (String word : text.split(" ", -1)) {
      boolean begins = line.length() == first.length();
      if (!begins && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(first.length()));
        begins = true;
      }
      line.append(begins ? "" : " ").append(word);
    }
    lines.add(line.toString());
  }

  private static Map<String, Object> values(RuleEntry rule, Settings defaults) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", rule.name());
    values.put("sentence", rule.sentence());
    values.put("version", (long) rule.version());
    values.put("any_layers", rule.anyLayers());
    List<Object> forms = new ArrayList<>();
    for (RuleForm each : rule.forms()) {
      Map<String, Object> form = new LinkedHashMap<>();
      form.put("form", each.form());
      form.put("told", each.told());
      form.put("cost", each.cost());
      form.put("when", each.when());
      form.put("source", each.source());
      forms.add(form);
    }
    values.put("forms", forms);
    List<Object> keys = new ArrayList<>();
    for (Key each : rule.keys()) {
      Map<String, Object> key = new LinkedHashMap<>();
      key.put("path", each.path());
      key.put("default", defaults.value(each.path()));
      key.put("allowed", each.expected());
      key.put("meaning", each.sentence());
      keys.add(key);
    }
    values.put("keys", keys);
    values.put("uses", List.copyOf(new TreeSet<>(rule.uses())));
    return values;
  }
}
