package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.grlu.reports.Column;
import org.grlu.reports.Goal;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Sample;
import org.grlu.reports.Schema;
import org.grlu.reports.SweepDescription;
import org.grlu.reports.SweepReport;
import org.grlu.reports.Tables;
import org.grlu.reports.TrialStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the terminal calls the best is what the report ranks first. */
class SweepStateTest {
  private static final List<Long> SEEDS = List.of(1L, 2L, 3L);
  private static final Schema SCHEMA =
      Tables.trials(List.of(Column.optional("training_seed", Column.Type.LONG)));

  @TempDir private Path folder;
  private final List<PlannedTrial> plan = new ArrayList<>();
  private SweepState state;
  private final List<Object[]> rows = new ArrayList<>();

  private void settings(String... ids) {
    plan.clear();
    rows.clear();
    for (String id : ids) {
      SEEDS.forEach(
          seed -> plan.add(new PlannedTrial(id + seed, id, seed, Map.of("setting", id), null, 1)));
    }
    state = new SweepState(plan, List.of(Goal.VALIDATION_ACCURACY));
  }

  private PlannedTrial trial(String setting, long seed) {
    return plan.stream().filter(t -> t.trialId().equals(setting + seed)).findFirst().orElseThrow();
  }

  /** A trial's end, for both. */
  private void end(String setting, long seed, String word, int epochs, Double accuracy) {
    state.put(
        trial(setting, seed),
        new RecordedEnd(TrialStatus.of(word), epochs, Arrays.asList(accuracy)));
    row(setting, seed, word, epochs, accuracy);
  }

  private void row(String setting, long seed, String word, int epochs, Double accuracy) {
    Map<String, Object> row = new HashMap<>();
    row.put("trial_id", setting + seed);
    row.put("setting_id", setting);
    row.put("training_seed", seed);
    row.put("status", word);
    row.put("epochs_done", epochs);
    row.put("validation_accuracy", accuracy);
    rows.add(
        SCHEMA.columns().stream()
            .map(c -> row.getOrDefault(c.name(), c.required() ? some(c.type()) : null))
            .toArray());
  }

  private static Object some(Column.Type type) {
    return switch (type) {
      case INT -> 1;
      case LONG -> 1L;
      case DOUBLE -> 1.0;
      case TIMESTAMP -> Instant.EPOCH;
      default -> "";
    };
  }

  /** The setting that the report ranks first; null where none is ranked. */
  private String first() throws IOException {
    SweepDescription description =
        new SweepDescription(
            "s",
            "grid",
            List.of(Goal.VALIDATION_ACCURACY),
            List.of(),
            SEEDS,
            plan.size(),
            plan.size(),
            1,
            "d",
            1,
            "",
            null,
            null);
    RunFolder sweep = RunFolder.at(folder.toString(), new Configuration());
    sweep.write(SweepDescription.FILE, description.toJson());
    sweep.table(RunFolder.TRIALS).replace(SCHEMA, rows);
    SweepReport report = SweepReport.of(sweep);
    try {
      return (String) report.winner(1).trial().get("setting_id");
    } catch (RuntimeException e) {
      // there is no such rank
      return null;
    }
  }

  private void bestIs(String setting) throws IOException {
    assertThat(state.best() == null ? null : state.best().settingId()).isEqualTo(setting);
    assertThat(first()).isEqualTo(setting);
  }

  @Test
  void nothingIsBestWithoutAResult() throws IOException {
    settings("a", "b");
    bestIs(null);
    end("a", 1, "diverged", 2, 0.9);
    end("b", 1, "failed", 0, null);
    bestIs(null);
  }

  @Test
  void aSettingWithOneSeedCanBeTheBest() throws IOException {
    settings("whole", "part");
    SEEDS.forEach(seed -> end("whole", seed, "done", 2, 0.1));
    end("part", 2, "done", 2, 0.9);
    bestIs("part");
    assertThat(state.best().reached().size()).isEqualTo(1);
    assertThat(state.best().reached().mean()).isEqualTo(0.9);
    assertThat(state.best().reached().low()).isNull();
  }

  @Test
  void moreEpochsAreAheadOnlyAmongThoseThatWait() throws IOException {
    settings("long", "short", "waits", "waits longer");
    end("waits", 1, "stopped", 1, 0.9);
    end("waits longer", 1, "stopped", 3, 0.2);
    bestIs("waits longer");
    end("long", 1, "done", 9, 0.3);
    bestIs("long");
    end("short", 1, "done", 2, 0.4);
    bestIs("short");
    end("short", 2, "diverged", 1, 0.1);
    bestIs("long");
    // it went on: its last end counts
    end("waits longer", 1, "done", 9, 0.95);
    bestIs("waits longer");
    assertThat(state.best().reached().mean()).isEqualTo(0.95);
  }

  @Test
  void aFailureThatIsTriedAgainCountsUntilItIsDone() throws IOException {
    settings("a", "b");
    end("a", 1, "done", 2, 0.5);
    end("b", 1, "done", 2, 0.4);
    row("a", 2, "diverged", 1, 0.9);
    state.rank(trial("a", 2), new RecordedEnd(TrialStatus.DIVERGED, 1, List.of(0.9)));
    assertThat(state.end("a2")).isNull();
    assertThat(state.count(TrialStatus.DIVERGED)).isZero();
    bestIs("b");
    // at a rung it is not over, and what stands in the table still counts
    end("a", 2, "stopped", 1, 0.9);
    bestIs("b");
    end("a", 2, "done", 2, 0.5);
    bestIs("a");
  }

  @Tag("slow")
  @Test
  void ofManyEndsBothSayTheSame() throws IOException {
    Random random = new Random(20_261_125);
    String[] words = {"done", "done", "stopped", "diverged", "failed", "none"};
    String[] ids = {"a", "b", "c", "d"};
    for (int round = 0; round < 60; round++) {
      settings(ids);
      for (String id : ids) {
        for (long seed : SEEDS) {
          String word = words[random.nextInt(words.length)];
          if (!word.equals("none")) {
            // from so few that some are the same
            Double accuracy = word.equals("failed") ? null : (Double) (random.nextInt(3) * 0.1);
            end(id, seed, word, 1 + random.nextInt(3), accuracy);
          }
        }
      }
      bestIs(first());
    }
  }

  @Test
  void jsonHasTheIntervalAndTheDeviationByName() {
    Sample three = Sample.of(new double[] {0.94, 0.95, 0.96});
    SweepProgress.Best best =
        new SweepProgress.Best("id", Map.of(), Goal.VALIDATION_ACCURACY, three);
    Object summary = new SweepProgress(3, 0, 0, 0, 0, 0, best, 0).summary().get("best");
    assertThat(summary)
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("mean", three.mean())
        .containsEntry("deviation", three.deviation())
        .containsEntry("low", three.low())
        .containsEntry("high", three.high())
        .containsEntry("seeds", 3L);
  }

  @Test
  void theFirstThatAreSettledHaveAllTheirSeeds() {
    settings("a", "b", "c");
    for (long seed : SEEDS) {
      end("b", seed, "done", 5, 0.7);
      assertThat(state.settled("b")).isEqualTo(seed == 3);
    }
    end("a", 1, "done", 5, 0.9);
    end("c", 1, "failed", 1, null);
    assertThat(state.first(2)).containsExactly("a", "b");
    assertThat(state.firstSettled(2)).containsExactly("b");
    end("a", 2, "done", 5, 0.9);
    end("a", 3, "failed", 1, null);
    assertThat(state.firstSettled(2)).containsExactly("a", "b");
    assertThat(state.firstSettled(1)).containsExactly("a");
    assertThat(state.trials("a")).containsExactly("a1", "a2", "a3");
    end("c", 2, "stopped", 2, 0.95);
    end("c", 3, "done", 5, 0.95);
    assertThat(state.settled("c")).isFalse();
  }
}
