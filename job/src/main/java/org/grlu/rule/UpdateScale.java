package org.grlu.rule;

import org.grlu.network.NetworkShape;

/** What a rule's sums are multiplied by, in the precision of the weights. */
record UpdateScale(NetworkShape shape, LearningRule rule, LeafGrid grid) {
  float of(int l, StepSettings step) {
    return (float) rule.scale(shape, l, step.learningRate(), step.noiseScale(), grid.batch());
  }

  /** Multiplies {@code n} coefficients of layer {@code l} from {@code at}. */
  void apply(int l, StepSettings step, float[] coefficients, int at, int n) {
    float scale = of(l, step);
    for (int i = at; i < at + n; i++) {
      coefficients[i] *= scale;
    }
  }
}
