package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;

/**
 * Computes the terms {@code factor (a outer b)} as one product over pairs. All a and b of a layer
 * are drawn first.
 */
final class RankOneTerms implements PairTerms {
  /** The cost of drawing a normal number, as a number of additions. */
  private static final double DRAW = 16;

  private final Kernels kernels = Kernels.best();
  private final int pairs;

  /** The vectors factor x a, (pairs x stride). */
  private final Floats ofUnits;

  /** The noise on the biases, (pairs x stride). */
  private final Floats ofBiases;

  /** The vectors b, (pairs x width). */
  private final Floats ofInputs;

  /** The factors, (pairs). */
  private final Floats scales;

  // the current layer
  private Layer layer;
  private int width;

  RankOneTerms(NetworkShape shape, int pairs, Arena memory) {
    this.pairs = pairs;
    int units = 0;
    int inputs = 0;
    for (int l = 0; l < shape.depth(); l++) {
      units = Math.max(units, shape.stride(l));
      inputs = Math.max(inputs, Kernels.padded(shape.inputs(l)));
    }
    ofUnits = memory.of(pairs * units);
    ofBiases = memory.of(pairs * units);
    ofInputs = memory.of(pairs * inputs);
    scales = memory.of(pairs);
  }

  @Override
  public void begin(Perturbations perturbations, Layer layer, float[] factors, RowThreads threads) {
    this.layer = layer;
    this.width = Kernels.padded(layer.inputs());
    int l = layer.index();
    int stride = layer.stride();
    double draws = (double) pairs * (width + 2 * stride);
    for (int p = 0; p < pairs; p++) {
      scales.set(p, factors[p]);
    }
    threads.run(
        pairs,
        DRAW * draws,
        (thread, from, to) -> {
          for (int p = from; p < to; p++) {
            perturbations.factor(Perturbations.Factor.UNITS, l, p, ofUnits, p * stride);
            perturbations.factor(Perturbations.Factor.BIASES, l, p, ofBiases, p * stride);
            perturbations.factor(Perturbations.Factor.INPUTS, l, p, ofInputs, p * width);
            for (int u = p * stride; u < (p + 1) * stride; u++) {
              ofUnits.set(u, factors[p] * ofUnits.get(u));
            }
          }
        });
  }

  @Override
  public void add(int thread, int from, int to, int tile, Floats sum) {
    int n = layer.stride();
    int k = to - from;
    if (tile == RowTiles.biases(layer)) {
      kernels.multiplyAdd(1, n, k, scales, from, 1, 1, ofBiases, from * n, n, sum, 0, n);
    } else {
      int rows = RowTiles.rows(layer, tile);
      int b = from * width + tile * RowTiles.ROWS;
      kernels.multiplyAdd(rows, n, k, ofInputs, b, 1, width, ofUnits, from * n, n, sum, 0, n);
    }
  }
}
