package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.Gate;
import org.grlu.rule.LearningRule;
import org.grlu.spark.TrialWork;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cosine;
import org.grlu.training.Schedule;
import org.grlu.training.TrainingSettings;
import org.grlu.training.TrialSettings;

/** Trials by id, and what came of them. */
public final class SomeTrials implements SweepLoop.Trials {
  final Map<String, TrialSettings> settings = new LinkedHashMap<>();
  final Map<String, byte[]> checkpoints = new LinkedHashMap<>();
  final Map<String, TrialEnd> ends = new LinkedHashMap<>();
  final List<String> submitted = new ArrayList<>();
  final List<String> ended = new ArrayList<>();
  int largestJob;
  long jobs;
  double maxMinutes;
  Runnable onTick = () -> {};
  private final Dataset digits;

  SomeTrials(Dataset digits) {
    this.digits = digits;
  }

  public static TrialSettings settings(LearningRule rule, int epochs, double rate, long seed) {
    TrainingSettings training =
        new TrainingSettings(
            epochs, 4, new Cosine(rate, 0), new Cosine(0.1, 0), Schedule.PER_STEP, seed);
    return new TrialSettings(
        TestData.relu(Skip.NONE, 784, 8, 10), PixelScale.MNIST, rule, training);
  }

  public static TrialSettings small(int epochs, long seed) {
    return settings(TestData.grlu(2, NoiseKind.GAUSSIAN, Gate.NONE), epochs, 0.1, seed);
  }

  @Override
  public TrialWork work(SweepLoop.Item item) {
    submitted.add(item.id());
    return new TrialWork(
        item.id(), settings.get(item.id()), checkpoints.get(item.id()), item.until(), maxMinutes);
  }

  @Override
  public Dataset dataset(SweepLoop.Item item) {
    return digits;
  }

  @Override
  public String description(List<SweepLoop.Item> items) {
    jobs++;
    largestJob = Math.max(largestJob, items.size());
    return "trials " + items;
  }

  @Override
  public void ended(SweepLoop.Item item, TrialEnd end) {
    assertThat(ends.put(item.id(), end)).as(item.id()).isNull();
    ended.add(item.id());
  }

  @Override
  public void tick(SweepLoop loop) {
    onTick.run();
  }

  TrialOutcome outcome(String id) {
    return ends.get(id).outcome();
  }
}
