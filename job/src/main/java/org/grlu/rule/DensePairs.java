package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Dense;
import org.grlu.network.NetworkShape;

/**
 * Passes antithetic pairs through a {@link Dense} layer, with one pair in each lane. A layer that
 * reads images has one product for all pairs. Any other layer multiplies the outputs of its
 * sources, {@code W s} and {@code W h}, and applies layer norm after the product.
 */
final class DensePairs {
  /** The most rows that are multiplied one by one. */
  private static final int FEW = 4;

  private final Kernels kernels = Kernels.best();
  private final Dense layer;
  private final boolean isLast;
  private final int firstSource;
  private final int stride;
  private final PairSource[] sources;
  private final Scratch scratch;

  /** The noise on the layer's units, (units x lanes). */
  final Floats noise;

  /** Layer norm's mean and scale of both members, by lane. */
  final Floats meanPlus;

  final Floats meanMinus;
  final Floats scalePlus;
  final Floats scaleMinus;
  private final Floats columnSums;

  /**
   * Computes the product with the orthogonal noise of the layer before. It is null if that product
   * is an ordinary one.
   */
  private final OrthogonalProduct transform;

  /**
   * Memory that all layers of a worker use in turn.
   *
   * @param productS W s, (widest layer x lanes)
   * @param productH W h, (widest layer x lanes)
   * @param shared W s of the sources that all lanes share, (widest stride)
   * @param turned a few lanes of W h as rows, ({@value #FEW} x widest stride)
   */
  record Scratch(Floats productS, Floats productH, Floats shared, Floats turned) {}

  /**
   * Allocates memory for the passes through one layer.
   *
   * @param sources the input of each layer; the worker fills them during the pass
   * @param lanes the largest number of lanes
   * @param transform computes the product with the orthogonal noise of the layer before; null for
   *     other noise
   */
  DensePairs(
      Dense layer,
      NetworkShape shape,
      PairSource[] sources,
      Scratch scratch,
      int lanes,
      OrthogonalProduct transform,
      Arena memory) {
    this.layer = layer;
    this.transform = transform;
    this.isLast = !shape.hidden(layer.index());
    this.firstSource = shape.firstSource(layer.index());
    this.stride = layer.stride();
    this.sources = sources;
    this.scratch = scratch;
    noise = memory.of(lanes * layer.units());
    meanPlus = memory.of(lanes);
    meanMinus = memory.of(lanes);
    scalePlus = memory.of(lanes);
    scaleMinus = memory.of(lanes);
    columnSums = memory.of(stride);
  }

  /** Returns whether all pairs share the layer's values before its activation and noise. */
  boolean sharesProduct() {
    return layer.readsImages();
  }

  /**
   * Computes the sums over inputs of the weights, which layer norm needs.
   *
   * @param w Not modified
   */
  void prepare(Floats w) {
    if (!layer.readsImages()) {
      kernels.columnSums(w, layer.inputs(), stride, columnSums);
    }
  }

  /**
   * Computes the layer's values before its activation for both members. The values of the network's
   * last layer include its noise.
   *
   * @param w Not modified
   * @param rows the number of pairs
   * @param plus Modified. (units x lanes)
   * @param minus Modified. (units x lanes)
   */
  void linear(Floats w, int rows, int lanes, Floats plus, Floats minus) {
    int units = layer.units();
    boolean allShared = product(w, rows, lanes);
    moments(lanes, 1f, meanPlus, scalePlus);
    moments(lanes, -1f, meanMinus, scaleMinus);
    int bias = layer.biasAt();
    Floats sums = columnSums;
    Floats ws = scratch.productS;
    Floats wh = scratch.productH;
    kernels.normalisePairs(
        ws, allShared, wh, 1f, meanPlus, scalePlus, sums, w, bias, units, lanes, plus);
    kernels.normalisePairs(
        ws, allShared, wh, -1f, meanMinus, scaleMinus, sums, w, bias, units, lanes, minus);
    if (isLast) {
      kernels.addScaled(1f, noise, 0, plus, 0, units * lanes);
      kernels.addScaled(-1f, noise, 0, minus, 0, units * lanes);
    }
  }

  /** Computes W s and W h in the scratch memory. Returns whether W s is the same for all lanes. */
  private boolean product(Floats w, int rows, int lanes) {
    int units = layer.units();
    Floats shared = scratch.shared;
    Floats productS = scratch.productS;
    Floats productH = scratch.productH;
    kernels.clear(productH, units * lanes);
    boolean allShared = true;
    int from = 0;
    for (int i = firstSource; i <= layer.index(); i++) {
      PairSource x = sources[i];
      int width = x.width;
      if (x.shared) {
        // shared sources come first: the network's input, and the first hidden layer's ReLU
        if (from == 0) {
          kernels.clear(shared, stride);
        }
        kernels.rowTimes(x.s, 0, 1, width, w, from * stride, stride, shared, 0);
      } else {
        if (allShared) {
          kernels.clear(productS, units * lanes);
          if (from > 0) {
            kernels.addToRows(shared, productS, units, lanes);
          }
        }
        allShared = false;
        kernels.multiplyAdd(
            units, lanes, width, w, from * stride, 1, stride, x.s, 0, lanes, productS, 0, lanes);
      }
      if (x.h != null && transform != null && i == layer.index()) {
        transform.times(w, from * stride, x, lanes, productH);
      } else if (x.h != null) {
        times(w, from, x.h, width, rows, lanes);
      }
      from += width;
    }
    if (allShared) {
      productS.copy(shared, 0, 0, stride);
    }
    return allShared;
  }

  /**
   * Adds W h to the scratch memory. A few rows are multiplied one by one, because they would leave
   * most of a block's sixteen lanes idle.
   */
  private void times(Floats w, int from, Floats h, int width, int rows, int lanes) {
    int units = layer.units();
    if (rows > FEW) {
      kernels.multiplyAdd(
          units,
          lanes,
          width,
          w,
          from * stride,
          1,
          stride,
          h,
          0,
          lanes,
          scratch.productH,
          0,
          lanes);
      return;
    }
    for (int r = 0; r < rows; r++) {
      for (int u = 0; u < units; u++) {
        scratch.turned.set(r * stride + u, scratch.productH.get(u * lanes + r));
      }
    }
    for (int r = 0; r < rows; r++) {
      kernels.rowTimes(h, r, lanes, width, w, from * stride, stride, scratch.turned, r * stride);
      for (int u = 0; u < units; u++) {
        scratch.productH.set(u * lanes + r, scratch.turned.get(r * stride + u));
      }
    }
  }

  private void moments(int lanes, float sign, Floats mean, Floats scale) {
    kernels.clear(mean, lanes);
    kernels.clear(scale, lanes);
    for (int i = firstSource; i <= layer.index(); i++) {
      sources[i].addSums(kernels, sign, lanes, mean, scale);
    }
    kernels.layerNorm(layer.inputs(), mean, scale, lanes);
  }
}
