package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;

/** The passes of a {@link Pool}. */
final class PoolPass extends LayerPass {
  private final Extent from;
  private final Extent to;
  private final int size;
  private final float share;

  PoolPass(Pool layer, int capacity, Arena memory) {
    super(layer, capacity, null, memory);
    from = layer.reads();
    to = layer.puts();
    size = layer.size();
    share = 1f / (size * size);
  }

  /** Where the upper left of a square is in a row. */
  private int square(int position) {
    int y = position / to.width() * size;
    int x = position % to.width() * size;
    return (y * from.width() + x) * from.step();
  }

  @Override
  void run(Floats w, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int p = 0; p < to.positions(); p++) {
        int at = r * to.span() + p * to.step();
        out.fill(at, at + to.channels(), 0f);
        for (int k = 0; k < size * size; k++) {
          int first = r * from.span() + square(p) + within(k);
          for (int c = 0; c < to.channels(); c++) {
            out.set(at + c, out.get(at + c) + input.get(first + c));
          }
        }
        for (int c = 0; c < to.channels(); c++) {
          out.set(at + c, out.get(at + c) * share);
        }
      }
    }
  }

  private int within(int k) {
    return (k / size * from.width() + k % size) * from.step();
  }

  @Override
  void runPairs(Floats w, int pairs, Floats noise) {
    run(w, 2 * pairs);
  }

  @Override
  void runPairs(LayerPass clean, int row, Floats w, int pairs, Floats noise) {
    spread(clean.out, row, to.span(), pairs, null);
  }

  @Override
  public void accumulate(int row, Floats signal, int at, Floats sums) {
    throw new IllegalStateException("a layer without weights does not learn");
  }

  @Override
  public double squares(int row, Floats signal, int at) {
    return 0;
  }

  @Override
  void backward(Floats w, int rows, Floats byOut, Floats signal, Floats byInput) {
    if (byInput == null) {
      return;
    }
    byInput.fill(0, rows * from.span(), 0f);
    for (int r = 0; r < rows; r++) {
      for (int p = 0; p < to.positions(); p++) {
        int at = r * to.span() + p * to.step();
        for (int k = 0; k < size * size; k++) {
          int first = r * from.span() + square(p) + within(k);
          for (int c = 0; c < to.channels(); c++) {
            byInput.set(first + c, byOut.get(at + c) * share);
          }
        }
      }
    }
  }
}
