package org.grlu.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.network.Activation;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.noise.Permutation;
import org.grlu.rule.Fold;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.LearningRule;
import org.grlu.spark.SteppedEngine;
import org.grlu.training.Cosine;
import org.grlu.training.LocalEngine;
import org.grlu.training.Schedule;
import org.grlu.training.StepEngine;
import org.grlu.training.StepTimes;
import org.grlu.training.TrainingSettings;
import org.grlu.training.TrialSettings;

/**
 * What a step of 784-256-10 costs, by the code that trains: stepped on the cluster at hand, beside
 * the same steps in one thread of the driver. Medians after a warm-up.
 */
public final class SteppedBenchmark {
  private static final NetworkShape SHAPE =
      new NetworkShape(List.of(784, 256, 10), Activation.RELU, 0.5, Skip.NONE);

  private final JavaSparkContext spark;
  private final LabelledImages images;
  private final double seconds;

  /**
   * @param images to train on
   * @param seconds of measuring each case; as long is spent on warming up
   */
  public SteppedBenchmark(JavaSparkContext spark, LabelledImages images, double seconds) {
    this.spark = spark;
    this.images = images;
    this.seconds = seconds;
  }

  /**
   * Measures one case.
   *
   * @param batch examples in a step
   * @param perturbations of each; 0 for a rule that computes nothing
   * @param shards tasks of a step, 0 for the slots of the cluster
   * @return the case and its figures, by name
   */
  public Map<String, Object> measure(int batch, int perturbations, int shards) {
    LearningRule rule =
        perturbations == 0
            ? new IdleRule()
            : new Grlu(perturbations, NoiseKind.GAUSSIAN, Gate.ACTIVE, 1, 1, false);
    Cosine small = new Cosine(1e-4, 1e-4);
    TrainingSettings training =
        new TrainingSettings(1, batch, small, new Cosine(0.1, 0.1), Schedule.PER_EPOCH, 42);
    TrialSettings settings = new TrialSettings(SHAPE, PixelScale.MNIST, rule, training);
    Map<String, Object> figures = new LinkedHashMap<>();
    Weights weights = Weights.initial(SHAPE, 42);
    Arena memory = weights.memory();
    try (SteppedEngine engine =
        new SteppedEngine(
            spark, "bench", settings, memory, images, shards, Fold.AUTO, line -> {})) {
      figures.put("batch_size", (long) batch);
      figures.put("perturbations", (long) perturbations);
      steps(settings, engine, weights);
      figures.put("shards", (long) engine.shards());
      engine.takeTimes();
      figures.put("steps", (long) steps(settings, engine, weights));
      StepTimes times = engine.takeTimes();
      figures.put("step_millis", times.step());
      figures.put("broadcast_millis", times.broadcast());
      figures.put("schedule_millis", times.schedule());
      figures.put("compute_millis", times.compute());
      figures.put("fold_millis", times.fold());
      figures.put("bytes_per_step", times.bytesPerStep());
    }
    if (perturbations > 0) {
      LocalEngine local = new LocalEngine(settings, images, memory);
      steps(settings, local, weights);
      long start = System.nanoTime();
      int steps = steps(settings, local, weights);
      figures.put("task_step_millis", (System.nanoTime() - start) * 1e-6 / steps);
    }
    return figures;
  }

  /** Steps for the time of one case; how many they were. */
  private int steps(TrialSettings settings, StepEngine engine, Weights weights) {
    int[] order = Permutation.of(1, images.size());
    int perEpoch = settings.stepsPerEpoch(images.size());
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int step = 0;
    while (System.nanoTime() < end) {
      int inEpoch = step++ % perEpoch;
      int from = inEpoch * settings.training().batchSize();
      engine.step(settings.step(0, inEpoch, perEpoch), order, from, weights);
    }
    return step;
  }
}
