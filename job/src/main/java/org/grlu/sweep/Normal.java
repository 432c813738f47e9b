package org.grlu.sweep;

/** A normal distribution cut off at 0 and 1, of a centre between them: the same on any machine. */
final class Normal {
  private static final double DENSITY = 1 / StrictMath.sqrt(2 * Math.PI);

  /** From the highest power. */
  private static final double[] TAIL = {
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807,
    -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223
  };

  private final double centre;
  private final double sigma;
  private final double within;

  Normal(double centre, double sigma) {
    this.centre = centre;
    this.sigma = sigma;
    this.within = mass(-centre / sigma, (1 - centre) / sigma);
  }

  /** A draw. Of a sigma up to 1 a third at least of all tries are within. */
  double draw(Uniforms uniforms) {
    while (true) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniforms.next()));
      double x = centre + sigma * radius * StrictMath.cos(2 * Math.PI * uniforms.next());
      if (x >= 0 && x < 1) {
        return x;
      }
    }
  }

  /** The density at a point. */
  double density(double at) {
    double z = (at - centre) / sigma;
    return DENSITY * StrictMath.exp(-0.5 * z * z) / (sigma * within);
  }

  /** The mean density between two points. */
  double mean(double from, double to) {
    return mass((from - centre) / sigma, (to - centre) / sigma) / ((to - from) * within);
  }

  /** The standard normal distribution's mass between two points, from &lt; to. */
  private static double mass(double from, double to) {
    // by the side on which the lesser is, so that no digits are lost
    return from + to > 0 ? tail(from) - tail(to) : tail(-to) - tail(-from);
  }

  /** The mass above a point, to 1.2e-7 of itself (Press et al., Numerical Recipes, 6.2: erfcc). */
  private static double tail(double at) {
    double z = Math.abs(at) * StrictMath.sqrt(0.5);
    double t = 1 / (1 + 0.5 * z);
    double series = 0;
    for (double coefficient : TAIL) {
      series = series * t + coefficient;
    }
    double upper = 0.5 * t * StrictMath.exp(-z * z + series);
    return at >= 0 ? upper : 1 - upper;
  }
}
