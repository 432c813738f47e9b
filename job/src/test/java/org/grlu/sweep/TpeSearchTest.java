package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.grlu.TestData;
import org.grlu.noise.StreamKey;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.TrialStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TpeSearchTest {
  /** Of all kinds: log, uniform, whole, steps, words, variants, and one that not all have. */
  private static final String SPACE =
      """
      search = tpe, settings = 18, generation = 4, tpe.startup = 7, seeds = 2
      parameters {
        training.learning-rate.max { log-uniform = [0.001, 1] }
        rule.hidden-noise { uniform = [0.5, 2] }
        training.batch-size { uniform = [1, 64] }
        rule.perturbations = [1, 2, 4, 8]
        network.activation = [relu, top-k]
        network.k { uniform = [0.1, 0.9] }
        shape = [{ name = small, network.layers = [784, 4, 10] },
                 { name = deep, network.layers = [784, 4, 4, 10], network.skip = dense }]
        rule.gate = [none, active]
      }
      when = [{ parameter = rule.gate, only-if { network.skip = dense } }]
      """;

  private final Map<String, RecordedEnd> ends = new HashMap<>();
  private ToDoubleFunction<PlannedTrial> accuracy = TpeSearchTest::noisy;

  private static Search search(String sweep, String... sets) {
    return Search.of(Sweeps.file(sweep, sets), TestData.sample());
  }

  /** The best near a rate of 0.1 and many perturbations; another for each seed. */
  private static double noisy(PlannedTrial trial) {
    double rate = (double) trial.parameters().get("training.learning-rate.max");
    double perturbations = (long) trial.parameters().get("rule.perturbations");
    double noise = Uniforms.of(StreamKey.child(trial.seed(), trial.settingId().hashCode()));
    double off = Math.log10(rate) + 1;
    return 0.8 / (1 + off * off) + 0.01 * perturbations + 0.01 * noise;
  }

  private static RecordedEnd done(double accuracy) {
    return new RecordedEnd(TrialStatus.DONE, 10, List.of(accuracy));
  }

  private void end(PlannedTrial trial) {
    ends.put(trial.trialId(), done(accuracy.applyAsDouble(trial)));
  }

  private void toTheEnd(Search search) {
    while (!search.ask(ends::get).isEmpty()) {
      search.ask(ends::get).keySet().forEach(this::end);
    }
  }

  private static List<String> ids(Search search) {
    return search.plan().trials().stream().map(PlannedTrial::trialId).toList();
  }

  @Test
  void generationsFollowTheFirstDrawsOfARandomSearch() {
    Search search = search(SPACE);
    List<String> random = ids(search(SPACE, "sweep.search=random"));
    assertThat(ids(search)).hasSize(14).isEqualTo(random.subList(0, 14));
    assertThat(search.toCome()).isEqualTo(11);
    List<Integer> sizes = new ArrayList<>();
    while (!search.ask(ends::get).isEmpty()) {
      sizes.add(search.ask(ends::get).size());
      assertThat(search.ask(ends::get).values()).containsOnly(10);
      search.ask(ends::get).keySet().forEach(this::end);
    }
    assertThat(sizes).containsExactly(14, 8, 8, 6);
    assertThat(search.toCome()).isZero();
    assertThat(search.plan().settings()).isEqualTo(18);
    assertThat(search.plan().duplicates()).isZero();
    assertThat(ids(search)).doesNotHaveDuplicates().hasSize(36).isNotEqualTo(random);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aSearchThatIsKilledDecidesAsOneThatWasNot(long seed) {
    Search unharmed = search(SPACE);
    toTheEnd(unharmed);
    ends.clear();
    Random random = new Random(seed);
    for (int kill = 0; kill < 3; kill++) {
      Search search = search(SPACE);
      // some generations, and of the next some trials, whichever end first
      for (int generation = random.nextInt(2); generation >= 0; generation--) {
        List<PlannedTrial> asked = new ArrayList<>(search.ask(ends::get).keySet());
        Collections.shuffle(asked, random);
        int ended = generation > 0 ? asked.size() : random.nextInt(asked.size());
        asked.subList(0, ended).forEach(this::end);
        assertThat(ids(unharmed)).startsWith(ids(search).toArray(String[]::new));
      }
    }
    Search last = search(SPACE);
    toTheEnd(last);
    assertThat(ids(last)).isEqualTo(ids(unharmed));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 9})
  void aSearchThatIsExtendedDecidesAsOneThatAskedForAllAtOnce(int settings) {
    Search whole = search(SPACE);
    toTheEnd(whole);
    ends.clear();
    toTheEnd(search(SPACE, "sweep.settings=" + settings));
    assertThat(ends).hasSize(2 * settings);
    Search extended = search(SPACE);
    toTheEnd(extended);
    assertThat(ids(extended)).isEqualTo(ids(whole));
  }

  @Test
  void aTrialThatFailedOrDivergedCountsAsOneOfNoAccuracy() {
    accuracy = trial -> trial.seed() == 2 || noisy(trial) < 0.6 ? 0 : noisy(trial);
    Search zero = search(SPACE);
    toTheEnd(zero);
    ends.replaceAll(
        (id, end) -> {
          TrialStatus status = id.hashCode() % 2 == 0 ? TrialStatus.FAILED : TrialStatus.DIVERGED;
          return end.reached().get(0) > 0 ? end : new RecordedEnd(status, 3, List.of(0.99));
        });
    Search failed = search(SPACE);
    toTheEnd(failed);
    assertThat(ids(failed)).isEqualTo(ids(zero));
  }

  @Test
  void bySeveralGoalsItLearnsFromFronts() {
    // of 25 settings those of few passes, which are poor and cheap, are on the front too
    String both = "sweep.rank-by=[validation-accuracy,forward-passes]";
    Search search = search(SPACE, both);
    while (!search.ask(ends::get).isEmpty()) {
      search
          .ask(ends::get)
          .keySet()
          .forEach(
              trial -> {
                double passes = (long) trial.parameters().get("rule.perturbations");
                List<Double> reached = List.of(noisy(trial), 1e6 * passes);
                ends.put(trial.trialId(), new RecordedEnd(TrialStatus.DONE, 10, reached));
              });
    }
    List<String> two = ids(search);
    ends.clear();
    Search one = search(SPACE);
    toTheEnd(one);
    assertThat(two).startsWith(ids(one).subList(0, 14).toArray(String[]::new));
    assertThat(two).hasSize(36).isNotEqualTo(ids(one));
  }

  @Test
  void resultsMakeADifferenceAndThoseOfOneGenerationAreNotNeededForIt() {
    Search search = search(SPACE);
    toTheEnd(search);
    List<String> before = ids(search);
    ends.clear();
    accuracy = trial -> 1 - noisy(trial);
    Search other = search(SPACE);
    toTheEnd(other);
    assertThat(ids(other).subList(0, 14)).isEqualTo(before.subList(0, 14));
    assertThat(ids(other).subList(14, 22)).isNotEqualTo(before.subList(14, 22));
    assertThat(ids(search(SPACE, "sweep.search-seed=1"))).doesNotContainAnyElementsOf(before);
  }

  @Test
  void aParameterIsProposedWhereItHasAMeaning() {
    Search search = search(SPACE);
    toTheEnd(search);
    for (PlannedTrial trial : search.plan().trials()) {
      Map<String, Object> has = trial.parameters();
      assertThat(has.containsKey("network.k"))
          .isEqualTo("top-k".equals(has.get("network.activation")));
      assertThat(has.containsKey("rule.gate")).isEqualTo("deep".equals(has.get("shape")));
    }
  }

  @Test
  void itEndsWhereASmallSpaceHasNoMore() {
    String small =
        """
        search = tpe, settings = 100, generation = 3, tpe.startup = 3, seeds = 1
        parameters { rule.perturbations = [1, 2, 2], rule.gate = [none, active]
                     training.batch-size { uniform = [8, 10] } }
        """;
    accuracy = trial -> 0.1 * (long) trial.parameters().get("rule.perturbations");
    Search search = search(small);
    toTheEnd(search);
    assertThat(search.plan().settings()).isEqualTo(12);
    assertThat(search.toCome()).isZero();
    assertThat(ids(search)).doesNotHaveDuplicates();
  }

  @Test
  void itStopsAtItsTargetOrWithoutPatienceWhenAGenerationIsOver() {
    // settings by their number: the best is the tenth, in the second generation
    Search search = search(SPACE, "sweep.stop.target=0.9");
    accuracy =
        trial -> {
          int number = ids(search).indexOf(trial.trialId()) / 2;
          return number == 9 ? 0.9 : 0.1;
        };
    toTheEnd(search);
    assertThat(search.plan().settings()).isEqualTo(11);
    assertThat(search.toCome()).isZero();
    assertThat(search.ended()).contains("stop.target = 0.9 is reached");
    Search again = search(SPACE, "sweep.stop.target=0.9");
    assertThat(again.ended()).isEmpty();
    toTheEnd(again);
    assertThat(ids(again)).isEqualTo(ids(search));
    // the generation after the best one brings nothing better, and it is the first to do so
    Search patient = search(SPACE, "sweep.stop.patience=1");
    accuracy = trial -> 0.1;
    toTheEnd(patient);
    assertThat(patient.plan().settings()).isEqualTo(15);
    assertThat(patient.ended()).contains("stop.patience = 1 generations brought no better setting");
    assertThat(ids(patient).subList(0, 22)).isEqualTo(ids(search));
    // with more patience it goes on
    Search whole = search(SPACE, "sweep.stop.patience=3");
    toTheEnd(whole);
    assertThat(whole.plan().settings()).isEqualTo(18);
    assertThat(whole.ended()).isEmpty();
  }

  @Test
  void whatTheConfigurationRefusesIsSaidBeforeAnythingRuns() {
    List<String> faults =
        Sweeps.faults(
            """
            search = tpe, settings = 40, tpe.startup = 1
            parameters { network.layers = [[784, 10], [100, 10]] }
            """);
    assertThat(faults)
        .singleElement()
        .asString()
        .startsWith("network.layers = [100, 10]")
        .contains(" of 40 settings, first {network.layers=[100, 10]}");
  }
}
