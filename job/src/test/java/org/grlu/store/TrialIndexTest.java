package org.grlu.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.SweepFile;
import org.grlu.reports.Goal;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.TrialStatus;
import org.grlu.sweep.ExpectedCost;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Search;
import org.grlu.sweep.SweepPlan;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cost;
import org.grlu.training.EpochMetrics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four trials of a sweep by halving, of which two go on at the first rung and one at the second.
 */
class TrialIndexTest {
  @TempDir private Path folder;
  private SweepFile file;
  private SweepPlan plan;
  private Schema schema;
  private RunFolder mine;
  private RunFolder theirs;
  private PastCosts costs;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void plan() throws IOException {
    Path conf = folder.resolve("mine.conf");
    Files.writeString(
        conf,
        """
        grlu {
          dataset.name = mnist-sample
          training.epochs = 4
          report.directory = %s
          sweep {
            search = halving
            settings = 4
            seeds = 1
            halving { rungs = [1, 2], factor = 2 }
            parameters { rule.hidden-noise { log-uniform = [0.5, 2] } }
          }
        }
        """
            .formatted(Json.of(folder.toString())));
    file = ConfigReader.sweep(conf, List.of());
    plan = SweepPlan.of(file, TestData.sample());
    schema = RunRows.trialSchema(file.base());
    mine = sweep("mine");
    theirs = sweep("theirs");
    String data = TestData.sample().sha256();
    costs = new PastCosts(file.base(), data, new ExpectedCost(TestData.sample()));
  }

  private RunFolder sweep(String name) throws IOException {
    return RunFolder.in(folder.toString(), "sweeps/" + name, new Configuration());
  }

  private String id(int trial) {
    return plan.trials().get(trial).trialId();
  }

  /** The same sweep, of a file that asks for diagnostics. */
  private void askForDiagnostics() throws IOException {
    file = ConfigReader.sweep(folder.resolve("mine.conf"), List.of("report.diagnostics=epoch"));
    plan = SweepPlan.of(file, TestData.sample());
  }

  @Test
  void whatLacksTheDiagnosticsThatAreAskedForIsNotKnown() throws IOException {
    end(mine, 0, TrialStatus.DONE, 4);
    end(mine, 1, TrialStatus.STOPPED, 1);
    end(mine, 2, TrialStatus.DIVERGED, 1);
    end(theirs, 3, TrialStatus.DONE, 4);
    assertThat(planned().over()).containsExactlyInAnyOrder(id(0), id(2), id(3));
    List<String> ids = List.of(id(0), id(1), id(2), id(3));
    askForDiagnostics();
    assertThat(List.of(id(0), id(1), id(2), id(3))).isEqualTo(ids);
    assertThat(planned().over()).containsExactly(id(2));
    TrialIndex index = opened();
    index.copyFromOthers(schema, said::add);
    assertThat(said).isEmpty();
    assertThat(index.ends().keySet()).containsExactly(id(2));
    assertThat(index.undiagnosed().keySet()).containsExactlyInAnyOrder(id(0), id(1), id(3));
    assertThat(index.undiagnosed().get(id(1)))
        .singleElement()
        .satisfies(known -> assertThat(known.end().epochs()).isEqualTo(1));
    // the rows of those that have them count, whatever stands there too
    end(mine, 0, TrialStatus.STOPPED, 1);
    end(theirs, 3, TrialStatus.DONE, 4);
    TrialIndex again = opened();
    again.copyFromOthers(schema, said::add);
    assertThat(again.ends().get(id(0)).status()).isEqualTo(TrialStatus.STOPPED);
    assertThat(again.ends().get(id(3)).status()).isEqualTo(TrialStatus.DONE);
  }

  /** A trial's row and its epochs, with an accuracy that rises with the trial's number. */
  private void end(RunFolder sweep, int number, TrialStatus status, int epochs, String data)
      throws IOException {
    PlannedTrial trial = plan.trials().get(number);
    double accuracy = 0.2 + 0.1 * number;
    List<EpochMetrics> metrics =
        IntStream.rangeClosed(1, epochs).mapToObj(epoch -> metrics(epoch, accuracy)).toList();
    TrialOutcome outcome =
        new TrialOutcome(status, null, null, null, metrics, Cost.NONE, "none", "none");
    RunRows.Origin origin =
        new RunRows.Origin(
            trial.trialId(), trial.settingId(), data, "s", null, Instant.EPOCH, "none");
    sweep
        .table(RunFolder.EPOCHS)
        .append(RunRows.epochSchema(), RunRows.epochs(id(number), metrics));
    sweep
        .table(RunFolder.TRIALS)
        .append(schema, List.<Object[]>of(RunRows.trial(origin, trial.settings(), outcome)));
  }

  private static EpochMetrics metrics(int epoch, double validationAccuracy) {
    EpochMetrics metrics = EpochMetrics.of(TestData.epochEnd(epoch, 1));
    Map<String, List<Double>> numbers = new LinkedHashMap<>(metrics.numbers());
    numbers.put("validation_accuracy", List.of(validationAccuracy));
    numbers.put("cpu_seconds", List.of(0.1));
    return new EpochMetrics(numbers);
  }

  private void end(RunFolder sweep, int number, TrialStatus status, int epochs) throws IOException {
    end(sweep, number, status, epochs, TestData.sample().sha256());
  }

  private Search search() {
    return Search.of(file, TestData.sample());
  }

  private TrialIndex planned() throws IOException {
    return TrialIndex.of(file, search(), costs, said::add);
  }

  private TrialIndex opened() throws IOException {
    TrialIndex index =
        new TrialIndex(
            mine,
            List.of(mine, theirs),
            search(),
            List.of(Goal.VALIDATION_ACCURACY, Goal.TEST_ACCURACY));
    index.read();
    return index;
  }

  @Test
  void whereNothingIsKnownAllBegin() throws IOException {
    TrialIndex index = planned();
    assertThat(index.over()).isEmpty();
    assertThat(index.failed()).isZero();
    assertThat(index.next()).containsExactlyInAnyOrder(id(0), id(1), id(2), id(3));
    assertThat(folder.resolve("sweeps")).doesNotExist();
  }

  @Test
  void aPlanKnowsWhatIsOverAnywhereAndWhatThisSweepDoesNext() throws IOException {
    for (int i = 0; i < 4; i++) {
      end(mine, i, TrialStatus.STOPPED, 1);
    }
    end(mine, 0, TrialStatus.DIVERGED, 2);
    end(theirs, 1, TrialStatus.DONE, 4);
    end(theirs, 2, TrialStatus.FAILED, 1);
    end(theirs, 3, TrialStatus.DONE, 4, "another");
    TrialIndex index = planned();
    // from now on no table is asked any more
    mine.delete(RunFolder.TRIALS);
    theirs.delete(RunFolder.TRIALS);
    assertThat(index.over()).containsExactlyInAnyOrder(id(0), id(1), id(2), id(3));
    assertThat(index.failed()).isEqualTo(2);
    assertThat(costs.ofOtherData()).isEqualTo(1);
    assertThat(index.epochs(id(0))).isEqualTo(2);
    assertThat(index.epochs(id(1))).isEqualTo(1);
    // the two best at the first rung, though they are over elsewhere
    assertThat(index.next()).containsExactlyInAnyOrder(id(2), id(3));
    assertThat(said).isEmpty();
  }

  @Test
  void aRunCopiesWhatIsOverElsewhereAndDecidesByIt() throws IOException {
    end(mine, 0, TrialStatus.FAILED, 1);
    end(mine, 1, TrialStatus.STOPPED, 1);
    end(theirs, 0, TrialStatus.DIVERGED, 3);
    end(theirs, 1, TrialStatus.DONE, 4);
    end(theirs, 2, TrialStatus.STOPPED, 2);
    end(theirs, 3, TrialStatus.STOPPED, 1);
    end(theirs, 3, TrialStatus.DONE, 4);
    TrialIndex index = opened();
    assertThat(index.ends().keySet()).isEqualTo(Set.of(id(0), id(1)));
    index.copyFromOthers(schema, said::add);
    assertThat(said).containsExactly("2 trials are known from other sweeps");
    assertThat(index.ends().get(id(0)))
        .isEqualTo(new RecordedEnd(TrialStatus.FAILED, 1, List.of(0.2, 0.5)));
    assertThat(index.ends().get(id(1)).status()).isEqualTo(TrialStatus.DONE);
    assertThat(index.ends().get(id(3)).epochs()).isEqualTo(4);
    Set<Object> rows = new HashSet<>();
    mine.table(RunFolder.TRIALS).each(row -> rows.add(row.get("trial_id")), "trial_id");
    assertThat(rows).isEqualTo(Set.of(id(0), id(1), id(3)));
    // what waits elsewhere is not known here
    assertThat(index.next()).containsExactly(id(2));
    end(mine, 2, TrialStatus.STOPPED, 1);
    TrialIndex again = opened();
    again.copyFromOthers(schema, said::add);
    assertThat(said).hasSize(1);
    // 3 and 2 go on from the first rung, and 3 is over
    assertThat(again.next()).containsExactly(id(2));
  }
}
