package org.grlu;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.network.Activation;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.Hebbian;
import org.grlu.rule.LearnedFeedback;
import org.grlu.rule.StepSettings;
import org.grlu.training.Diagnosis;
import org.grlu.training.EpochEnd;
import org.grlu.training.EpochMetrics;
import org.grlu.training.Evaluation;
import org.grlu.training.Retention;
import org.grlu.training.StepTimes;

/** Inputs that several tests share. */
public final class TestData {
  private static final Dataset SAMPLE = Datasets.sample();

  private TestData() {}

  /** The digits that come with the program. */
  public static Dataset sample() {
    return SAMPLE;
  }

  /** Standard normal numbers. */
  public static float[] normals(long seed, int n) {
    Random random = new Random(seed);
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = (float) random.nextGaussian();
    }
    return out;
  }

  public static NetworkShape relu(Skip skip, Integer... layers) {
    return new NetworkShape(List.of(layers), Activation.RELU, 0.5, skip);
  }

  public static NetworkShape topK(double k, Skip skip, Integer... layers) {
    return new NetworkShape(List.of(layers), Activation.TOP_K, k, skip);
  }

  public static Grlu grlu(int perturbations, NoiseKind noise, Gate gate) {
    return new Grlu(perturbations, noise, gate, 1, 1, false);
  }

  /** Learned feedback with rates at which it learns. */
  public static LearnedFeedback learned(int perturbations, LearnedFeedback.Teacher teacher) {
    return new LearnedFeedback(
        perturbations,
        NoiseKind.GAUSSIAN,
        teacher,
        false,
        LearnedFeedback.Norm.ALL,
        false,
        0.5,
        1,
        0.2);
  }

  public static Hebbian hebbian(Hebbian.Variant variant) {
    return new Hebbian(variant, NoiseKind.GAUSSIAN, 1, 1);
  }

  /** The first digits of the sample. */
  public static InputBatch digits(NetworkShape shape, int count) {
    InputBatch batch = new InputBatch(shape, PixelScale.MNIST);
    batch.load(SAMPLE.train(), IntStream.range(0, count).toArray(), 0, count);
    return batch;
  }

  /** What is at hand after some epoch: accuracies of a half, no layer silent. */
  public static EpochEnd epochEnd(int epoch, int hiddenLayers) {
    List<Double> zeros = Collections.nCopies(hiddenLayers, 0.0);
    Evaluation.Result half = new Evaluation.Result(2, 1, zeros, zeros);
    return new EpochEnd(
        epoch,
        new StepSettings(0, 0.1, 0.1),
        -1,
        half,
        new Evaluation.Result(0, 0, List.of(), List.of()),
        half,
        half,
        10,
        20,
        1,
        1,
        StepTimes.NONE,
        Diagnosis.none(hiddenLayers + 1),
        Map.of(),
        new Weights(relu(Skip.NONE, 2, 2)),
        SAMPLE,
        Retention.NONE,
        Retention.NONE,
        Double.NaN,
        Double.NaN);
  }

  /** What of an epoch does not depend on the clock. */
  public static Map<String, List<Double>> withoutSeconds(EpochMetrics metrics) {
    Map<String, List<Double>> numbers = new HashMap<>(metrics.numbers());
    numbers.keySet().removeAll(List.of("cpu_seconds", "wall_seconds", "diagnostics_cpu_seconds"));
    return numbers;
  }
}
