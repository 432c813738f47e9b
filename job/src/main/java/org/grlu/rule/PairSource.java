package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * What antithetic pairs hand to later layers, for a block of perturbations, one a lane: {@code x(+)
 * = s + h} and {@code x(-) = s - h}, and the sums over units that layer norm needs of them.
 */
final class PairSource {
  final int width;

  /** (units x lanes), or (units, padded) for all lanes. */
  final Floats s;

  /** Whether {@link #s} is the same for all lanes. */
  final boolean shared;

  /** (units x lanes); null where the pair does not differ, as at the network's input. */
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

  /** Takes the sums of s and h. */
  void measure(Kernels kernels, int lanes) {
    measureMean(kernels, lanes);
    if (h != null) {
      kernels.pairSums(s, shared, h, width, lanes, sumH, cross, squareH);
    }
  }

  /** Takes the sums of s alone. */
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
   * Adds the sums over units of {@code s + sign h}, and of their squares.
   *
   * @param sum Modified. (lanes); so is {@code square}
   */
  void addSums(Kernels kernels, float sign, int lanes, Floats sum, Floats square) {
    kernels.addPairSums(sign, sumS, squareS, sumH, cross, squareH, lanes, sum, square);
  }
}
