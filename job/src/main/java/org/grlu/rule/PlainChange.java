package org.grlu.rule;

/**
 * The result of one step of a plain rule.
 *
 * @param meanReward the mean reward of the step's passes
 * @param weights the change of the weights, by layer, neuron and input
 * @param biases the change of the biases, by layer and neuron
 */
record PlainChange(double meanReward, double[][][] weights, double[][] biases) {

  /** Returns a change of 0 with a network's shape. */
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

  /** Adds {@code coefficient x (input, 1)} to the weights and the bias of neuron j of layer l. */
  void add(int l, int j, double coefficient, double[] input) {
    biases[l][j] += coefficient;
    for (int i = 0; i < input.length; i++) {
      weights[l][j][i] += coefficient * input[i];
    }
  }

  /** Returns the same change with a mean reward. */
  PlainChange withReward(double mean) {
    return new PlainChange(mean, weights, biases);
  }
}
