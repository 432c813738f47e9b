package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;

/** {@code factor E} with noise on each weight by itself, drawn row by row. */
final class FullTerms implements PairTerms {
  private final Kernels kernels = Kernels.best();
  private final Arena memory;
  private final int widest;

  /** By thread: a row of noise; made when first needed. */
  private final List<Floats> rows = new ArrayList<>();

  // of the layer
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
    while (rows.size() < threads.count()) {
      rows.add(memory.of(widest));
    }
  }

  @Override
  public void add(int thread, int from, int to, int at, int count, Floats sum) {
    Floats row = rows.get(thread);
    int stride = layer.stride();
    for (int p = from; p < to; p++) {
      long key = FullNoiseWorker.key(perturbations, p);
      for (int i = 0; i < count; i++) {
        WeightNoise.row(kernels, key, layer, at + i, row, 0);
        kernels.addScaled(factors[p], row, 0, sum, i * stride, stride);
      }
    }
  }
}
