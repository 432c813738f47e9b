package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;

/** Computes the factor that multiplies a rule's sums, in the precision of the weights. */
record UpdateScale(NetworkShape shape, LearningRule rule, LeafGrid grid) {
  /** Returns {@link LearningRule#scale} of layer {@code l}, rounded to 32 bits. */
  float of(int l, StepSettings step) {
    return (float) rule.scale(shape, l, step.learningRate(), step.noiseScale(), grid.batch());
  }

  /**
   * Multiplies {@code n} coefficients of layer {@code l} by the layer's factor.
   *
   * @param coefficients Modified from {@code at}
   */
  void apply(int l, StepSettings step, Floats coefficients, int at, int n) {
    float scale = of(l, step);
    float[] array = coefficients.array();
    int from = coefficients.at() + at;
    for (int i = from; i < from + n; i++) {
      array[i] *= scale;
    }
  }
}
