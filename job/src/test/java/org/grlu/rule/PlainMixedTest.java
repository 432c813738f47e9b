package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.grlu.MixedNetworks;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The gradient in networks of several kinds of layers against central differences. */
class PlainMixedTest {
  private static final int EXAMPLES = 3;
  private static final double STEP = 1e-6;

  /** The differences' own: third derivatives x {@link #STEP} squared; 5e-9 was seen. */
  private static final double ERROR = 3e-8;

  @TestFactory
  Stream<DynamicTest> changeIsTheGradientOfTheMeanReward() {
    return Stream.of(
            "6x6x1 | convolution=3 size=3 | dense=4",
            "7x7x1 | convolution=5 size=3 stride=2 | dense=4",
            "6x6x3 | convolution=3 size=3 padding=1 | dense=4",
            "7x6x3 | convolution=4 size=3 stride=2 padding=2 | dense=4",
            "5x5x2 | convolution=3 size=3 shared=false padding=1 | dense=4",
            "8x8x1 | convolution=3 size=3 | convolution=4 size=3 stride=2 padding=1 | dense=4",
            "9x8x1 | convolution=3 size=3 | pool=average | convolution=2 size=2 | dense=4",
            "7x7x2 | pool=average size=3 | dense=5 | dense=4",
            "4x3x1 | recurrent=5 steps=1 | dense=4",
            "4x6x1 | recurrent=5 steps=4 | dense=4",
            "4x3x2 | recurrent=3 steps=4 shared=false | dense=4",
            "6x6x1 | convolution=3 size=3 | recurrent=4 steps=2 | dense=4",
            "4x3x1 | recurrent=4 steps=2 | recurrent=3 steps=4 | dense=6 | dense=4",
            "6x6x1 | convolution=3 size=3 | convolution=2 size=2 frozen=true | dense=5 | dense=4",
            "4x3x1 | dense=7 | dense=5 frozen=true | dense=6 | dense=4")
        .map(text -> DynamicTest.dynamicTest(text, () -> compare(MixedNetworks.of(text))));
  }

  private static void compare(NetworkShape shape) {
    double[][] x = new double[EXAMPLES][];
    int[] labels = new int[EXAMPLES];
    for (int e = 0; e < EXAMPLES; e++) {
      x[e] = new Random(30 + e).doubles(shape.layers().get(0), -2, 2).toArray();
      labels[e] = e % 4;
    }
    PlainMixedNetwork network = new PlainMixedNetwork(Weights.initial(shape, 2));
    PlainMixedNetwork.Change change = PlainMixedRules.backprop(network, x, labels, 1);
    assertThat(change.meanReward()).isCloseTo(meanReward(network, x, labels), within(1e-15));
    double largest = 0;
    for (int l = 0; l < shape.depth(); l++) {
      for (int a = 0; a < network.layers[l].arrays.length; a++) {
        double[] parameters = network.layers[l].arrays[a];
        for (int i = 0; i < parameters.length; i++) {
          double expected = shape.learns(l) ? slope(network, x, labels, parameters, i) : 0;
          largest = Math.max(largest, Math.abs(expected));
          assertThat(change.arrays()[l][a][i])
              .as("layer %d, array %d, number %d", l, a, i)
              .isCloseTo(expected, within(ERROR));
        }
      }
    }
    assertThat(largest).isGreaterThan(1e-3);
  }

  /** So small a step moves no neuron across zero. */
  private static double slope(
      PlainMixedNetwork network, double[][] x, int[] labels, double[] parameters, int i) {
    double middle = parameters[i];
    parameters[i] = middle + STEP;
    double up = meanReward(network, x, labels);
    parameters[i] = middle - STEP;
    double down = meanReward(network, x, labels);
    parameters[i] = middle;
    return (up - down) / (2 * STEP);
  }

  private static double meanReward(PlainMixedNetwork network, double[][] x, int[] labels) {
    double sum = 0;
    for (int e = 0; e < x.length; e++) {
      sum += network.pass(x[e]).reward(labels[e]);
    }
    return sum / x.length;
  }
}
