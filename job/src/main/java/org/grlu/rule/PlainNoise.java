package org.grlu.rule;

/**
 * Noise on a network's weights and biases in double precision, for {@link PlainEvolution} and
 * {@link PlainWeightPerturbation}.
 *
 * @param weights the noise E on the weights, by layer, neuron and input
 * @param biases the noise on the biases, by layer and neuron
 */
record PlainNoise(double[][][] weights, double[][] biases) {

  /** Returns {@code a outer b}, by neuron and input. */
  static double[][] outer(double[] a, double[] b) {
    double[][] product = new double[a.length][b.length];
    for (int j = 0; j < a.length; j++) {
      for (int i = 0; i < b.length; i++) {
        product[j][i] = a[j] * b[i];
      }
    }
    return product;
  }

  /** Returns a copy of the network with {@code by} times the noise added. */
  PlainNetwork added(PlainNetwork network, double by) {
    PlainNetwork member = network.copy();
    for (int l = 0; l < weights.length; l++) {
      for (int j = 0; j < weights[l].length; j++) {
        member.biases[l][j] += by * biases[l][j];
        for (int i = 0; i < weights[l][j].length; i++) {
          member.weights[l][j][i] += by * weights[l][j][i];
        }
      }
    }
    return member;
  }

  /** Adds {@code factor E} to a change. */
  void addTo(PlainChange change, double factor) {
    for (int l = 0; l < weights.length; l++) {
      for (int j = 0; j < weights[l].length; j++) {
        change.biases()[l][j] += factor * biases[l][j];
        for (int i = 0; i < weights[l][j].length; i++) {
          change.weights()[l][j][i] += factor * weights[l][j][i];
        }
      }
    }
  }
}
