package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/** The passes of a {@link Convolution}: each row's patches as a matrix, and one product. */
final class ConvolutionPass extends LayerPass {
  private final Convolution layer;
  private final int reads;
  private final int span;
  private final int stride;
  private final int positions;
  private final int patch;

  /** Where each patch starts in a row that has what is beyond the edges. */
  private final int[] start;

  /** From one line of the map to the next in such a row, and of a patch. */
  private final int line;

  private final int ofPatchLine;

  /** A row with what is beyond the edges; empty where there is nothing. */
  private final Floats bordered;

  /** (positions x patch). */
  private final Floats patches;

  /** The row that {@link #patches} are of. */
  private int gathered = -1;

  /** The weights as (stride x padded patch); made when first needed. */
  private Floats transposed;

  private Floats byPatch;
  private final Arena memory;

  ConvolutionPass(Convolution layer, int capacity, Arena memory) {
    super(layer, capacity, null, memory);
    this.layer = layer;
    this.memory = memory;
    Extent from = layer.reads();
    Extent to = layer.puts();
    reads = from.span();
    span = to.span();
    stride = layer.stride();
    positions = to.positions();
    patch = layer.patch();
    line = (from.width() + 2 * layer.padding()) * from.step();
    ofPatchLine = layer.size() * from.step();
    int height = from.height() + 2 * layer.padding();
    bordered = memory.of(layer.padding() == 0 ? 0 : Kernels.padded(height * line));
    patches = memory.of(positions * patch);
    start = new int[positions];
    for (int p = 0; p < positions; p++) {
      int y = p / to.width() * layer.stepSize();
      int x = p % to.width() * layer.stepSize();
      start[p] = y * line + x * from.step();
    }
  }

  /** Where line {@code y} of a map starts in {@link #bordered}. */
  private int lineAt(int y) {
    return (y + layer.padding()) * line + layer.padding() * layer.reads().step();
  }

  private void gather(int row) {
    if (gathered == row) {
      return;
    }
    gathered = row;
    int length = layer.reads().width() * layer.reads().step();
    for (int y = 0; layer.padding() > 0 && y < layer.reads().height(); y++) {
      bordered.copy(input, row * reads + y * length, lineAt(y), length);
    }
    Floats source = layer.padding() > 0 ? bordered : input;
    float[] from = source.array();
    int at = source.at() + (layer.padding() > 0 ? 0 : row * reads);
    float[] to = patches.array();
    int next = patches.at();
    for (int p = 0; p < positions; p++) {
      for (int k = 0; k < layer.size(); k++) {
        int first = at + start[p] + k * line;
        if (ofPatchLine < Kernels.LANES) {
          for (int i = 0; i < ofPatchLine; i++) {
            to[next + i] = from[first + i];
          }
        } else {
          System.arraycopy(from, first, to, next, ofPatchLine);
        }
        next += ofPatchLine;
      }
    }
  }

  @Override
  void run(Floats w, int rows) {
    gathered = -1;
    for (int r = 0; r < rows; r++) {
      gather(r);
      product(w, r * span);
    }
    rectify(rows * span);
  }

  private void product(Floats w, int at) {
    for (int p = 0; p < positions; p++) {
      int bias = layer.biasAt() + (layer.shared() ? 0 : p * stride);
      out.copy(w, bias, at + p * stride, stride);
    }
    if (layer.shared()) {
      kernels.multiplyAdd(
          positions, stride, patch, patches, 0, patch, 1, w, 0, stride, out, at, stride);
      return;
    }
    for (int p = 0; p < positions; p++) {
      int from = p * patch * stride;
      kernels.rowTimes(patches, p * patch, 1, patch, w, from, stride, out, at + p * stride);
    }
  }

  @Override
  void runPairs(Floats w, int pairs, Floats noise) {
    run(w, 2 * pairs);
    addNoise(noise, pairs, span, out);
  }

  @Override
  void runPairs(LayerPass clean, int row, Floats w, int pairs, Floats noise) {
    spread(clean.out, row, span, pairs, noise);
  }

  @Override
  public void accumulate(int row, Floats signal, int at, Floats sums) {
    gather(row);
    if (layer.shared()) {
      kernels.multiplyAdd(
          patch, stride, positions, patches, 0, 1, patch, signal, at, stride, sums, 0, stride);
    }
    for (int p = 0; p < positions; p++) {
      int from = at + p * stride;
      if (!layer.shared()) {
        int to = p * patch * stride;
        kernels.multiplyAdd(
            patch, stride, 1, patches, p * patch, 1, 1, signal, from, stride, sums, to, stride);
      }
      int bias = layer.biasAt() + (layer.shared() ? 0 : p * stride);
      kernels.addScaled(1f, signal, from, sums, bias, stride);
    }
  }

  @Override
  public double squares(int row, Floats signal, int at) {
    gather(row);
    double sum = 0;
    for (int p = 0; p < positions; p++) {
      double read = square(patches, p * patch, patch) + 1;
      sum += square(signal, at + p * stride, stride) * read;
    }
    return sum;
  }

  @Override
  void prepareBackward(Floats w) {
    int width = Kernels.padded(patch);
    if (transposed == null) {
      transposed = memory.of(layer.sets() * stride * width);
      byPatch = memory.of(positions * width);
    }
    for (int set = 0; set < layer.sets(); set++) {
      for (int i = 0; i < patch; i++) {
        for (int c = 0; c < stride; c++) {
          transposed.set((set * stride + c) * width + i, w.get((set * patch + i) * stride + c));
        }
      }
    }
  }

  @Override
  void backward(Floats w, int rows, Floats byOut, Floats signal, Floats byInput) {
    kernels.multiply(byOut, slope, signal, rows * span);
    if (byInput == null) {
      return;
    }
    int width = Kernels.padded(patch);
    for (int r = 0; r < rows; r++) {
      kernels.clear(byPatch, positions * width);
      int product = layer.shared() ? positions : 1;
      for (int p = 0; p < positions; p += product) {
        int from = r * span + p * stride;
        int set = layer.shared() ? 0 : p * stride * width;
        kernels.multiplyAdd(
            product,
            width,
            layer.channels(),
            signal,
            from,
            stride,
            1,
            transposed,
            set,
            width,
            byPatch,
            p * width,
            width);
      }
      scatter(r, width, byInput);
    }
  }

  /** Adds the patches' gradients to those of the row's numbers. */
  private void scatter(int row, int width, Floats byInput) {
    boolean edges = layer.padding() > 0;
    Floats to = edges ? bordered : byInput;
    int at = edges ? 0 : row * reads;
    to.fill(at, at + (edges ? bordered.length() : reads), 0f);
    float[] sums = to.array();
    float[] from = byPatch.array();
    for (int p = 0; p < positions; p++) {
      for (int k = 0; k < layer.size(); k++) {
        int first = to.at() + at + start[p] + k * line;
        int next = byPatch.at() + p * width + k * ofPatchLine;
        for (int i = 0; i < ofPatchLine; i++) {
          sums[first + i] += from[next + i];
        }
      }
    }
    int length = layer.reads().width() * layer.reads().step();
    for (int y = 0; edges && y < layer.reads().height(); y++) {
      byInput.copy(bordered, lineAt(y), row * reads + y * length, length);
    }
    if (edges) {
      // what is beyond the edges is zero in a pass
      bordered.fill(0, bordered.length(), 0f);
      gathered = -1;
    }
  }
}
