package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;

/**
 * Computes the terms {@code factor E} with independent noise on each weight, drawn tile by tile.
 */
final class FullTerms implements PairTerms {
  private final Kernels kernels = Kernels.best();
  private final Arena memory;
  private final int widest;

  /** A tile of noise for each thread. The tiles are allocated when first needed. */
  private final List<Floats> tiles = new ArrayList<>();

  // the current layer
  private Perturbations perturbations;
  private Layer layer;
  private float[] factors;

  FullTerms(NetworkShape shape, Arena memory) {
    this.memory = memory;
    int most = 0;
    for (int l = 0; l < shape.depth(); l++) {
      most = Math.max(most, shape.stride(l));
    }
    this.widest = most;
  }

  @Override
  public void begin(Perturbations perturbations, Layer layer, float[] factors, RowThreads threads) {
    this.perturbations = perturbations;
    this.layer = layer;
    this.factors = factors;
    while (tiles.size() < threads.count()) {
      tiles.add(memory.of(RowTiles.ROWS * widest));
    }
  }

  @Override
  public void add(int thread, int from, int to, int tile, Floats sum) {
    Floats noise = tiles.get(thread);
    int n = RowTiles.rows(layer, tile) * layer.stride();
    for (int p = from; p < to; p++) {
      WeightNoise.tile(kernels, FullNoiseWorker.key(perturbations, p), layer, tile, noise, 0);
      kernels.addScaled(factors[p], noise, 0, sum, 0, n);
    }
  }
}
