package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a sweep's file is said in words. */
class SweepFaultsTest extends SweepFiles {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "parameters.v = [{ name = null }]",
        "parameters.v = [{ name = null }, { name = null }]",
        "parameters.v = [{ name = null, network.k = 0.5 }, { network = null }]",
        "parameters.rule.gate = [null]",
        "parameters.rule.gate = [none, null]",
        "parameters.rule.gate = null",
        "parameters.rule.gate { choice = null }",
        "parameters.rule.gate { choice = [null] }",
        "parameters.training.epochs { range = [null, 1, 1] }",
        "search = random, parameters.network.k { uniform = [null, 1] }",
        "parameters = null",
        "seeds = null",
        "seeds = [null]",
        "when = null",
        "when = [null]",
        "when = [{ parameter = null, only-if { rule.gate = none } }]",
        "parameters.network.k = [1], when = [{ parameter = network.k, only-if = null }]",
        "parameters.network.k = [1], when = [{ parameter = network.k, only-if { rule.gate = null } }]",
        "parameters.network.k = [1], when = [{ parameter = network.k, only-if { rule.gate = [null] } }]",
        "halving.rungs = [null]",
        "halving.rungs = null",
        "name = null",
        "settings = null",
        "rank-by = null",
        "nothing = null"
      })
  void nullIsRefusedInWords(String sweep) {
    assertThat(faults(sweep)).isNotEmpty().allMatch(line -> line.contains("("));
  }

  @Test
  void aSweepThatIsNoFileNeedsAName() {
    ConfigReader reader =
        ConfigReader.open(Path.of("/dev/null"), List.of("sweep.parameters={}", "sweep.name="));
    assertThatThrownBy(reader::sweep)
        .isInstanceOf(ConfigException.class)
        .hasMessage("sweep.name (default): must be given, since /dev/null is not a regular file");
    assertThat(
            ConfigReader.sweep(
                    Path.of("/dev/null"), List.of("sweep.parameters={}", "sweep.name=piped"))
                .sweep()
                .name())
        .isEqualTo("piped");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name = \"a b\" | sweep.name = a b (",
        "search = bayes | must be a string, grid or random or halving or tpe",
        "rank-by = train-accuracy | must be one of validation-accuracy, test-accuracy, validation-average-accuracy",
        "rank-by = [] | or a list of different ones",
        "rank-by = [test-accuracy, test-accuracy] | or a list of different ones",
        "rank-by = [cpu-seconds, 3] | sweep.rank-by = [cpu-seconds, 3] (",
        "rank-by = forgetting | must be without forgetting where stream.kind = iid, which has no tasks",
        "search = tpe, rank-by = [test-accuracy, cpu-seconds] | must be without cpu-seconds where sweep.search = tpe",
        "settings = 0 | sweep.settings = 0",
        "seeds = 0 | sweep.seeds = 0",
        "budget = 5 | sweep.budget = 5 (",
        "budget = null | sweep.budget = null (",
        "budget = [] | must be a block of trials, wall-minutes, core-minutes, failures",
        "halving = 3 | sweep.halving = 3 (",
        "halving = null | must be a block of rungs, min-epochs, factor, early-seeds",
        "seeds = [1, 2, 1] | must be different seeds, but 1 is there twice",
        "seeds { a = 1 } | a list of whole numbers, or how many",
        "seeds = [1.5] | a list of whole numbers, or how many",
        "seed = 3 | the nearest is grlu.sweep.seeds",
        "budget.wal-minutes = 3 | the nearest is grlu.sweep.budget.wall-minutes",
        "budget.failures = -1 | sweep.budget.failures = -1",
        "halving.rungs = [3, 1] | ascending",
        "search = tpe, settings = 5001 | must be at most 5000 where sweep.search = tpe",
        "search = random, stop.target = 0.9 | 0 but where sweep.search = tpe",
        "stop.patience = 1 | 0 but where sweep.search = tpe",
        "search = tpe, stop.target = 1.5 | must be a number, from 0 to 1",
        "search = tpe, generation = 0 | must be a whole number, 1 to 1000000",
        "search = tpe, tpe.startup = 0 | must be a whole number, 1 to 1000000",
        "search = halving, halving.rungs = [1, 11] | at most training.epochs, which is 10",
        "search = halving, seeds = 3, halving.early-seeds = 4 | at most the number of sweep.seeds, which is 3",
        "search = halving, parameters.training.epochs = [1, 2] | one value where sweep.search = halving",
        "search = halving, halving.min-epochs = 10 | below training.epochs, which is 10",
        "parameters = 3 | sweep.parameters = 3",
        "parameters.network.layers = [784, 8, 10] | network.layers = [784, 8, 10] (",
        "parameters.network.layers = [784, 8, 10] | a list of values, each of which is a list of whole",
        "parameters.rule.perturbations = 3 | sweep.parameters.rule.perturbations = 3 (",
        "parameters.rule.perturbations = [] | at least one value",
        "parameters.rule.perturbations = [0] | rule.perturbations = 0 (",
        "parameters.rule.perturbation = [1] | the nearest is rule.perturbations",
        "parameters.rule.perturbations { rang = [1, 2, 1] } | must be a list of values, or one of",
        "parameters.rule.perturbations { range = [1, 2, 0] } | step > 0",
        "parameters.rule.perturbations { range = [1, 2, 0.5] } | must be a whole number",
        "parameters.network.k { range = [0.1, 0.9, 1e-9] } | at most 100000 values",
        "parameters.rule.gate { range = [1, 2, 1] } | none or active",
        "parameters.rule.perturbations { uniform = [1, 9] } | where sweep.search = grid",
        "search = random, parameters.network.k { uniform = [0, 1] } | above 0, at most 1",
        "search = random, parameters.network.k { uniform = [0.5, 0.2] } | with from < to",
        "search = random, parameters.rule.hidden-noise { log-uniform = [0, 1] } | above 0",
        "search = random, parameters.network.k { uniform = [0.1, x] } | [from, to]",
        "parameters.training.seed = [1, 2] | seeds are given as sweep.seeds",
        "parameters.report.directory = [a, b] | one value for the whole sweep",
        "parameters.dataset.validation-examples = [1, 2] | one value for the whole sweep",
        "parameters.form = [{ name = 1, rule.gate = none }, { name = \"1\", rule.gate = active }] | form.name = 1 (",
        "parameters.form = [{ name = a }, { name = a, rule.gate = active }] | must be a name that no other variant of it has",
        "parameters.form = [{}] | an object that sets configuration keys",
        "parameters.form = [{ rule.gates = none }] | the nearest is rule.gate",
        "parameters.form = [{ rule.gate = maybe }] | rule.gate = maybe",
        "parameters { a = [{ rule.gate = none }], rule.gate = [active] } | must be set by one parameter",
        "when = 3 | sweep.when = 3",
        "when { parameter = rule.gate, only-if { rule.name = grlu } } | a list of { parameter = ...",
        "parameters.rule.gate = [none], when = [{ parameter = rule.gate, only-if { rule.name = [] } }] | rule.name = [] (",
        "when = [{ parameter = rule.gate }] | { parameter = ..., only-if { ... } }",
        "parameters.rule.gate = [none], when = [{ parameter = rule.gat, only-if { rule.name = grlu } }] | one of [rule.gate]",
        "parameters.rule.gate = [none], when = [{ parameter = rule.gate, only-if { rule.nam = grlu } }] | the nearest is rule.name",
        "parameters.rule.gate = [none], when = [{ parameter = rule.gate, only-if { rule.name = [bp] } }] | rule.name = bp"
      })
  void whatIsWrongIsSaid(String sweep, String said) {
    assertThat(faults(sweep)).singleElement().asString().contains(said);
  }

  @Test
  void everyFaultNamesItsPlaceAndAllAreSaidAtOnce() {
    List<String> faults =
        faults(
            "\nseeds = 0\nsettings = x\nparameters.rule.gate = [all, none, most]",
            "training.epochs=0",
            "sweep.seds=3");
    assertThat(faults).hasSize(3);
    assertThat(faults).anyMatch(line -> line.contains("training.epochs = 0 (--set)"));
    assertThat(faults).anyMatch(line -> line.contains("a_1-b.conf: 4"));
    assertThat(faults("\nseeds = 0\nparameters.rule.gate = [all, none, most]"))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("sweep.seeds = 0") && line.contains("a_1-b.conf: 3"))
        .anyMatch(line -> line.startsWith("rule.gate = all") && line.contains("a_1-b.conf: 4"));
  }
}
