package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grlu.config.Json;
import org.grlu.rule.Key;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleEntry;
import org.grlu.rule.RuleForm;
import org.junit.jupiter.api.Test;

class RulesCommandTest {
  private static final Pattern VALUE = Pattern.compile("(?:rule\\.)?([a-z.-]+) = ([\\w.-]+)");

  private static String said(int code, String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setOut(to);
      System.setErr(to);
      assertThat(Main.run(arguments)).isEqualTo(code);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyRuleSaysAllOfItsFormsInLinesOfATerminal() {
    String said = said(ExitCode.DONE, "rules");
    assertThat(said.lines()).allMatch(line -> line.length() <= 80).doesNotContain("null");
    String flat = said.replaceAll("\\s+", " ");
    for (RuleEntry rule : RuleCatalogue.current().rules()) {
      assertThat(flat)
          .contains("rule.name = " + rule.name() + " " + rule.sentence())
          .contains("layers: " + (rule.anyLayers() ? "of any kind" : "dense ones alone"));
      assertThat(rule.forms()).as(rule.name()).isNotEmpty();
      for (RuleForm form : rule.forms()) {
        assertThat(flat)
            .contains(
                "%s is told %s costs %s use it %s source %s"
                    .formatted(form.form(), form.told(), form.cost(), form.when(), form.source())
                    .strip());
      }
      for (Key key : rule.keys()) {
        assertThat(said).containsPattern("\n    " + Pattern.quote(key.path()) + " = \\S");
      }
    }
    assertThat(said("rules", "backprop")).doesNotContain("grlu").contains("is told  the exact");
  }

  private static String said(String... arguments) {
    return said(ExitCode.DONE, arguments);
  }

  /** What a form names as its keys' values are its rule's keys, and values they may have. */
  @Test
  void aFormNamesKeysAndValuesThatThereAre() {
    int named = 0;
    for (RuleEntry rule : RuleCatalogue.current().rules()) {
      for (RuleForm form : rule.forms()) {
        for (Matcher value = VALUE.matcher(form.form()); value.find(); named++) {
          String path = "rule." + value.group(1);
          assertThat(rule.keys()).as(path).extracting(Key::path).contains(path);
          Key key = rule.keys().stream().filter(k -> k.path().equals(path)).findAny().orElseThrow();
          boolean allowed =
              key.type() == Key.Type.FLAG
                  ? List.of("true", "false").contains(value.group(2))
                  : key.check().test(value.group(2));
          assertThat(allowed).as(value.group()).isTrue();
        }
      }
    }
    assertThat(named).isPositive();
  }

  @Test
  void jsonSaysTheSame() {
    List<?> rules = (List<?>) Json.read(said("rules", "--json")).get("rules");
    List<Object> names = new ArrayList<>();
    for (Object each : rules) {
      Map<?, ?> rule = (Map<?, ?>) each;
      names.add(rule.get("name"));
      RuleEntry entry = RuleCatalogue.current().rule((String) rule.get("name"));
      assertThat((List<?>) rule.get("forms")).hasSameSizeAs(entry.forms());
      assertThat(((Map<?, ?>) ((List<?>) rule.get("forms")).get(0)).get("told"))
          .isEqualTo(entry.forms().get(0).told());
      assertThat((List<?>) rule.get("keys")).hasSameSizeAs(entry.keys());
    }
    assertThat(names)
        .containsExactlyElementsOf(
            RuleCatalogue.current().rules().stream().map(RuleEntry::name).toList());
  }

  @Test
  void aRuleThatThereIsNotIsALine() {
    assertThat(said(ExitCode.BAD_INPUT, "rules", "hebb"))
        .isEqualTo(
            "grlu: rule hebb: must be of "
                + RuleCatalogue.current().rules().stream().map(RuleEntry::name).toList()
                + "\n");
  }
}
