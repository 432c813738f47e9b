package org.grlu.noise;

import org.grlu.math.Kernels;

/** The distribution of a perturbation: mean 0, standard deviation as asked. */
public enum NoiseKind {
  GAUSSIAN {
    @Override
    public void fill(Kernels kernels, long key, float scale, float[] out, int at, int units) {
      kernels.gaussian(key, scale, out, at, units);
    }
  },
  /** Plus or minus the scale with equal odds. */
  RADEMACHER {
    @Override
    public void fill(Kernels kernels, long key, float scale, float[] out, int at, int units) {
      kernels.rademacher(key, scale, out, at, units);
    }
  };

  /**
   * Fills one row; see {@link Kernels#gaussian}.
   *
   * @param out Modified from {@code at}, for the padded number of units
   */
  public abstract void fill(Kernels kernels, long key, float scale, float[] out, int at, int units);
}
