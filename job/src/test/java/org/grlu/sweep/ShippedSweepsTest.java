package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.grlu.config.ConfigReader;
import org.grlu.config.SearchKind;
import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.reports.Goal;
import org.junit.jupiter.api.Test;

/** The sweeps in {@code conf/sweeps} are what their first lines say. */
class ShippedSweepsTest {
  private static final Path FOLDER = Path.of("../conf/sweeps");
  private static final Pattern TRIALS = Pattern.compile("(\\d+) trials");

  private static LabelledImages blank(int count) {
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 10);
    }
    return new LabelledImages(28, 28, new byte[count * 784], labels);
  }

  /** As large as MNIST. */
  private static final Dataset BLANK =
      new Dataset("mnist", blank(60_000), blank(0), blank(10_000), 10, "ab".repeat(32));

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  @Test
  void eachPlansWithoutAFaultAsManyTrialsAsItSays() throws IOException {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(8);
    for (Path file : files()) {
      SweepFile sweep = ConfigReader.sweep(file, List.of());
      SweepPlan plan = SweepPlan.of(sweep, BLANK);
      assertThat(sweep.sweep().goals()).as(file.toString()).noneMatch(Goal::onTest);
      assertThat(sweep.base().validationExamples()).isEqualTo(10_000);
      Matcher said = TRIALS.matcher(Files.readString(file));
      if (said.find()) {
        assertThat(plan.trials()).as(file.toString()).hasSize(Integer.parseInt(said.group(1)));
      }
      // by itself, or in variants
      assertThat(Files.readString(file)).as(file.toString()).contains("learning-rate.max =");
    }
  }

  @Test
  void allTogetherFitIntoSixHoursOnTwoCores() throws IOException {
    double hours = 0;
    for (Path file : files()) {
      SweepFile sweep = ConfigReader.sweep(file, List.of());
      Search search = Search.of(sweep, BLANK);
      List<PlannedTrial> trials = search.plan().trials();
      int seeds = sweep.sweep().seeds().size();
      List<Double> costs = new ArrayList<>();
      for (int i = 0; i < trials.size(); i += seeds) {
        costs.add(trials.get(i).expectedCost() * seeds);
      }
      double seconds =
          sweep.sweep().search() == SearchKind.HALVING
              ? new Halving(sweep.sweep().halving()).mostCost(costs, seeds)
              : costs.stream().mapToDouble(x -> x).sum()
                  * (costs.size() + search.toCome())
                  / costs.size();
      hours += seconds / 3600 / 2;
    }
    assertThat(hours).isBetween(0.5, 6.0);
  }
}
