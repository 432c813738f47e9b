package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * The values that antithetic pairs pass to later layers, for a block of perturbations with one pair
 * in each lane: {@code x(+) = s + h} and {@code x(-) = s - h}. The object also holds the sums over
 * units that layer norm needs.
 */
final class PairSource {
  /** The number of units. */
  final int width;

  /** The mean of the members, (units x lanes), or (padded units) if all lanes share it. */
  final Floats s;

  /** Whether {@link #s} is the same for all lanes. */
  final boolean shared;

  /**
   * Half the difference of the members, (units x lanes); null if they are equal, as at the
   * network's input.
   */
  final Floats h;

  private final Floats sumS;
  private final Floats squareS;

  /** The sums over units of h, s h and h^2, by lane. */
  final Floats sumH;

  final Floats cross;
  final Floats squareH;

  PairSource(int width, int lanes, boolean shared, Floats h, Arena memory) {
    this.width = width;
    this.shared = shared;
    this.s = memory.of(shared ? Kernels.padded(width) : width * lanes);
    this.h = h;
    sumS = memory.of(lanes);
    squareS = memory.of(lanes);
    sumH = memory.of(lanes);
    cross = memory.of(lanes);
    squareH = memory.of(lanes);
  }

  /** Computes the sums over units of s and h, and of their products. */
  void measure(Kernels kernels, int lanes) {
    measureMean(kernels, lanes);
    if (h != null) {
      kernels.pairSums(s, shared, h, width, lanes, sumH, cross, squareH);
    }
  }

  /** Computes the sums over units of s and s^2 only. */
  void measureMean(Kernels kernels, int lanes) {
    if (shared) {
      kernels.rowSums(s, 0, s.length(), 1, sumS, squareS);
      sumS.fill(1, lanes, sumS.get(0));
      squareS.fill(1, lanes, squareS.get(0));
    } else {
      kernels.laneSums(s, width, lanes, sumS, squareS);
    }
  }

  /**
   * Adds the sums over units of {@code s + sign h} and of its square.
   *
   * @param sum Modified. (lanes)
   * @param square Modified. (lanes)
   */
  void addSums(Kernels kernels, float sign, int lanes, Floats sum, Floats square) {
    kernels.addPairSums(sign, sumS, squareS, sumH, cross, squareH, lanes, sum, square);
  }
}
