package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.network.Initial;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.rule.Backprop;
import org.grlu.rule.StepSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elastic weights and metaplasticity: their formulas, and trials with them. */
class ConsolidationTest {
  private static final int PIXELS = 12;
  private static final NetworkShape SMALL = TestData.relu(Skip.NONE, PIXELS, 6, 4);
  private static final Dataset DIGITS = TestData.sample().cut(300, 0);

  /** Two tasks of two classes, 20 images each. */
  private static LabelledImages images() {
    Random random = new Random(5);
    byte[] pixels = new byte[40 * PIXELS];
    byte[] labels = new byte[40];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (random.nextInt(3) == 0 ? 0 : random.nextInt(256));
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 4);
    }
    return new LabelledImages(3, 4, pixels, labels);
  }

  private static TrialSettings small(int batch, int replay, double rate, double ewc, double m) {
    ExampleStream stream =
        new ExampleStream(
            ExampleStream.Kind.CLASS_INCREMENTAL,
            2,
            1,
            0,
            replay,
            ExampleStream.Context.NONE,
            1,
            ewc,
            m,
            false);
    TrainingOptions options = new TrainingOptions(0, Initial.HE, 1, 0, 0, 0, stream);
    TrainingSettings training =
        new TrainingSettings(
            2, batch, new Linear(rate, rate), new Cosine(0.1, 0.1), Schedule.PER_STEP, 3, options);
    return new TrialSettings(SMALL, PixelScale.MNIST, new Backprop(), training);
  }

  /** Weights that never change, so that the gradients of both tasks are those at the same place. */
  @ParameterizedTest
  @CsvSource({"1, 0", "3, 0", "1, 7", "3, 7"})
  void importanceIsTheMeanSquareOfTheGradient(int batch, int replay) {
    LabelledImages train = images();
    TrialSettings settings = small(batch, replay, 0, 10, 0);
    Weights weights = Checkpoint.initial(settings, train).weights();
    Consolidation elastic = Consolidation.of(settings, train);
    StreamOrder order = new StreamOrder(settings.training(), settings.tasks(), train);
    double[][] expected = new double[2][];
    for (int epoch = 0; epoch < 2; epoch++) {
      order.begin(epoch);
      elastic.end(epoch, order, weights);
      Set<Integer> presented = new HashSet<>();
      for (int i = 0; i < order.steps(epoch) * batch; i += replay > 0 ? 2 : 1) {
        presented.add(order.numbers()[i]);
      }
      assertThat(presented).hasSizeBetween(18, 20);
      for (int l = 0; l < 2; l++) {
        int layer = l;
        double[] more =
            presented.stream()
                .map(i -> squaredSlopes(weights, layer, train, i))
                .reduce(
                    (a, b) -> IntStream.range(0, a.length).mapToDouble(k -> a[k] + b[k]).toArray())
                .orElseThrow();
        expected[l] = expected[l] == null ? new double[more.length] : expected[l];
        for (int k = 0; k < more.length; k++) {
          expected[l][k] += more[k] / presented.size();
        }
      }
    }
    for (int l = 0; l < 2; l++) {
      double[] found = published(weights, l, weights.state().array(ElasticWeights.importance(l)));
      double largest = Arrays.stream(expected[l]).max().orElseThrow();
      assertThat(largest).isGreaterThan(1e-3);
      for (int k = 0; k < found.length; k++) {
        assertThat(found[k])
            .as("layer %d, %d", l, k)
            .isCloseTo(expected[l][k], within(1e-5 * largest));
      }
    }
    assertThat(weights.state().array(ElasticWeights.anchor(1)).toArray())
        .isEqualTo(weights.layer(1).toArray());
  }

  /** A layer's matrix as published, then its bias. */
  private static double[] published(Weights weights, int l, Floats values) {
    Weights of = new Weights(weights.shape());
    of.layer(l).copy(values, 0, 0, values.length());
    return parameters(of)[l];
  }

  private static double[][] parameters(Weights weights) {
    return IntStream.range(0, weights.shape().depth())
        .mapToObj(
            l ->
                weights.arrays(l).values().stream()
                    .flatMapToDouble(a -> IntStream.range(0, a.length).mapToDouble(k -> a[k]))
                    .toArray())
        .toArray(double[][]::new);
  }

  /** By central differences, in double precision. */
  private static double[] squaredSlopes(Weights weights, int l, LabelledImages images, int image) {
    double[] x = new double[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      x[i] = images.pixels()[image * PIXELS + i] & 0xff;
    }
    double[][] all = parameters(weights);
    double[] squares = new double[all[l].length];
    double step = 1e-5;
    for (int k = 0; k < squares.length; k++) {
      double at = all[l][k];
      all[l][k] = at + step;
      double above = logLikelihood(all, x, images.label(image));
      all[l][k] = at - step;
      double below = logLikelihood(all, x, images.label(image));
      all[l][k] = at;
      squares[k] = Math.pow((above - below) / (2 * step), 2);
    }
    return squares;
  }

  private static double logLikelihood(double[][] parameters, double[] x, int label) {
    double[] z = x;
    for (int l = 0; l < 2; l++) {
      double[] u = normalised(z);
      int units = SMALL.units(l);
      double[] out = new double[units];
      for (int j = 0; j < units; j++) {
        out[j] = parameters[l][units * u.length + j];
        for (int i = 0; i < u.length; i++) {
          out[j] += parameters[l][j * u.length + i] * u[i];
        }
        out[j] = l == 0 ? Math.max(0, out[j]) : out[j];
      }
      z = out;
    }
    return z[label] - Math.log(Arrays.stream(z).map(Math::exp).sum());
  }

  private static double[] normalised(double[] x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double square = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return Arrays.stream(x).map(v -> (v - mean) / (Math.sqrt(square) + 1e-8)).toArray();
  }

  /** Weight 2, w* 1: a share of lambda F rate batch = 10 x 0.5 x 0.01 x 3 of the distance goes. */
  @Test
  void aStepIsDrawnBackByTheWorkedShare() {
    TrialSettings settings = small(3, 0, 0.01, 10, 0);
    Weights weights = new Weights(SMALL).with(settings.state());
    for (int l = 0; l < 2; l++) {
      weights.state().array(ElasticWeights.importance(l)).fill(0, 6, 0.5f);
      weights.state().array(ElasticWeights.anchor(l)).fill(0, 6, 1f);
    }
    weights.layer(0).fill(0, 3, 1.5f);
    weights.layer(1).fill(0, 3, 2f);
    // the constant's part belongs to every pixel's weight of its unit
    int stride = SMALL.stride(0);
    weights.layer(0).set(PIXELS * stride, 0.5f);
    weights.layer(0).set(PIXELS * stride + 1, 0.5f);
    // ten times more would be beyond a half
    weights.state().array(ElasticWeights.importance(1)).set(1, 50f);
    // a bias
    int bias = weights.biasAt(1);
    weights.layer(1).set(bias, -1f);
    weights.state().array(ElasticWeights.importance(1)).set(bias, 1f);
    Consolidation elastic = Consolidation.of(settings, images());
    StepSettings step = new StepSettings(9, 0.01, 0.1);

    elastic.after(0, step, weights);
    assertThat(weights.layer(1).get(0)).as("in the first task").isEqualTo(2f);
    elastic.after(1, step, weights);

    assertThat(weights.layer(0).get(0)).isCloseTo(1.85f, within(1e-6f));
    assertThat(weights.layer(0).get(1)).isCloseTo(1.85f, within(1e-6f));
    assertThat(weights.layer(0).get(2)).isCloseTo(1.425f, within(1e-6f));
    assertThat(weights.layer(0).get(3)).isCloseTo(0.15f, within(1e-6f));
    assertThat(weights.layer(0).get(stride)).as("without importance").isEqualTo(0.5f);
    assertThat(weights.layer(0).get(PIXELS * stride)).as("folded").isEqualTo(0f);
    assertThat(weights.layer(0).get((PIXELS + 1) * stride))
        .as("sum over pixels")
        .isCloseTo(1.85f + 11 * 0.5f, within(1e-5f));
    assertThat(weights.layer(1).get(0)).isCloseTo(1.85f, within(1e-6f));
    assertThat(weights.layer(1).get(1)).as("at most a half").isEqualTo(1.5f);
    assertThat(weights.layer(1).get(bias)).isCloseTo(-0.7f, within(1e-6f));
  }

  /** m = 2: of what a weight of -0.5 is taken back exp(-1) is left, of one of 0.25 exp(-0.5). */
  @Test
  void aStepTakesBackTheWorkedShare() {
    TrialSettings settings = small(1, 0, 0.01, 0, 2);
    Consolidation slow = Consolidation.of(settings, images());
    Weights weights = new Weights(SMALL);
    float[] before = {-0.5f, 0.25f, -0.5f, 0.25f, 0f, 0.25f};
    float[] change = {0.1f, -0.1f, -0.1f, 0.1f, 0.1f, -0.5f};
    double[] left = {
      0.1 * Math.exp(-1), -0.1 * Math.exp(-0.5), -0.1, 0.1, 0.1, -0.5 * Math.exp(-0.5)
    };
    int stride = SMALL.stride(0);
    int bias = weights.biasAt(0);
    for (int u = 0; u < 6; u++) {
      weights.layer(0).set(u, before[u]);
      weights.layer(0).set(stride + u, -before[u]);
      weights.layer(0).set(bias + u, before[u]);
    }
    slow.before(weights);
    for (int u = 0; u < 6; u++) {
      // of pixels by the constant's part
      weights.layer(0).set(PIXELS * stride + u, change[u]);
      weights.layer(0).set(bias + u, before[u] + change[u]);
    }
    slow.after(0, new StepSettings(0, 0.01, 0.1), weights);
    for (int u = 0; u < 6; u++) {
      double now = before[u] + left[u];
      assertThat((double) weights.layer(0).get(u)).as("unit " + u).isCloseTo(now, within(1e-6));
      assertThat((double) weights.layer(0).get(bias + u)).isCloseTo(now, within(1e-6));
      // of the other sign: what was along is now back
      boolean back = before[u] * change[u] > 0;
      double other = -before[u] + change[u] * (back ? Math.exp(-2 * Math.abs(before[u])) : 1);
      assertThat((double) weights.layer(0).get(stride + u)).isCloseTo(other, within(1e-6));
      assertThat(weights.layer(0).get(2 * stride + u)).isEqualTo(change[u]);
      assertThat(weights.layer(0).get(PIXELS * stride + u)).isZero();
    }
  }

  static TrialSettings settings(String some) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "network.layers=[784,20,10]",
                "stream { kind = task-incremental, tasks = 3, passes = 2 }",
                "training { batch-size = 2, learning-rate { shape = constant, max = 0.02 } }",
                "training.noise-scale.min=0.1",
                "rule { perturbations = 4, normalise-noise = true, gate = active }"));
    sets.addAll(List.of(some.split(" ", -1)));
    return ConfigReader.read(null, sets).trial();
  }

  private static TrialResult run(
      TrialSettings settings, Checkpoint from, List<byte[]> checkpoints) {
    TrialListener listener =
        new TrialListener() {
          @Override
          public void progress(int epoch, double share, double reward, double perSecond) {}

          @Override
          public void epoch(Checkpoint checkpoint) {
            checkpoints.add(checkpoint.toFile());
          }
        };
    LocalEngine engine = new LocalEngine(settings, DIGITS.train(), from.weights().memory());
    return new Trial(settings, DIGITS, engine, listener).run(from);
  }

  static TrialResult run(TrialSettings settings, List<byte[]> checkpoints) {
    return run(settings, Checkpoint.initial(settings, DIGITS.train()), checkpoints);
  }

  /** The third epoch is the first of two over the second task. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "stream.ewc=100 rule.name=backprop",
        "stream.ewc=100 rule.perturbations=1 training.batch-size=1 training.weight-decay=0.01",
        "stream.ewc=100 rule.name=learned-feedback stream.replay=50 report.diagnostics=epoch",
        "stream.ewc=100 rule.name=backprop network.activation=top-k stream.kind=class-incremental",
        "stream.ewc=100 stream.context=given",
        "stream.ewc=10 network.layers=[{convolution=4,size=5,stride=4},{dense=12}]",
        "stream.metaplasticity=5",
        "stream.metaplasticity=5 rule.name=backprop network.hidden=frozen"
      })
  void aTrialGoesOnFromTheMiddleOfATaskToTheSameBits(String some) {
    TrialSettings settings = settings(some);
    List<byte[]> checkpoints = new ArrayList<>();
    TrialResult whole = run(settings, checkpoints);
    assertThat(whole.failure()).isNull();
    assertThat(checkpoints).hasSize(6);
    Checkpoint from = Checkpoint.fromFile(checkpoints.get(2), settings);
    TrialResult rest = run(settings, from, new ArrayList<>());
    assertThat(rest.weights().sha256()).isEqualTo(whole.weights().sha256());
    assertThat(rest.weights().state().sha256()).isEqualTo(whole.weights().state().sha256());
    TrialSettings plain = settings(some + " stream.ewc=0 stream.metaplasticity=0");
    assertThat(run(plain, new ArrayList<>()).weights().sha256())
        .isNotEqualTo(whole.weights().sha256());
  }

  private static double transfer(String some) {
    List<EpochMetrics> epochs = run(settings(some), new ArrayList<>()).epochs();
    return epochs.get(epochs.size() - 1).numbers().get("backward_transfer").get(0);
  }

  @Test
  void elasticWeightsForgetLess() {
    String forgets =
        "rule.name=backprop stream.kind=task-incremental training.learning-rate.max=0.05";
    assertThat(transfer(forgets + " stream.ewc=1000")).isGreaterThan(transfer(forgets) + 0.02);
  }
}
