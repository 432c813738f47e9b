package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.MixedNetworks;
import org.grlu.TestData;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where layers of several kinds and dense ones coincide, so do their networks. */
class MixedIsDenseTest {
  private static final int BATCH = 9;
  private static final double SIGMA = 0.05;

  /** Of the largest change; 2e-5 was seen. */
  private static final double SHARE = 1e-4;

  /** One hidden layer: as a kernel as large as the image, whose inputs are in the same order. */
  private static final String KERNEL = "8x8x1 | convolution=21 size=8 | dense=6";

  private static final String DENSE = "8x8x1 | dense=21 | dense=6";
  private static final String DEEP = "8x8x1 | dense=21 | dense=18 | dense=6";

  @ParameterizedTest
  @ValueSource(strings = {KERNEL, DENSE, DEEP})
  void backpropIsThatOfDenseLayers(String text) {
    compare(text, new MixedBackprop(), new Backprop(), SHARE);
  }

  @ParameterizedTest
  @ValueSource(strings = {KERNEL, DENSE, DEEP})
  void directFeedbackIsThatOfDenseLayersAndSoAreItsMatrices(String text) {
    DirectFeedback rule = new DirectFeedback(0.7);
    compare(text, new MixedDirectFeedback(rule), rule, SHARE);
  }

  /** The first layer reads no noise, so that gate and u of a pair are those of the clean pass. */
  @ParameterizedTest
  @CsvSource({
    KERNEL + ", REWARD, false, false",
    DENSE + ", REWARD, true, false",
    KERNEL + ", LOGITS, false, true",
    DENSE + ", LOGITS, true, true"
  })
  void learnedFeedbackIsThatOfDenseLayers(
      String text, LearnedFeedback.Teacher teacher, boolean unbiased, boolean chained) {
    LearnedFeedback rule =
        new LearnedFeedback(
            3,
            chained ? NoiseKind.RADEMACHER : NoiseKind.GAUSSIAN,
            teacher,
            unbiased,
            LearnedFeedback.Norm.ALL,
            chained,
            0.5,
            0.8,
            0.3);
    compare(text, new MixedLearnedFeedback(rule), rule, SHARE);
  }

  @ParameterizedTest
  @CsvSource({
    KERNEL + ", MEASURED, GAUSSIAN",
    KERNEL + ", ERROR, RADEMACHER",
    DENSE + ", MEASURED, RADEMACHER",
    DENSE + ", ERROR, GAUSSIAN"
  })
  void grluIsThatOfDenseLayers(String text, OutputSignal signal, NoiseKind noise) {
    Grlu rule = new Grlu(5, noise, Gate.ACTIVE, 1, 1, true, Eligibility.INJECTED, signal, 0.5);
    compare(text, new MixedGrlu(rule), rule, SHARE);
  }

  /** The output layer's u is the mean over a pair there, that of the clean pass here. */
  @ParameterizedTest
  @ValueSource(strings = {KERNEL, DENSE})
  void publishedGrluIsThatOfDenseLayersToTheSquareOfTheNoise(String text) {
    Grlu rule = TestData.grlu(20, NoiseKind.GAUSSIAN, Gate.NONE);
    compare(text, new MixedGrlu(rule), rule, 2 * SIGMA * SIGMA);
  }

  /** Two steps from the same weights, with the same state and draws. */
  private static void compare(String text, LearningRule mixed, LearningRule dense, double share) {
    NetworkShape several = MixedNetworks.of(text);
    NetworkShape plain = TestData.relu(Skip.NONE, several.layers().toArray(Integer[]::new));
    Weights before = Weights.initial(plain, 3);
    Weights ofMixed = stepped(several, mixed, before);
    Weights ofDense = stepped(plain, dense, before);
    for (int l = 0; l < several.depth(); l++) {
      for (String name : List.of("W", "b")) {
        double[] old = wide(before.arrays(l).get(name));
        double[] one = less(wide(ofMixed.arrays(l).get(name)), old);
        double[] other = less(wide(ofDense.arrays(l).get(name)), old);
        assertThat(Arrays.stream(other)).as(name + l).anyMatch(v -> v != 0);
        Golden.assertClose(name + l, one, other, share);
      }
    }
    boolean sends = mixed instanceof MixedDirectFeedback || mixed instanceof MixedLearnedFeedback;
    for (int l = 0; l < several.depth() - 1 && sends; l++) {
      double[] one = Feedbacks.flat(plain, ofMixed.state(), l);
      double[] other = Feedbacks.flat(plain, ofDense.state(), l);
      assertThat(Arrays.stream(other)).as("B" + l).anyMatch(v -> v != 0);
      Golden.assertClose("B" + l, one, other, share);
    }
  }

  private static Weights stepped(NetworkShape shape, LearningRule rule, Weights from) {
    Weights weights = Weights.initial(shape, 3).with(rule.state(shape, 8));
    for (int l = 0; l < shape.depth(); l++) {
      weights.set(l, List.copyOf(from.arrays(l).values()));
    }
    InputBatch batch = new InputBatch(shape, PixelScale.MNIST);
    batch.load(
        IntStream.range(0, BATCH).mapToObj(e -> TestData.normals(e, 64)).toArray(float[][]::new),
        IntStream.range(0, BATCH).map(e -> e % 6).toArray());
    NoiseKind kind = rule instanceof NoisyRule noisy ? noisy.noise() : null;
    KeyedPerturbations draws = new KeyedPerturbations(shape, kind, 5);
    Stepper stepper = new Stepper(shape, rule, BATCH, weights.memory());
    // of the second step the feedback is that which the first one taught
    for (int step = 0; step < 2; step++) {
      draws.step(step, SIGMA, SIGMA);
      stepper.step(new StepSettings(step, 0.02, SIGMA), draws, batch, weights);
    }
    weights.fold();
    return weights;
  }

  private static double[] wide(float[] x) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray();
  }

  private static double[] less(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
  }

  @Test
  void aRecurrentLayerOfOneStepIsDenseWithATanh() {
    NetworkShape shape = MixedNetworks.of("4x3x1 | recurrent=5 steps=1 | dense=4");
    PlainMixedNetwork network = new PlainMixedNetwork(Weights.initial(shape, 1));
    double[] x = FastCase.wide(TestData.normals(2, 12));
    double[][] noise = network.still();
    noise[0] = FastCase.wide(TestData.normals(3, 5));
    double[] u = PlainNetwork.normalised(x);
    double[][] arrays = network.layers[0].arrays;
    double[] h = arrays[2].clone();
    for (int j = 0; j < h.length; j++) {
      for (int i = 0; i < u.length; i++) {
        h[j] += arrays[0][j * u.length + i] * u[i];
      }
      h[j] = Math.tanh(h[j] - noise[0][j]);
    }
    assertThat(network.pass(x, noise, -1).of(0).output()).containsExactly(h, within(1e-14));
  }
}
