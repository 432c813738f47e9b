package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.grlu.rule.Key;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleEntry;
import org.junit.jupiter.api.Test;

/** The keys that are declared, held to the file that has their defaults and texts. */
class KeysTest {
  private static final Config GRLU =
      ConfigFactory.parseResources("reference.conf").getConfig("grlu");

  @Test
  void theyAreThoseOfTheReferenceInItsOrder() {
    List<String> written =
        GRLU.entrySet().stream()
            .filter(entry -> !entry.getKey().startsWith("sweep."))
            // by place: of two on a line the order is not known, and max stands before min
            .sorted(
                Comparator.comparingInt(
                        (Map.Entry<String, ConfigValue> e) -> e.getValue().origin().lineNumber())
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .toList();
    assertThat(Keys.ALL.stream().map(Key::path)).containsExactlyElementsOf(written);
  }

  @Test
  void everyDefaultIsAllowed() {
    for (Key key : Keys.ALL) {
      Object value = KeyReader.convert(key, GRLU.getValue(key.path()));
      assertThat(value).as(key.path()).isNotNull().matches(key.check());
      assertThat(key.standard()).as("%s: said once", key.path()).isNull();
    }
  }

  @Test
  void everyRuleIsExplainedWhereItIsNamed() {
    String text = String.join(" ", GRLU.getValue("rule.name").origin().comments());
    assertThat(RuleCatalogue.current().rules())
        .extracting(RuleEntry::name)
        .allMatch(name -> text.matches(".*\\b" + name + "\\b.*"));
  }

  @Test
  void whatDecidesIsAKeyThatMaySoDecide() {
    for (Key key : Keys.ALL) {
      key.onlyIf()
          .forEach(
              (path, values) ->
                  assertThat(values)
                      .as("%s only if %s", key.path(), path)
                      .isNotEmpty()
                      .allMatch(Keys.BY_PATH.get(path).check()));
    }
  }

  /** The keys that mean nothing, but for those of a slow system that there is not. */
  private static List<String> meaningless(Settings settings) {
    return Keys.ALL.stream()
        .map(Key::path)
        .filter(path -> !path.startsWith("features.") && !path.startsWith("stream."))
        .filter(path -> !settings.meansSomething(path))
        .toList();
  }

  private static final String CONSTANT_NOISE = "training.noise-scale.min=0.1";

  @Test
  void aKeyMeansSomethingUnderTheRulesThatUseIt() {
    Settings backprop = Configurations.sets("rule.name=backprop", "network.activation=top-k");
    assertThat(meaningless(backprop))
        .containsExactly(
            "network.input",
            "network.outputs",
            "rule.perturbations",
            "rule.noise",
            "rule.gate",
            "rule.hidden-noise",
            "rule.output-noise",
            "rule.normalise-noise",
            "rule.eligibility",
            "rule.output-signal",
            "rule.output-rate",
            "rule.scope",
            "rule.teacher",
            "rule.unbiased",
            "rule.feedback-norm",
            "rule.chained",
            "rule.chain-lambda",
            "rule.feedback-rate",
            "rule.evolution-noise",
            "rule.shaping",
            "rule.variant",
            "rule.ridge",
            "rule.lambda",
            "rule.prototypes",
            "rule.beta",
            "rule.capacity",
            "training.noise-scale.max",
            "training.noise-scale.min",
            "training.order-floor");
    Settings grlu = Configurations.sets();
    assertThat(meaningless(grlu))
        .containsExactly(
            "network.input",
            "network.outputs",
            "network.k",
            "network.gumbel",
            "rule.teacher",
            "rule.unbiased",
            "rule.feedback-norm",
            "rule.chained",
            "rule.chain-lambda",
            "rule.feedback-rate",
            "rule.evolution-noise",
            "rule.shaping",
            "rule.variant",
            "rule.ridge",
            "rule.lambda",
            "rule.prototypes",
            "rule.beta",
            "rule.capacity",
            "training.optimiser",
            "training.order-floor");
    Settings learned = Configurations.sets("rule.name=learned-feedback", CONSTANT_NOISE);
    assertThat(meaningless(learned))
        .containsExactly(
            "network.input",
            "network.outputs",
            "network.k",
            "network.gumbel",
            "rule.gate",
            "rule.hidden-noise",
            "rule.output-noise",
            "rule.normalise-noise",
            "rule.eligibility",
            "rule.output-signal",
            "rule.scope",
            "rule.chain-lambda",
            "rule.evolution-noise",
            "rule.shaping",
            "rule.variant",
            "rule.ridge",
            "rule.lambda",
            "rule.prototypes",
            "rule.beta",
            "rule.capacity",
            "training.optimiser",
            "training.order-floor");
  }
}
