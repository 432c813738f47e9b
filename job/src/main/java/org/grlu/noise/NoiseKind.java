package org.grlu.noise;

import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/** The distribution of a perturbation: mean 0, standard deviation as asked. */
public enum NoiseKind {
  GAUSSIAN {
    @Override
    public void fill(
        Kernels kernels, int[] low, int[] high, float scale, int units, int lanes, Floats out) {
      kernels.gaussians(low, high, scale, units, lanes, out);
    }
  },
  /** Plus or minus the scale with equal odds. */
  RADEMACHER {
    @Override
    public void fill(
        Kernels kernels, int[] low, int[] high, float scale, int units, int lanes, Floats out) {
      kernels.rademachers(low, high, scale, units, lanes, out);
    }
  },
  /**
   * Plus or minus the scale, by rows of a Hadamard matrix: the signs of two neurons are orthogonal
   * over an example's pairs. It is drawn for all pairs at once, by who knows the neurons; drawn a
   * pair at a time it is {@link #RADEMACHER}.
   */
  ORTHOGONAL {
    @Override
    public void fill(
        Kernels kernels, int[] low, int[] high, float scale, int units, int lanes, Floats out) {
      RADEMACHER.fill(kernels, low, high, scale, units, lanes, out);
    }
  },
  /**
   * What moves the outputs by random signs: it is made of the outgoing weights, by who knows them.
   */
  SHAPED {
    @Override
    public void fill(
        Kernels kernels, int[] low, int[] high, float scale, int units, int lanes, Floats out) {
      throw new IllegalStateException("shaped noise is made of weights, not drawn");
    }
  };

  /**
   * Fills a block, a stream a lane; see {@link Kernels#gaussians}.
   *
   * @param out Modified. (units x lanes)
   */
  public abstract void fill(
      Kernels kernels, int[] low, int[] high, float scale, int units, int lanes, Floats out);
}
