package org.grlu.rule;

/**
 * What a step of a plain rule gives: its mean reward, and what it adds to the weights.
 *
 * @param weights by layer, neuron and input
 * @param biases by layer and neuron
 */
record PlainChange(double meanReward, double[][][] weights, double[][] biases) {

  /** Nothing yet, for a network's shape. */
  static PlainChange none(PlainNetwork network) {
    int depth = network.shape.depth();
    double[][][] weights = new double[depth][][];
    double[][] biases = new double[depth][];
    for (int l = 0; l < depth; l++) {
      weights[l] = new double[network.shape.units(l)][network.shape.inputs(l)];
      biases[l] = new double[network.shape.units(l)];
    }
    return new PlainChange(0, weights, biases);
  }

  /** Adds {@code coefficient outer (input, 1)} for neuron j of layer l. */
  void add(int l, int j, double coefficient, double[] input) {
    biases[l][j] += coefficient;
    for (int i = 0; i < input.length; i++) {
      weights[l][j][i] += coefficient * input[i];
    }
  }

  PlainChange withReward(double mean) {
    return new PlainChange(mean, weights, biases);
  }
}
