package org.grlu.sweep;

import java.util.ArrayList;
import java.util.List;

/**
 * The multivariate tree-structured Parzen estimator (Bergstra et al., "Algorithms for
 * Hyper-Parameter Optimization", 2011; with kernels over all parameters together: Falkner et al.,
 * "BOHB", 2018). Settings are parted into the best and the others; a mixture of kernels about each
 * part, with a random draw as one more of them, is its density; what is proposed is, of some draws
 * by the density of the best, that which has the highest ratio of both.
 *
 * <p>A setting in which a parameter has no meaning says nothing of it: its kernel is a random draw
 * there. Settings that have no result yet are among the others, however good these are (the liar is
 * the worst), so that proposals of one generation keep apart.
 */
final class Parzen {
  /** The part of the settings that are the best, and how many these are at most. */
  private static final double BEST = 0.2;

  private static final int MOST_BEST = 25;

  /**
   * Of one kernel; of n over d parameters it is this times n^(-1/(d + 4)), and at least 1/(n + 1).
   */
  private static final double SIGMA = 0.2;

  private static final double LEAST_SIGMA = 0.01;

  private final List<Axis> axes;
  private final Mixture best;
  private final Mixture others;

  /** Kernels of one width about settings, and a random draw. */
  private final class Mixture {
    /** By setting and axis; null where the parameter has no meaning. */
    private final List<Axis.Kernel[]> settings = new ArrayList<>();

    Mixture(List<double[]> centres) {
      double count = Math.max(1, centres.size());
      double sigma = SIGMA * StrictMath.pow(count, -1.0 / (axes.size() + 4));
      double least = Math.max(LEAST_SIGMA, 1 / (1 + count));
      Axis.Width width = new Axis.Width(Math.max(sigma, least), 1 / (1 + count));
      for (double[] centre : centres) {
        Axis.Kernel[] kernels = new Axis.Kernel[centre.length];
        for (int i = 0; i < centre.length; i++) {
          kernels[i] = Double.isNaN(centre[i]) ? null : axes.get(i).kernel(centre[i], width);
        }
        settings.add(kernels);
      }
    }

    /** All coordinates: by the kernels of one setting, or random ones. */
    double[] draw(Uniforms uniforms) {
      int setting = (int) (uniforms.next() * (settings.size() + 1));
      double[] at = new double[axes.size()];
      for (int i = 0; i < at.length; i++) {
        Axis axis = axes.get(i);
        Axis.Kernel kernel = setting == settings.size() ? null : settings.get(setting)[i];
        double drawn = kernel == null ? axis.draw(uniforms) : kernel.draw(uniforms);
        // where the value is that it stands for
        at[i] = axis.at(axis.choice(drawn));
      }
      return at;
    }

    /** The density over that of random draws. */
    double ratio(double[] at) {
      double sum = 1;
      for (Axis.Kernel[] kernels : settings) {
        double product = 1;
        for (int i = 0; i < at.length; i++) {
          if (!Double.isNaN(at[i]) && kernels[i] != null) {
            product *= kernels[i].ratio(at[i]);
          }
        }
        sum += product;
      }
      return sum / (settings.size() + 1);
    }
  }

  /**
   * @param ranked settings that are over, the best first; of each a coordinate for each axis, NaN
   *     where the parameter has no meaning
   * @param pending settings that have no result yet
   */
  Parzen(List<Axis> axes, List<double[]> ranked, List<double[]> pending) {
    this.axes = axes;
    int good = Math.min((int) Math.ceil(BEST * ranked.size()), MOST_BEST);
    List<double[]> rest = new ArrayList<>(ranked.subList(good, ranked.size()));
    rest.addAll(pending);
    best = new Mixture(ranked.subList(0, good));
    others = new Mixture(rest);
  }

  /** A candidate: coordinates drawn by the density of the best. */
  double[] draw(Uniforms uniforms) {
    return best.draw(uniforms);
  }

  /** How promising a candidate is: the density of the best over that of the others. */
  double promise(double[] at) {
    return best.ratio(at) / others.ratio(at);
  }
}
