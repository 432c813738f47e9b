package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Ends a step of {@link Adam}. It lets the estimator update weights of zero. The result is the
 * estimate g of the gradient.
 */
final class AdamUpdate implements StepUpdate {
  /** The share of m that a step keeps. */
  private static final double MEAN = 0.9;

  /** The share of v that a step keeps. */
  private static final double SQUARE = 0.999;

  private static final float EPSILON = 1e-8f;

  /** The operations that one weight costs, among them a square root and a division. */
  private static final double OPERATIONS = 20;

  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final StepUpdate estimate;

  /**
   * The estimate g, with the layout of the weights. In a layer that reads images, the row of the
   * constant is added to the rows of all pixels.
   */
  private final Weights gradient;

  private final Floats row;

  AdamUpdate(NetworkShape shape, StepUpdate estimate, Arena memory) {
    this.shape = shape;
    this.estimate = estimate;
    this.gradient = new Weights(shape);
    this.row = memory.of(shape.stride(0));
  }

  @Override
  public void apply(
      StepSettings step, StepSums sums, Perturbations perturbations, Weights weights) {
    for (int l = 0; l < shape.depth(); l++) {
      kernels.clear(gradient.layer(l), gradient.layer(l).length());
    }
    StepSettings whole = new StepSettings(step.number(), 1, step.noiseScale());
    estimate.apply(whole, sums, perturbations, gradient);
    double t = step.number() + 1.0;
    float rate = (float) (step.learningRate() / (1 - StrictMath.pow(MEAN, t)));
    float grow = (float) (1 / (1 - StrictMath.pow(SQUARE, t)));
    for (int l = 0; l < shape.depth(); l++) {
      Layer layer = shape.layer(l);
      Floats w = weights.layer(l);
      Moments moments =
          new Moments(
              gradient.layer(l),
              weights.state().array(Adam.mean(l)),
              weights.state().array(Adam.square(l)));
      // one row for each input, and one for the bias
      sums.threads()
          .run(
              layer.inputs() + 1,
              OPERATIONS * layer.length(),
              (thread, from, to) -> rows(layer, moments, from, to, rate, grow, w));
      layer.sumRows(w, row);
    }
  }

  private record Moments(Floats gradient, Floats mean, Floats square) {}

  private void rows(
      Layer layer, Moments moments, int from, int to, float rate, float grow, Floats w) {
    int stride = layer.stride();
    for (int i = from; i < to; i++) {
      int at = i < layer.inputs() ? i * stride : layer.biasAt();
      if (layer.readsImages() && i < layer.inputs()) {
        int constant = layer.inputs() * stride;
        kernels.addScaled(1f, moments.gradient, constant, moments.gradient, at, stride);
      }
      change(moments, at, stride, rate, grow, w);
    }
  }

  private static void change(
      Moments moments, int at, int n, float rate, float grow, Floats weights) {
    float[] g = moments.gradient.array();
    float[] m = moments.mean.array();
    float[] v = moments.square.array();
    float[] w = weights.array();
    int ofG = moments.gradient.at() + at;
    int ofM = moments.mean.at() + at;
    int ofV = moments.square.at() + at;
    int ofW = weights.at() + at;
    for (int i = 0; i < n; i++) {
      float x = g[ofG + i];
      float mean = Math.fma((float) (1 - MEAN), x, (float) MEAN * m[ofM + i]);
      float square = Math.fma((float) (1 - SQUARE) * x, x, (float) SQUARE * v[ofV + i]);
      m[ofM + i] = mean;
      v[ofV + i] = square;
      w[ofW + i] += rate * mean / ((float) Math.sqrt(square * grow) + EPSILON);
    }
  }
}
