package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;

/** What a rule's sums are multiplied by, in the precision of the weights. */
record UpdateScale(NetworkShape shape, LearningRule rule, LeafGrid grid) {
  float of(int l, StepSettings step) {
    return (float) rule.scale(shape, l, step.learningRate(), step.noiseScale(), grid.batch());
  }

  /** Multiplies {@code n} coefficients of layer {@code l} from {@code at}. */
  void apply(int l, StepSettings step, Floats coefficients, int at, int n) {
    float scale = of(l, step);
    float[] array = coefficients.array();
    int from = coefficients.at() + at;
    for (int i = from; i < from + n; i++) {
      array[i] *= scale;
    }
  }
}
