package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.grlu.TestData;
import org.grlu.network.Activation;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The gradient against central differences of the reward in double. */
class BackpropTest {
  private static final int EXAMPLES = 5;
  private static final int INPUTS = 12;
  private static final double STEP = 1e-5;

  @TestFactory
  Stream<DynamicTest> updateIsTheGradientOfTheMeanReward() {
    return Arrays.stream(Skip.values())
        .flatMap(
            skip ->
                Stream.of(new Integer[] {12, 9, 4}, new Integer[] {12, 9, 9, 4})
                    .flatMap(n -> Stream.of(TestData.relu(skip, n), TestData.topK(0.4, skip, n))))
        .map(shape -> DynamicTest.dynamicTest(shape.toString(), () -> compare(shape)));
  }

  private static void compare(NetworkShape shape) {
    float[][] x = new float[EXAMPLES][];
    int[] labels = new int[EXAMPLES];
    for (int e = 0; e < EXAMPLES; e++) {
      x[e] = TestData.normals(30 + e, INPUTS);
      labels[e] = e % 4;
    }
    InputBatch batch = new InputBatch(shape, PixelScale.MNIST);
    batch.load(x, labels);
    KeyedPerturbations draws = new KeyedPerturbations(shape, NoiseKind.GAUSSIAN, 1);
    draws.step(0, 0, 0);
    Weights before = Weights.initial(shape, 2);
    Weights after = Weights.initial(shape, 2);
    double reward =
        new Stepper(shape, new Backprop(), EXAMPLES)
            .step(new StepSettings(0, 1, 0), draws, batch, after);
    after.fold();

    Differences differences = new Differences(new DoubleNetwork(before), shape, draws, x, labels);
    assertThat(reward).isCloseTo(differences.meanReward(), within(1e-5));
    for (int l = 0; l < shape.depth(); l++) {
      DoubleNetwork network = differences.network;
      compare("W" + l, before.published(l), after.published(l), network.weights[l], differences);
      compare("b" + l, before.bias(l), after.bias(l), network.biases[l], differences);
    }
  }

  private static void compare(
      String what, float[] before, float[] after, double[] parameters, Differences differences) {
    for (int i = 0; i < parameters.length; i++) {
      assertThat((double) after[i] - before[i])
          .as("%s[%d]", what, i)
          .isCloseTo(differences.slope(parameters, i), within(5e-6));
    }
  }

  /** Slopes of the mean reward, top-k's masks held as they are. */
  private record Differences(
      DoubleNetwork network,
      NetworkShape shape,
      Perturbations draws,
      float[][] x,
      int[] labels,
      double[][][] masks) {

    Differences(
        DoubleNetwork network, NetworkShape shape, Perturbations draws, float[][] x, int[] labels) {
      this(network, shape, draws, x, labels, new double[x.length][][]);
      for (int e = 0; shape.activation() == Activation.TOP_K && e < x.length; e++) {
        masks[e] = new double[shape.depth() - 1][];
        for (int l = 0; l < masks[e].length; l++) {
          masks[e][l] = new double[shape.units(l)];
        }
        // layer by layer: the masks before it settle what a layer sees
        for (int l = 0; l < masks[e].length; l++) {
          network.fix(masks[e]);
          masks[e][l] = mask(e, l, network.preActivations(DoubleNetwork.wide(x[e]))[l]);
        }
      }
    }

    private double[] mask(int example, int l, double[] z) {
      float[] gumbel = new float[shape.stride(l)];
      draws.gumbel(example, l, gumbel, 0);
      double[] scores = new double[z.length];
      for (int j = 0; j < z.length; j++) {
        scores[j] = z[j] + gumbel[j];
      }
      double[] sorted = scores.clone();
      Arrays.sort(sorted);
      double least = sorted[z.length - shape.kept(l)];
      return Arrays.stream(scores).map(s -> s >= least ? 1 : 0).toArray();
    }

    double meanReward() {
      double sum = 0;
      for (int e = 0; e < x.length; e++) {
        network.fix(masks[e]);
        sum += network.reward(DoubleNetwork.wide(x[e]), labels[e]);
      }
      return sum / x.length;
    }

    double slope(double[] parameters, int i) {
      double middle = parameters[i];
      parameters[i] = middle + STEP;
      double up = meanReward();
      parameters[i] = middle - STEP;
      double down = meanReward();
      parameters[i] = middle;
      return (up - down) / (2 * STEP);
    }
  }
}
