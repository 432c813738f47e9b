package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.grlu.reports.Goal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepReaderTest extends SweepFiles {
  @Test
  void numbersMayBeStrings() {
    SweepSettings sweep =
        read("""
                search = random, seeds = "3", settings = " 7 "
                parameters {
                  rule.perturbations = ["2", "4"]
                  network.k { uniform = ["0.25", 5e-1] }
                }
                """)
            .sweep();
    assertThat(sweep.seeds()).containsExactly(1L, 2L, 3L);
    assertThat(sweep.settings()).isEqualTo(7);
    assertThat(sweep.parameters().get(1).space())
        .isEqualTo(new Space.Interval(0.25, 0.5, Scale.LINEAR, false));
    assertThat(values("rule.perturbations = [\"2\", \"4\"]")).containsExactly(2L, 4L);
  }

  @Test
  void whatIsNotGivenHasItsDefault() {
    SweepSettings sweep = read("parameters {}").sweep();
    assertThat(sweep.name()).isEqualTo("a_1-b");
    assertThat(sweep.search()).isEqualTo(SearchKind.GRID);
    assertThat(sweep.parameters()).isEmpty();
    assertThat(sweep.whens()).isEmpty();
    assertThat(sweep.seeds()).isEqualTo(List.of(42L));
    assertThat(sweep.goals()).containsExactly(Goal.VALIDATION_ACCURACY);
    assertThat(sweep.settings()).isEqualTo(20);
    assertThat(sweep.searchSeed()).isZero();
    assertThat(sweep.halving()).isEqualTo(new HalvingSettings(List.of(1, 3, 9, 10), 3, 1));
    assertThat(sweep.budget()).isEqualTo(new Budget(0, 0, 0, 0, 0, 2));
    assertThat(sweep.keepModels()).isEqualTo(KeepModels.NONE);
  }

  @Test
  void allThatIsGivenIsRead() {
    SweepFile file =
        read(
            """
            name = other, search = halving, seeds = 3, rank-by = test-accuracy, settings = 7
            search-seed = 5, halving { rungs = [2, 4], factor = 2, early-seeds = 2 }
            budget { trials = 1, wall-minutes = 2.5, core-minutes = 3, failures = 4
              trial-minutes = 5, lost-executors = 6 }
            keep-models = best
            """,
            "training.epochs=4",
            "sweep.settings=8");
    assertThat(file.sweep())
        .isEqualTo(
            new SweepSettings(
                "other",
                SearchKind.HALVING,
                List.of(),
                List.of(),
                List.of(1L, 2L, 3L),
                List.of(Goal.TEST_ACCURACY),
                8,
                5,
                10,
                20,
                0,
                0,
                new HalvingSettings(List.of(2, 4), 2, 2),
                new Budget(1, 2.5, 3, 4, 5, 6),
                KeepModels.BEST));
    assertThat(file.base().value("training.epochs")).isEqualTo(4L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rule.perturbations = [1, 4]",
        "rule { perturbations = [1, 4] }",
        "\"rule.perturbations\" = [1, 4]",
        "grlu.rule.perturbations = [1, 4]",
        "\"grlu.rule.perturbations\" = { choice = [1, 4] }",
        "rule.perturbations { range = [1, 6, 3] }"
      })
  void aPathMayBeWrittenAsOneLikes(String parameters) {
    assertThat(values(parameters)).isEqualTo(List.of(1L, 4L));
  }

  @Test
  void aRangeCountsInDecimals() {
    assertThat(values("network.k = { range = [0.1, 0.5, 0.1] }"))
        .isEqualTo(List.of(0.1, 0.2, 0.3, 0.4, 0.5));
    assertThat(values("network.k = { range = [0.5, 0.5, 1] }")).isEqualTo(List.of(0.5));
  }

  @Test
  void aSetReplacesAParameter() {
    assertThat(values("rule.perturbations = [1]", "sweep.parameters.rule.perturbations=[2, 3]"))
        .isEqualTo(List.of(2L, 3L));
  }

  @Test
  void aListMayHoldListsAndWords() {
    assertThat(values("network.layers = [[784, 10], [784, 5, 10]]"))
        .isEqualTo(List.of(List.of(784L, 10L), List.of(784L, 5L, 10L)));
    assertThat(values("rule.gate = [none, active]")).isEqualTo(List.of("none", "active"));
  }

  @Test
  void parametersKeepTheOrderOfTheirLines() {
    SweepSettings sweep =
        read("""
                parameters {
                  training.learning-rate.max = [0.1]
                  rule.gate = [none]
                  network.k = [0.1]
                  rule.noise = [gaussian]
                }
                """)
            .sweep();
    assertThat(sweep.parameters().stream().map(Parameter::path))
        .containsExactly("training.learning-rate.max", "rule.gate", "network.k", "rule.noise");
    assertThat(sweep.parameters().get(1).origin()).contains("a_1-b.conf: 4");
  }

  @Test
  void variantsSetSeveralKeys() {
    Parameter parameter =
        read("""
                parameters.form = [
                  { name = deep, network.layers = [784, 8, 8, 10], network { skip = residual } }
                  { name = 2, "grlu.rule.perturbations" = 1 }
                  { rule.gate = active }
                ]
                """)
            .sweep()
            .parameters()
            .get(0);
    assertThat(parameter.path()).isEqualTo("form");
    assertThat(parameter.searched()).isEqualTo("[deep, 2, {\"rule.gate\":\"active\"}]");
    assertThat(parameter.keys())
        .containsExactlyInAnyOrder(
            "network.layers", "network.skip", "rule.perturbations", "rule.gate");
    assertThat(((Space.Listed) parameter.space()).choices().get(0))
        .isEqualTo(
            new Choice(
                "deep",
                Map.of("network.layers", List.of(784L, 8L, 8L, 10L), "network.skip", "residual")));
  }

  @Test
  void intervalsKnowWhetherTheirKeyIsWhole() {
    List<Parameter> parameters =
        read("""
                search = random
                parameters {
                  rule.perturbations = { log-uniform = [1, 128] }
                  rule.hidden-noise = { uniform = [0, 2] }
                }
                """)
            .sweep()
            .parameters();
    assertThat(parameters.get(0).space()).isEqualTo(new Space.Interval(1, 128, Scale.LOG, true));
    assertThat(parameters.get(1).space()).isEqualTo(new Space.Interval(0, 2, Scale.LINEAR, false));
    assertThat(parameters.get(0).searched()).isEqualTo("log-uniform [1, 128]");
  }

  @Test
  void rulesSayWhereAParameterHasAMeaning() {
    SweepSettings sweep =
        read("""
                parameters.rule.gate = [none, active]
                when = [
                  { parameter = rule.gate, only-if { network.skip = [none, dense], rule.name = grlu } }
                  { parameter = grlu.rule.gate, only-if { network.layers = [784, 9, 10] } }
                ]
                """)
            .sweep();
    assertThat(sweep.whens())
        .containsExactly(
            new When(
                "rule.gate",
                Map.of("network.skip", List.of("none", "dense"), "rule.name", List.of("grlu"))),
            new When("rule.gate", Map.of("network.layers", List.of(List.of(784L, 9L, 10L)))));
  }

  @Test
  void seedsMayBeListed() {
    assertThat(read("seeds = [7, 3]").sweep().seeds()).isEqualTo(List.of(7L, 3L));
    assertThat(read("seeds = []", "training.seed=9").sweep().seeds()).isEqualTo(List.of(9L));
  }

  @Test
  void validationIsHeldOutUnlessTheFileSaysOtherwise() {
    assertThat(read("").base().validationExamples()).isEqualTo(10_000);
    assertThat(read("", "dataset.name=mnist-sample").base().validationExamples()).isEqualTo(333);
    assertThat(read("", "dataset.validation-examples=5").base().validationExamples()).isEqualTo(5);
    assertThat(
            read("rank-by = test-accuracy", "dataset.validation-examples=0")
                .base()
                .validationExamples())
        .isZero();
  }

  @Test
  void severalGoalsKeepTheirOrder() {
    assertThat(read("rank-by = [cpu-seconds, validation-accuracy]").sweep().goals())
        .containsExactly(Goal.CPU_SECONDS, Goal.VALIDATION_ACCURACY);
    assertThat(
            read(
                    "rank-by = validation-forgetting",
                    "stream.kind=class-incremental",
                    "stream.tasks=5")
                .sweep()
                .goals())
        .containsExactly(Goal.VALIDATION_FORGETTING);
    assertThat(
            read("rank-by = backward-transfer, parameters.stream.kind = [iid, class-incremental]")
                .sweep()
                .goals())
        .containsExactly(Goal.BACKWARD_TRANSFER);
  }

  @Test
  void rungsFollowFromEpochs() {
    assertThat(read("halving.min-epochs = 2", "training.epochs=18").sweep().halving().rungs())
        .isEqualTo(List.of(2, 6, 18));
    assertThat(read("halving.rungs = [1, 3, 9]").sweep().halving().rungs())
        .isEqualTo(List.of(1, 3, 9, 10));
    assertThat(read("", "training.epochs=1").sweep().halving().rungs()).isEqualTo(List.of(1));
  }

  @Test
  void rankingByValidationNeedsSome() {
    assertThat(faults("", "dataset.validation-examples=0"))
        .singleElement()
        .asString()
        .contains("dataset.validation-examples = 0 (--set): must be above 0");
    assertThat(faults("search = halving, rank-by = test-accuracy", "dataset.validation-examples=0"))
        .singleElement()
        .asString()
        .contains("halving");
  }

  @Test
  void whatASweepHoldsOutByDefaultIsSaidWhereItIsTooMuch() {
    assertThat(read("", "dataset.directory=/data").base().unfit(TestData.sample()))
        .singleElement()
        .asString()
        .contains(
            "validation-examples = 10000 (default of a sweep): must leave",
            "the 2000 of dataset",
            "; set dataset.validation-examples");
  }

  @Test
  void aFileWhoseNameIsNoNameMustGiveOne() {
    assertThatThrownBy(() -> readFile("a b.conf", "grlu.sweep.seeds = 2"))
        .hasMessageContaining("sweep.name = a b (the file's name)");
    assertThat(readFile("a b.conf", "grlu.sweep.name = c").sweep().name()).isEqualTo("c");
  }

  @Test
  void aSweepIsNoTrialAndATrialNoSweep() throws IOException {
    Path sweep = Files.writeString(folder.resolve("s.conf"), "grlu.sweep.seeds = 2");
    assertThatThrownBy(() -> ConfigReader.read(sweep, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("s.conf: 1")
        .hasMessageContaining("this is a sweep")
        .hasMessageNotContaining("\n");
    Path trial = Files.writeString(folder.resolve("t.conf"), "grlu.training.epochs = 2");
    assertThatThrownBy(() -> ConfigReader.sweep(trial, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("t.conf: not a sweep")
        .hasMessageNotContaining("\n");
    assertThat(ConfigReader.open(sweep, List.of()).holdsSweep()).isTrue();
    assertThat(ConfigReader.open(trial, List.of()).holdsSweep()).isFalse();
  }

  @Test
  void whatIsRenderedReadsBack() throws IOException {
    SweepFile file =
        read(
            """
            search = random, seeds = [4, 5]
            parameters {
              form = [{ name = a, network.layers = [784, 9, 10] }, { name = b, rule.gate = active }]
              rule.perturbations { log-uniform = [1, 9] }
            }
            when = [{ parameter = rule.perturbations, only-if { rule.gate = active } }]
            budget.trials = 5
            """,
            "dataset.name=mnist-sample");
    SweepFile back = readFile("resolved.conf", file.render());
    assertThat(back.base().values()).isEqualTo(file.base().values());
    assertThat(back.sweep().name()).isEqualTo("a_1-b");
    assertThat(back.sweep().seeds()).isEqualTo(file.sweep().seeds());
    assertThat(back.sweep().whens()).isEqualTo(file.sweep().whens());
    assertThat(back.sweep().budget()).isEqualTo(file.sweep().budget());
    assertThat(back.sweep().parameters().stream().map(Parameter::space))
        .containsExactlyInAnyOrderElementsOf(
            file.sweep().parameters().stream().map(Parameter::space).toList());
  }
}
