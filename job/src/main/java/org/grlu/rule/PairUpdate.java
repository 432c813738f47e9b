package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;

/**
 * Computes the updates of a block of antithetic pairs. A layer's update is the outer product of the
 * eligibility (noise x reward difference) and the pair's mean input {@code A s + B h - C}, summed
 * over lanes. {@link GrluWorker} defines A, B and C.
 */
final class PairUpdate {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final int capacity;
  private final PairSource[] sources;

  private static final int NOWHERE = -1;

  /**
   * The layer whose update also yields the coefficients of the layer before, noise x difference, at
   * no cost. Its product multiplies the same noise, and its padding columns are free to hold the
   * coefficients.
   */
  private final int asideIn;

  /** The eligibility, noise x reward difference, (rows x stride). */
  private final Floats eligibility;

  /** The mean input from one source, (width x lanes). */
  private final Floats meanInput;

  /** The rows A, C and ones, (3 x capacity). */
  private final Floats factors;

  private final Floats factorB;
  private final Floats factorC;

  /**
   * The sums of the eligibilities weighted by each row of {@link #factors}, (3 x widest stride).
   */
  private final Floats totals;

  /**
   * Allocates scratch memory for one thread.
   *
   * @param sources Not modified. The input of each layer
   * @param all whether the object updates all layers, and {@link #coefficients} is called last
   */
  PairUpdate(NetworkShape shape, LeafGrid grid, PairSource[] sources, boolean all, Arena memory) {
    this.shape = shape;
    this.capacity = Kernels.padded(grid.blockPerturbations());
    int widest = widest(shape);
    this.sources = sources;
    boolean aside =
        all && shape.depth() > 1 && sources[1].shared && shape.units(1) < shape.stride(1);
    asideIn = aside ? 1 : NOWHERE;
    eligibility = memory.of(capacity * widest);
    meanInput = memory.of(capacity * widest);
    factors = memory.of(3 * capacity);
    factors.fill(2 * capacity, 3 * capacity, 1f);
    factorB = memory.of(capacity);
    factorC = memory.of(capacity);
    totals = memory.of(3 * widest);
  }

  private static int widest(NetworkShape shape) {
    int widest = Kernels.LANES;
    for (int l = 0; l < shape.depth(); l++) {
      widest = Math.max(widest, shape.stride(l));
    }
    return widest;
  }

  /**
   * Computes A, B and C from a layer's means and scales of layer norm for both members, by lane.
   */
  void factors(int lanes, DensePairs layer) {
    kernels.pairFactors(
        layer.meanPlus,
        layer.scalePlus,
        layer.meanMinus,
        layer.scaleMinus,
        lanes,
        factors,
        factorB,
        factorC);
    factors.copy(factorC, 0, capacity, lanes);
  }

  /**
   * Adds the update of a layer whose input differs between perturbations.
   *
   * @param rows the number of pairs
   * @param noise Not modified. The layer's noise, (units x lanes)
   * @param difference Not modified. The reward differences, (rows)
   * @param sums Modified. (rows of the weights x stride)
   */
  void add(int l, int rows, int lanes, Floats noise, Floats difference, Floats sums) {
    int stride = shape.stride(l);
    fillEligibility(l, rows, lanes, noise, difference);
    kernels.clear(totals, 3 * stride);
    kernels.multiplyAdd(
        3, stride, rows, factors, 0, capacity, 1, eligibility, 0, stride, totals, 0, stride);
    kernels.addScaled(1f, totals, 2 * stride, sums, shape.inputs(l) * stride, stride);
    int from = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      PairSource x = sources[i];
      if (!x.shared) {
        kernels.combine(factors, x.s, factorB, x.h, factorC, x.width, lanes, meanInput);
        outer(meanInput, x.width, stride, rows, lanes, sums, from * stride);
      }
      from += x.width;
    }
    addShared(l, rows, lanes, difference, sums);
  }

  /**
   * Adds the part of the update that comes from sources that all lanes share. Their s contributes
   * an outer product of rank one.
   */
  private void addShared(int l, int rows, int lanes, Floats difference, Floats sums) {
    int stride = shape.stride(l);
    int from = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      PairSource x = sources[i];
      if (x.shared) {
        if (x.h != null) {
          kernels.scaleRows(eligibility, factorB, eligibility, rows, stride);
          for (int r = 0; l == asideIn && r < rows; r++) {
            eligibility.set(r * stride + shape.units(l), difference.get(r));
          }
          outer(x.h, x.width, stride, rows, lanes, sums, from * stride);
        }
        kernels.rankOne(x.width, stride, x.s, 0, totals, 0, totals, stride, sums, from * stride);
      }
      from += x.width;
    }
  }

  private void outer(Floats x, int width, int stride, int rows, int lanes, Floats sums, int at) {
    kernels.multiplyAdd(
        width, stride, rows, x, 0, lanes, 1, eligibility, 0, stride, sums, at, stride);
  }

  private void fillEligibility(int l, int rows, int lanes, Floats noise, Floats difference) {
    int stride = shape.stride(l);
    int units = shape.units(l);
    float[] to = eligibility.array();
    float[] from = noise.array();
    for (int r = 0; r < rows; r++) {
      float d = difference.get(r);
      int row = eligibility.at() + r * stride;
      int column = noise.at() + r;
      for (int u = 0; u < units; u++) {
        to[row + u] = from[column + u * lanes] * d;
      }
      Arrays.fill(to, row + units, row + stride, 0f);
    }
  }

  /**
   * Computes layer l's coefficients, {@code sum over rows of noise x difference}. It must be called
   * after {@link #add} of the next layer.
   *
   * @param sums Modified. The layer's coefficients from {@code at}, and the padding columns of the
   *     next layer's matrix
   */
  void coefficients(
      int l, int rows, int lanes, Floats noise, Floats difference, LeafSums sums, int at) {
    int units = shape.units(l);
    Floats coefficients = sums.coefficients(l);
    if (l + 1 != asideIn) {
      kernels.rowProducts(noise, units, lanes, difference, rows, coefficients, at);
      return;
    }
    int stride = shape.stride(asideIn);
    // under dense skip, rows of the network's input come first
    int row = shape.inputs(asideIn) - units;
    Floats from = sums.matrix(asideIn);
    for (int u = 0; u < units; u++) {
      int aside = (row + u) * stride + shape.units(asideIn);
      coefficients.set(at + u, from.get(aside));
      from.set(aside, 0f);
    }
  }
}
