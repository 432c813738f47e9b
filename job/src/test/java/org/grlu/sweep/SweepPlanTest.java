package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.Scale;
import org.grlu.config.Settings;
import org.junit.jupiter.api.Test;

class SweepPlanTest {
  private static final String RANDOM =
      """
      search = random
      parameters {
        rule.perturbations = { log-uniform = [1, 128] }
        training.learning-rate.max = { log-uniform = [0.01, 1] }
        rule.gate = [none, active]
      """;

  private static List<Map<String, Object>> parameters(SweepPlan plan) {
    return plan.trials().stream().map(PlannedTrial::parameters).distinct().toList();
  }

  private static List<String> ids(SweepPlan plan) {
    return plan.trials().stream().map(PlannedTrial::trialId).toList();
  }

  @Test
  void aGridIsEveryCombinationTheFirstParameterSlowest() {
    SweepPlan plan =
        Sweeps.plan(
            "seeds = [5, 6]\nparameters {\nrule.perturbations = [1, 2]\nrule.gate = [none, active]}");
    assertThat(plan.settings()).isEqualTo(4);
    assertThat(plan.duplicates()).isZero();
    assertThat(plan.trials())
        .extracting(
            t -> t.parameters().get("rule.perturbations"),
            t -> t.parameters().get("rule.gate"),
            PlannedTrial::seed)
        .extracting(Object::toString)
        .containsExactly(
            "(1, \"none\", 5L)".replace("1,", "1L,"),
            "(1L, \"none\", 6L)",
            "(1L, \"active\", 5L)",
            "(1L, \"active\", 6L)",
            "(2L, \"none\", 5L)",
            "(2L, \"none\", 6L)",
            "(2L, \"active\", 5L)",
            "(2L, \"active\", 6L)");
  }

  @Test
  void aPlannedTrialIsTheTrialThatTrainWouldRun() {
    SweepPlan plan =
        Sweeps.plan(
            "seeds = [7], parameters { rule.perturbations = [3], network.skip = [dense] }",
            "training.epochs=2");
    Settings train =
        ConfigReader.read(
            null,
            List.of(
                "dataset.name=mnist-sample",
                "dataset.validation-examples=333",
                "rule.perturbations=3",
                "network.skip=dense",
                "training.epochs=2",
                "training.seed=7"));
    String data = TestData.sample().sha256();
    PlannedTrial trial = plan.trials().get(0);
    assertThat(trial.trialId()).isEqualTo(train.identity(data).id());
    assertThat(trial.settings().values()).isEqualTo(train.values());
    assertThat(trial.settings().trial()).isEqualTo(train.trial());
    assertThat(trial.settingId())
        .isEqualTo(train.with(Map.of("training.seed", 42L)).identity(data).id());
  }

  @Test
  void aSweepWithoutParametersIsOneSetting() {
    assertThat(Sweeps.plan("seeds = 3").trials()).hasSize(3);
  }

  @Test
  void whatHasNoMeaningIsDropped() {
    SweepPlan plan =
        Sweeps.plan(
            "parameters {\nnetwork.activation = [relu, top-k]\nnetwork.k = [0.1, 0.2, 0.3]}");
    assertThat(parameters(plan))
        .containsExactly(
            Map.of("network.activation", "relu"),
            Map.of("network.activation", "top-k", "network.k", 0.1),
            Map.of("network.activation", "top-k", "network.k", 0.2),
            Map.of("network.activation", "top-k", "network.k", 0.3));
    assertThat(plan.duplicates()).isEqualTo(2);
    assertThat(plan.trials().get(0).settings().value("network.k")).isEqualTo(0.5);
    SweepPlan backprop =
        Sweeps.plan(
            "parameters {\nrule.name = [backprop, grlu]\nrule.gate = [none, active]\n"
                + "training.noise-scale.max = [0.1, 0.2]}");
    assertThat(backprop.settings()).isEqualTo(5);
    assertThat(backprop.duplicates()).isEqualTo(3);
  }

  @Test
  void aResidualConnectionNeedsALayerThatHasOne() {
    SweepPlan plan =
        Sweeps.plan(
            """
            parameters {
              hidden = [
                { name = one, network.layers = [784, 8, 10] }
                { name = two, network.layers = [784, 8, 8, 10] }
                { name = narrowing, network.layers = [784, 8, 4, 10] }
              ]
              network.skip = [none, residual]
            }
            """);
    assertThat(parameters(plan).stream().map(Object::toString))
        .containsExactly(
            "{hidden=one, network.skip=none}",
            "{hidden=two, network.skip=none}",
            "{hidden=two, network.skip=residual}",
            "{hidden=narrowing, network.skip=none}");
  }

  @Test
  void aVariantMayBeTheBaseByName() {
    SweepPlan plan =
        Sweeps.plan("parameters.form = [{ name = plain }, { name = gated, rule.gate = active }]");
    assertThat(parameters(plan)).containsExactly(Map.of("form", "plain"), Map.of("form", "gated"));
    assertThat(plan.trials().get(0).settings().value("rule.gate")).isEqualTo("none");
  }

  @Test
  void rulesDropWhatTheySay() {
    SweepPlan plan =
        Sweeps.plan(
            """
            parameters {
              network.skip = [none, dense]
              rule.gate = [none, active]
              extra = [{ name = a, rule.hidden-noise = 0.5 }, { name = b, rule.hidden-noise = 2 }]
            }
            when = [
              { parameter = rule.gate, only-if { network.skip = dense } }
              { parameter = extra, only-if { rule.gate = active } }
            ]
            """);
    assertThat(parameters(plan).stream().map(Object::toString))
        .containsExactly(
            "{network.skip=none}",
            "{network.skip=dense, rule.gate=none}",
            "{network.skip=dense, rule.gate=active, extra=a}",
            "{network.skip=dense, rule.gate=active, extra=b}");
    assertThat(plan.duplicates()).isEqualTo(4);
  }

  @Property(seed = "1", tries = 20)
  void aSmallSweepIsTheStartOfALargerOne(
      @ForAll @IntRange(min = 1, max = 30) int few, @ForAll @IntRange(min = 0, max = 30) int more) {
    List<String> small = ids(Sweeps.plan(RANDOM + "}", "sweep.settings=" + few));
    List<String> large = ids(Sweeps.plan(RANDOM + "}", "sweep.settings=" + (few + more)));
    assertThat(large.subList(0, small.size())).isEqualTo(small);
  }

  @Property(seed = "2", tries = 20)
  void noTwoTrialsAreTheSame(@ForAll long searchSeed) {
    SweepPlan plan =
        Sweeps.plan(
            """
            search = random, settings = 60, seeds = 2
            parameters {
              network.activation = [relu, top-k], network.k = [0.1, 0.5]
              rule.name = [grlu, backprop], rule.perturbations { uniform = [1, 3] }
            }
            """,
            "sweep.search-seed=" + searchSeed);
    assertThat(ids(plan)).doesNotHaveDuplicates().hasSize(2 * plan.settings());
    assertThat(plan.settings() + plan.duplicates()).isEqualTo(60);
    assertThat(plan.settings()).isLessThanOrEqualTo((1 + 2) * 3 + (1 + 2));
  }

  @Test
  void anotherParameterDoesNotMoveTheOthersDraws() {
    SweepPlan plain = Sweeps.plan(RANDOM + "}");
    SweepPlan more = Sweeps.plan(RANDOM + "\nrule.hidden-noise { uniform = [0.5, 2] } }");
    List<Map<String, Object>> without = new ArrayList<>();
    for (Map<String, Object> parameters : parameters(more)) {
      Map<String, Object> rest = new java.util.LinkedHashMap<>(parameters);
      assertThat(rest.remove("rule.hidden-noise")).isInstanceOf(Double.class);
      without.add(rest);
    }
    assertThat(without).isEqualTo(parameters(plain));
    assertThat(parameters(Sweeps.plan(RANDOM + "}", "sweep.search-seed=1")))
        .isNotEqualTo(parameters(plain));
  }

  @Test
  void everySettingHasTheSameSeeds() {
    SweepPlan plan = Sweeps.plan(RANDOM + "}", "sweep.seeds=3");
    Set<List<Long>> seeds = new HashSet<>();
    for (int i = 0; i < plan.trials().size(); i += 3) {
      List<PlannedTrial> setting = plan.trials().subList(i, i + 3);
      seeds.add(setting.stream().map(PlannedTrial::seed).toList());
      assertThat(setting.stream().map(PlannedTrial::settingId).distinct()).hasSize(1);
      assertThat(setting).allMatch(t -> t.settings().value("training.seed").equals(t.seed()));
    }
    assertThat(seeds).containsExactly(List.of(1L, 2L, 3L));
  }

  @Test
  void anIllegalCombinationIsSaidOnceForAllItsTrials() {
    List<String> faults =
        Sweeps.faults(
            """
            seeds = 5
            parameters {
              training.batch-size = [1, 32, 1900]
              rule.perturbations = [1, 2, 3]
              network.layers = [[784, 8, 10], [784, 8, 9]]
            }
            """);
    assertThat(faults).hasSize(2);
    assertThat(faults.get(0))
        .contains("network.layers = [784, 8, 9] (", ".conf: 6)", "so it is in 9 of 18 settings");
    assertThat(faults.get(1))
        .contains("training.batch-size = 1900", "so it is in 6 of 18 settings", "first {");
  }

  @Test
  void whatOnlyTheBaseWouldGetWrongIsNoFault() {
    assertThat(
            Sweeps.plan("parameters.network.layers = [[784, 10]]", "network.layers=[700, 10]")
                .settings())
        .isEqualTo(1);
  }

  @Test
  void manyFaultsAreCutShort() {
    assertThat(
            Sweeps.faults(
                "search = random, settings = 50\nparameters.training.batch-size = { uniform = [1800, 9000] }"))
        .hasSize(21)
        .last()
        .asString()
        .contains("more of the kind");
  }

  @Test
  void tooManyTrialsAreRefused() {
    assertThat(
            Sweeps.faults(
                "seeds = 1000\nparameters { rule.perturbations { range = [1, 50000, 1] } }"))
        .singleElement()
        .asString()
        .contains("50000 settings with 1000 seeds", "at most 1000000");
  }

  @Test
  void whatIsSearchedHasItsAxis() {
    SweepPlan plan =
        Sweeps.plan(
            """
            search = random, settings = 1
            parameters {
              rule.perturbations = [1, 2, 4, 16]
              training.epochs = [1, 2, 3]
              rule.gate = [none, active]
              training.learning-rate.max { log-uniform = [0.1, 1] }
              rule.hidden-noise { uniform = [0.1, 1] }
              form = [{ name = a, network.layers = [784, 9, 10] }, { name = b, rule.output-noise = 2 }]
            }
            """);
    assertThat(plan.searched())
        .contains(
            key("rule.perturbations", "rule_perturbations", Scale.LOG, "[1, 2, 4, 16]"),
            key("training.epochs", "training_epochs", Scale.LINEAR, "[1, 2, 3]"),
            key("rule.gate", "rule_gate", Scale.CATEGORY, "[none, active]"),
            key(
                "training.learning-rate.max",
                "training_learning_rate_max",
                Scale.LOG,
                "log-uniform [0.1, 1]"),
            key("rule.hidden-noise", "rule_hidden_noise", Scale.LINEAR, "uniform [0.1, 1]"))
        .hasSize(6);
  }

  private static SearchedKey key(String path, String column, Scale scale, String searched) {
    return new SearchedKey(path, column, scale, searched, null);
  }

  @Test
  void listsOfLayersAreToldApartByTheirKinds() {
    String one = "[ { convolution = 2, size = 5 } ]";
    String other = "[ { convolution = 2, size = 5, shared = false } ]";
    for (String parameter :
        List.of(
            "network.layers = [%s, %s]".formatted(one, other),
            "form = [ { name = a, network.layers = %s }, { name = b, network.layers = %s } ]"
                .formatted(one, other))) {
      SearchedKey key = Sweeps.plan("parameters { " + parameter + " }").searched().get(0);
      assertThat(key.variants().values())
          .extracting(columns -> columns.get("network_kinds"))
          .containsExactly(
              List.of("convolution = 2, size = 5"),
              List.of("convolution = 2, size = 5, shared = false"));
      assertThat(key.variants().values())
          .extracting(columns -> columns.get("network_layers"))
          .containsOnly(List.of(784L, 24L * 24 * 2, 10L));
    }
  }

  @Test
  void variantsAreOneParameterWithTheirKeysFilledFromTheBase() {
    SweepPlan plan =
        Sweeps.plan(
            """
            parameters {
              hidden-layers = [
                { name = 1, network.layers = [784, 9, 10] }
                { name = two, network.layers = [784, 9, 9, 10], rule.output-noise = 2 }
                { name = base }
              ]
              rule.gate = [none, { name = on, rule.gate = active }]
            }
            """);
    Map<String, Object> one =
        Map.of("network_layers", List.of(784L, 9L, 10L), "rule_output_noise", 1.0);
    Map<String, Object> two =
        Map.of("network_layers", List.of(784L, 9L, 9L, 10L), "rule_output_noise", 2.0);
    Map<String, Object> base =
        Map.of("network_layers", List.of(784L, 256L, 10L), "rule_output_noise", 1.0);
    assertThat(plan.searched())
        .containsExactly(
            new SearchedKey(
                "hidden-layers",
                "hidden_layers",
                Scale.CATEGORY,
                "[1, two, base]",
                Map.of("1", one, "two", two, "base", base)),
            new SearchedKey(
                "rule.gate",
                "rule_gate",
                Scale.CATEGORY,
                "[none, on]",
                Map.of("none", Map.of("rule_gate", "none"), "on", Map.of("rule_gate", "active"))));
    assertThat(plan.searched().get(0).variants().keySet()).containsExactly("1", "two", "base");
  }
}
