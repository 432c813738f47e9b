package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.MixedNetworks;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.Activation;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.noise.StreamKey;
import org.grlu.rule.Adam;
import org.grlu.rule.Backprop;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.LearnedFeedback;
import org.grlu.rule.LearningRule;
import org.grlu.rule.MixedBackprop;
import org.grlu.rule.MixedGrlu;
import org.grlu.rule.ShapedRewards;
import org.grlu.rule.StepSettings;
import org.grlu.rule.StepUpdate;
import org.grlu.rule.Stepper;
import org.grlu.rule.WeightUpdate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosticsTest {
  private static final Dataset DATASET = TestData.sample().cut(200, 50);
  private static final NetworkShape ONE = TestData.relu(Skip.NONE, 784, 16, 10);
  private static final NetworkShape TWO = TestData.relu(Skip.RESIDUAL, 784, 16, 16, 10);
  private static final double SIGMA = 0.05;
  private static final double RATE = 0.25;
  private static final StepSettings FIRST = new StepSettings(0, RATE, SIGMA);
  private static final int EXAMPLES = 32;
  private static final int DRAWS = 16;

  private static TrialSettings settings(NetworkShape shape, LearningRule rule, boolean diagnosed) {
    TrainingSettings training =
        new TrainingSettings(
            2, 4, new Cosine(0.01, 0), new Cosine(SIGMA, SIGMA), Schedule.PER_EPOCH, 3);
    return new TrialSettings(shape, PixelScale.MNIST, rule, training, diagnosed);
  }

  /** Initial ones, with a state as training would leave it. */
  private static Weights weights(TrialSettings settings) {
    Weights weights = Weights.initial(settings.shape(), 5).with(settings.state());
    if (settings.rule() instanceof LearnedFeedback) {
      for (int l = 0; l < settings.shape().depth() - 1; l++) {
        Floats feedback = weights.state().array("feedback_" + l);
        Floats normals = Floats.over(TestData.normals(l, feedback.length()));
        feedback.copy(normals, 0, 0, feedback.length());
      }
    }
    return weights;
  }

  private static LearnedFeedback feedback(boolean unbiased) {
    return new LearnedFeedback(
        1,
        NoiseKind.GAUSSIAN,
        LearnedFeedback.Teacher.REWARD,
        unbiased,
        LearnedFeedback.Norm.ALL,
        false,
        0.5,
        1,
        0.2);
  }

  private static Diagnosis diagnosis(NetworkShape shape, LearningRule rule, StepSettings first) {
    TrialSettings settings = settings(shape, rule, true);
    Weights weights = weights(settings);
    String before = weights.sha256();
    String state = weights.state().sha256();
    Diagnosis found =
        new Diagnostics(settings, DATASET.train()).of(1, first, weights, List.of(0.5));
    assertThat(weights.sha256()).isEqualTo(before);
    assertThat(weights.state().sha256()).isEqualTo(state);
    assertThat(found.deadUnits()).containsExactly(0.5);
    return found;
  }

  private static Grlu grlu(int perturbations, Gate gate) {
    return new Grlu(perturbations, NoiseKind.GAUSSIAN, gate, 1, 1, true);
  }

  private static List<NetworkShape> shapes() {
    return List.of(
        ONE,
        TWO,
        TestData.relu(Skip.DENSE, 784, 16, 12, 10),
        TestData.topK(0.25, Skip.NONE, 784, 16, 10));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theGradientIsAlignedWithItself(NetworkShape shape) {
    Diagnosis found = diagnosis(shape, new Backprop(), FIRST);
    assertThat(found.alignmentMean())
        .hasSize(shape.depth())
        .allSatisfy(cosine -> assertThat(cosine).isCloseTo(1, within(1e-5)));
    assertThat(found.updateRatio()).allMatch(ratio -> ratio > 0);
    Diagnosis ofAdam = diagnosis(shape, new Adam(new Backprop()), FIRST);
    assertThat(ofAdam.alignmentMean()).isEqualTo(found.alignmentMean());
    if (shape.activation() == Activation.RELU) {
      assertThat(found.alignmentExample())
          .allSatisfy(cosine -> assertThat(cosine).isCloseTo(1, within(1e-5)));
      assertThat(found.signalToNoise()).containsOnly(Double.NaN);
    }
  }

  /**
   * With as many pairs the estimate is nearly the gradient, and its mean is in any case. Both
   * alignments of one example are means over 512 estimates. By pair the estimate's square is about
   * N + 2 = 20 times that of the network's gradient, of which the first layer has a twentieth: at P
   * = 1 its cosine is about 1 / sqrt(400) = 0.05, with a deviation of 0.25 of one estimate and 0.01
   * of the mean; the output's 0.3. At P = 1024 the first is 1 / sqrt(1 + 400 / 1024) = 0.85, the
   * other 0.99.
   */
  @Test
  void manyPairsAreNearTheGradientAndOneIsNot() {
    Diagnosis many = diagnosis(ONE, grlu(1024, Gate.ACTIVE), FIRST);
    assertThat(many.alignmentExample().get(0)).isGreaterThan(0.7);
    assertThat(many.alignmentExample().get(1)).isGreaterThan(0.97);
    assertThat(many.alignmentMean()).allMatch(cosine -> cosine > 0.98);
    Diagnosis one = diagnosis(ONE, grlu(1, Gate.ACTIVE), FIRST);
    assertThat(one.alignmentExample().get(0)).isBetween(-0.1, 0.2);
    assertThat(one.alignmentExample().get(1)).isBetween(0.1, 0.5);
  }

  /**
   * A pool has neither weights nor estimates. Of GRLU's estimates with 64 pairs the first layer's
   * have a quarter of their noise as signal, so that their mean over 512 has a direction; 0.87 was
   * seen, 0.98 and more in the others.
   */
  @Test
  void layersOfSeveralKindsAreDiagnosedButAPoolIsNot() {
    NetworkShape shape =
        MixedNetworks.of(
            "28x28x1 | convolution=4 size=5 stride=3 | pool=average | recurrent=6 steps=2"
                + " | dense=9 | dense=10");
    Diagnosis exact = diagnosis(shape, new MixedBackprop(), FIRST);
    Diagnosis noisy = diagnosis(shape, new MixedGrlu(grlu(64, Gate.ACTIVE)), FIRST);
    for (List<Double> each :
        List.of(
            exact.alignmentMean(),
            exact.updateRatio(),
            noisy.alignmentMean(),
            noisy.alignmentExample(),
            noisy.signalToNoise(),
            noisy.updateRatio())) {
      assertThat(each).hasSize(5);
      assertThat(each.get(1)).isNaN();
    }
    for (int l : new int[] {0, 2, 3, 4}) {
      assertThat(exact.alignmentMean().get(l)).isCloseTo(1, within(1e-5));
      assertThat(exact.alignmentExample().get(l)).isCloseTo(1, within(1e-5));
      assertThat(exact.updateRatio().get(l)).isPositive();
      System.out.println(noisy);
      assertThat(noisy.alignmentMean().get(l)).isGreaterThan(0.5);
      assertThat(noisy.alignmentExample().get(l)).isBetween(0.1, 0.99);
      assertThat(noisy.signalToNoise().get(l)).isPositive();
      assertThat(noisy.updateRatio().get(l)).isPositive();
    }
  }

  @Test
  void aLayerThatIsNotTaughtHasNone() {
    Diagnosis found = diagnosis(ONE, new ShapedRewards(3), FIRST);
    for (List<Double> each :
        List.of(found.alignmentExample(), found.signalToNoise(), found.updateRatio())) {
      assertThat(each.get(0)).isNaN();
      assertThat(each.get(1)).isNotNaN();
    }
    assertThat(found.alignmentMean().get(0)).isNaN();
  }

  @Test
  void withoutNoiseANoisyRuleHasNone() {
    StepSettings silent = new StepSettings(0, RATE, 0);
    Diagnosis found = diagnosis(ONE, grlu(2, Gate.ACTIVE), silent);
    assertThat(found).isEqualTo(Diagnosis.none(2, List.of(0.5)));
    assertThat(diagnosis(ONE, new Backprop(), silent).alignmentMean().get(0))
        .isCloseTo(1, within(1e-5));
  }

  /** Its update changes rows of pixels without ink too. */
  private record Fading() implements LearningRule {
    @Override
    public int passesPerExample() {
      return 1;
    }

    @Override
    public int rewardsPerExample() {
      return 1;
    }

    @Override
    public double scale(NetworkShape shape, int l, double rate, double noise, int batch) {
      return rate;
    }

    @Override
    public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
      return new Backprop().worker(shape, grid, memory);
    }

    @Override
    public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
      StepUpdate update = new WeightUpdate(shape, this, grid, memory);
      return (step, sums, perturbations, weights) -> {
        update.apply(step, sums, perturbations, weights);
        float more = (float) (1e-2 * step.learningRate());
        long key = StreamKey.child(perturbations.ownStream(), 7);
        Floats w = weights.layer(0);
        for (int i = 0; i < 784 * shape.stride(0); i++) {
          w.set(i, w.get(i) + more * (StreamKey.child(key, i) % 8));
        }
      };
    }
  }

  private static List<LearningRule> rules() {
    return List.of(
        grlu(2, Gate.NONE), grlu(1, Gate.ACTIVE), new Fading(), feedback(false), feedback(true));
  }

  /** Of all weights as files have them, in double precision, by the formulas as they stand. */
  @ParameterizedTest
  @MethodSource("rules")
  void allOfItIsWhatTheFormulasSay(LearningRule rule) {
    TrialSettings settings = settings(TWO, rule, true);
    Weights weights = weights(settings);
    Diagnosis found = diagnosis(TWO, rule, FIRST);
    double[][][][] changes = new double[EXAMPLES][DRAWS][][];
    double[][][] gradients = new double[EXAMPLES][][];
    for (int e = 0; e < EXAMPLES; e++) {
      gradients[e] = changes(settings, new Backprop(), weights, e, 0);
      for (int k = 0; k < DRAWS; k++) {
        changes[e][k] = changes(settings, rule, weights, e, k);
      }
    }
    for (int l = 0; l < TWO.depth(); l++) {
      compare(found, weights, changes, gradients, l);
    }
  }

  private static void compare(
      Diagnosis found, Weights weights, double[][][][] changes, double[][][] gradients, int l) {
    double[] sum = null;
    double[] sumOfGradients = null;
    double cosines = 0;
    double variances = 0;
    double signals = 0;
    double norms = 0;
    for (int e = 0; e < EXAMPLES; e++) {
      double[] gradient = gradients[e][l];
      double[] mean = new double[gradient.length];
      double squares = 0;
      for (int k = 0; k < DRAWS; k++) {
        double[] x = changes[e][k][l];
        cosines += dot(x, gradient) / Math.sqrt(dot(x, x) * dot(gradient, gradient));
        squares += dot(x, x);
        norms += Math.sqrt(dot(x, x));
        mean = plus(mean, x, 1.0 / DRAWS);
      }
      double variance = (squares - DRAWS * dot(mean, mean)) / (DRAWS - 1);
      variances += variance;
      signals += dot(mean, mean) - variance / DRAWS;
      sum = plus(sum, mean, 1);
      sumOfGradients = plus(sumOfGradients, gradient, 1);
    }
    double square = dot(sum, sum) - variances / DRAWS;
    double aligned =
        dot(sum, sumOfGradients) / Math.sqrt(square * dot(sumOfGradients, sumOfGradients));
    double[] all = published(weights, l);
    int estimates = EXAMPLES * DRAWS;
    assertThat(found.alignmentExample().get(l)).isCloseTo(cosines / estimates, within(1e-4));
    if (variances > 1e-4 * signals) {
      assertThat(found.signalToNoise().get(l))
          .isCloseTo(Math.sqrt(Math.max(0, signals) / variances), within(1e-3));
    } else {
      assertThat(found.signalToNoise().get(l)).isNaN();
    }
    double ratio = RATE * norms / estimates / Math.sqrt(dot(all, all));
    assertThat(found.updateRatio().get(l)).isCloseTo(ratio, within(1e-5 * ratio));
    if (square > 0.25 * dot(sum, sum)) {
      assertThat(found.alignmentMean().get(l)).isCloseTo(Math.min(1, aligned), within(1e-3));
    } else {
      assertThat(found.alignmentMean().get(l)).isNaN();
    }
  }

  /** What a step of one example changes, at a learning rate of 1, by layer. */
  private static double[][] changes(
      TrialSettings settings, LearningRule rule, Weights weights, int example, int draw) {
    double rate = 64;
    Weights trial = new Weights(TWO).with(settings.state());
    trial.copy(weights);
    InputBatch batch = new InputBatch(TWO, PixelScale.MNIST);
    batch.load(DATASET.train(), new int[] {example}, 0, 1);
    long seed = StreamKey.of(settings.training().seed(), StreamKey.Purpose.DIAGNOSTICS);
    KeyedPerturbations perturbations = settings.perturbations(seed);
    // after epoch 1, from 0
    long number = (EXAMPLES + example) * (long) DRAWS + draw;
    settings.seek(perturbations, new StepSettings(number, rate, SIGMA));
    new Stepper(TWO, rule, 1, trial.memory())
        .step(new StepSettings(0, rate, SIGMA), perturbations, batch, trial);
    trial.fold();
    double[][] changes = new double[TWO.depth()][];
    for (int l = 0; l < changes.length; l++) {
      double[] change = plus(published(trial, l), published(weights, l), -1);
      changes[l] = plus(null, change, 1 / rate);
    }
    return changes;
  }

  private static double[] published(Weights weights, int l) {
    float[] matrix = weights.published(l);
    float[] bias = weights.bias(l);
    return IntStream.range(0, matrix.length + bias.length)
        .mapToDouble(i -> i < matrix.length ? matrix[i] : bias[i - matrix.length])
        .toArray();
  }

  private static double[] plus(double[] a, double[] b, double factor) {
    double[] sum = a == null ? new double[b.length] : a.clone();
    for (int i = 0; i < b.length; i++) {
      sum[i] += factor * b[i];
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static TrialResult run(TrialSettings settings, Checkpoint from, List<byte[]> reached) {
    TrialListener listener =
        new TrialListener() {
          @Override
          public void progress(int epoch, double share, double reward, double perSecond) {}

          @Override
          public void epoch(Checkpoint checkpoint) {
            reached.add(checkpoint.toFile());
          }
        };
    LocalEngine engine = new LocalEngine(settings, DATASET.train(), from.weights().memory());
    return new Trial(settings, DATASET, engine, listener).run(from);
  }

  private static List<LearningRule> trained() {
    return List.of(
        grlu(1, Gate.ACTIVE),
        new Backprop(),
        new ShapedRewards(3),
        feedback(false),
        new Adam(new Backprop()));
  }

  @ParameterizedTest
  @MethodSource("trained")
  void noResultHangsOnItAndATrialGoesOnWithIt(LearningRule rule) {
    TrialSettings with = settings(ONE, rule, true);
    TrialSettings without = settings(ONE, rule, false);
    List<byte[]> reached = new ArrayList<>();
    TrialResult diagnosed = run(with, Checkpoint.initial(with, DATASET.train()), reached);
    TrialResult plain =
        run(without, Checkpoint.initial(without, DATASET.train()), new ArrayList<>());
    assertThat(diagnosed.weights().sha256()).isEqualTo(plain.weights().sha256());
    assertThat(diagnosed.weights().state().sha256()).isEqualTo(plain.weights().state().sha256());
    for (int i = 0; i < 2; i++) {
      EpochMetrics epoch = diagnosed.epochs().get(i);
      EpochMetrics bare = plain.epochs().get(i);
      for (EpochMetric metric : EpochMetric.all()) {
        boolean added = metric.name().matches("alignment.*|signal.*|update.*|dead.*|diagnostics.*");
        if (added) {
          assertThat(metric.cell(bare)).isNull();
        } else if (!metric.name().endsWith("_seconds")) {
          assertThat(metric.cell(epoch)).as(metric.name()).isEqualTo(metric.cell(bare));
        }
      }
      assertThat(epoch.numbers().get("update_ratio").get(1)).isPositive();
      assertThat(epoch.numbers().get("dead_units")).hasSize(1);
      assertThat(epoch.numbers().get("diagnostics_cpu_seconds").get(0)).isPositive();
    }
    Checkpoint first = Checkpoint.fromFile(reached.get(0), with);
    assertThat(first.epochs()).isEqualTo(diagnosed.epochs().subList(0, 1));
    TrialResult rest = run(with, first, new ArrayList<>());
    assertThat(TestData.withoutSeconds(rest.epochs().get(1)))
        .isEqualTo(TestData.withoutSeconds(diagnosed.epochs().get(1)));
  }

  @Test
  void aUnitThatNoImagePassesIsDead() {
    Weights weights = Weights.initial(ONE, 5);
    Floats w = weights.layer(0);
    for (int unit = 0; unit < 16; unit++) {
      w.set(weights.biasAt(0) + unit, unit < 3 ? -1e6f : 1e6f);
    }
    Evaluation.Result all =
        new Evaluation(settings(ONE, new Backprop(), false)).of(weights, DATASET.test(), 100);
    assertThat(all.dead()).containsExactly(3 / 16.0);
    assertThat(all.silent()).containsExactly(3 / 16.0);
  }
}
