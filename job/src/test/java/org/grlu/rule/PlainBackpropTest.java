package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.grlu.TestData;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The gradient against central differences of the reward. */
class PlainBackpropTest {
  private static final int EXAMPLES = 5;
  private static final int INPUTS = 12;
  private static final double STEP = 1e-5;

  /** The differences' own: third derivatives x {@link #STEP} squared; 2e-9 was seen. */
  private static final double ERROR = 1e-8;

  @TestFactory
  Stream<DynamicTest> changeIsTheGradientOfTheMeanReward() {
    return Arrays.stream(Skip.values())
        .flatMap(
            skip ->
                Stream.of(new Integer[] {12, 9, 4}, new Integer[] {12, 9, 9, 4})
                    .flatMap(n -> Stream.of(TestData.relu(skip, n), TestData.topK(0.4, skip, n))))
        .map(shape -> DynamicTest.dynamicTest(shape.toString(), () -> compare(shape)));
  }

  private static void compare(NetworkShape shape) {
    double[][] x = new double[EXAMPLES][];
    int[] labels = new int[EXAMPLES];
    for (int e = 0; e < EXAMPLES; e++) {
      x[e] = new Random(30 + e).doubles(INPUTS, -2, 2).toArray();
      labels[e] = e % 4;
    }
    PlainNetwork network = new PlainNetwork(Weights.initial(shape, 2));
    PlainNetwork.Draws gumbels =
        (e, p, l) -> new Random(100L * e + l).doubles(shape.units(l), -1, 3).toArray();
    Differences differences = new Differences(network, gumbels, x, labels);
    PlainChange change = PlainBackprop.step(network, x, labels, 1, gumbels);

    assertThat(change.meanReward()).isCloseTo(differences.meanReward(), within(1e-15));
    for (int l = 0; l < shape.depth(); l++) {
      differences.compare("b" + l, network.biases[l], change.biases()[l]);
      for (int j = 0; j < shape.units(l); j++) {
        differences.compare("W" + l + "," + j, network.weights[l][j], change.weights()[l][j]);
      }
    }
  }

  /** Slopes of the mean reward; so small a step moves no neuron across zero or the top k. */
  private record Differences(
      PlainNetwork network, PlainNetwork.Draws gumbels, double[][] x, int[] labels) {

    double meanReward() {
      double sum = 0;
      for (int e = 0; e < x.length; e++) {
        sum += PlainBackprop.clean(network, x[e], e, gumbels).reward(labels[e]);
      }
      return sum / x.length;
    }

    void compare(String what, double[] parameters, double[] gradient) {
      for (int i = 0; i < parameters.length; i++) {
        double middle = parameters[i];
        parameters[i] = middle + STEP;
        double up = meanReward();
        parameters[i] = middle - STEP;
        double down = meanReward();
        parameters[i] = middle;
        assertThat(gradient[i])
            .as("%s[%d]", what, i)
            .isCloseTo((up - down) / (2 * STEP), within(ERROR));
      }
    }
  }
}
