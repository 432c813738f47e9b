package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;

/**
 * Noise of rank one on the weights, for a block of antithetic pairs with one pair in each lane. The
 * class also computes the noise's part of a layer's product, {@code (sigma a outer b) u = sigma a
 * (b . u)}. The noise is therefore never stored as a matrix.
 */
final class RankOneNoise {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;

  /** The factors sigma a, by layer, (units x lanes). */
  private final Floats[] ofUnits;

  /** The noise on the biases times sigma, by layer, (units x lanes). */
  private final Floats[] ofBiases;

  /**
   * The factors b by layer and source, (width x lanes). As the weights do, the first layer's b has
   * one more row for the sum of all others. Its rows of the constant and of the bias are zero.
   */
  private final Floats[][] ofInputs;

  /** The sums of b over inputs, by layer, (lanes). */
  private final Floats[] sums;

  /** The factor b of a layer with more than one source, (inputs x lanes). */
  private final Floats whole;

  // scratch memory, (lanes) each
  private final Floats zeros;
  private final Floats sum;
  private final Floats square;
  private final Floats cross;
  private final Floats byS;
  private final Floats byH;

  /** The noise's part of a layer's values, (widest layer's units x lanes). */
  private final Floats change;

  // the block of pairs that is drawn
  private boolean drawn;
  private long stream;
  private int first;
  private float sigma;

  RankOneNoise(NetworkShape shape, int lanes, Arena memory) {
    this.shape = shape;
    int depth = shape.depth();
    ofUnits = new Floats[depth];
    ofBiases = new Floats[depth];
    ofInputs = new Floats[depth][];
    sums = new Floats[depth];
    int widest = 0;
    int most = 0;
    for (int l = 0; l < depth; l++) {
      ofUnits[l] = memory.of(shape.units(l) * lanes);
      ofBiases[l] = memory.of(shape.units(l) * lanes);
      sums[l] = memory.of(lanes);
      widest = Math.max(widest, shape.units(l));
      ofInputs[l] = new Floats[l + 1];
      for (int i = shape.firstSource(l); i <= l; i++) {
        ofInputs[l][i] = memory.of((l == 0 ? shape.layer(0).rows() : width(i)) * lanes);
      }
      most = shape.firstSource(l) < l ? Math.max(most, shape.inputs(l)) : most;
    }
    whole = memory.of(most * lanes);
    zeros = memory.of(lanes);
    sum = memory.of(lanes);
    square = memory.of(lanes);
    cross = memory.of(lanes);
    byS = memory.of(lanes);
    byH = memory.of(lanes);
    change = memory.of(widest * lanes);
  }

  private int width(int source) {
    return shape.layers().get(source);
  }

  /** Draws the noise of a leaf's pairs, unless it is drawn already. */
  void draw(Leaf leaf, int lanes) {
    Perturbations perturbations = leaf.perturbations();
    float deviation = perturbations.deviation(0);
    boolean same =
        drawn
            && stream == perturbations.ownStream()
            && first == leaf.fromPerturbation()
            && sigma == deviation;
    if (same) {
      return;
    }
    drawn = true;
    stream = perturbations.ownStream();
    first = leaf.fromPerturbation();
    sigma = deviation;
    for (int l = 0; l < shape.depth(); l++) {
      draw(Perturbations.Factor.UNITS, l, leaf, lanes, sigma, ofUnits[l]);
      draw(Perturbations.Factor.BIASES, l, leaf, lanes, sigma, ofBiases[l]);
      if (shape.firstSource(l) == l) {
        draw(Perturbations.Factor.INPUTS, l, leaf, lanes, 1f, ofInputs[l][l]);
      } else {
        draw(Perturbations.Factor.INPUTS, l, leaf, lanes, 1f, whole);
        divide(l, lanes);
      }
      kernels.clear(sums[l], lanes);
      for (int i = shape.firstSource(l); i <= l; i++) {
        kernels.laneSums(ofInputs[l][i], width(i), lanes, sum, square);
        kernels.add(sum, sums[l], lanes);
      }
    }
    int inkSum = shape.inputs(0) + 1;
    ofInputs[0][0].fill((inkSum - 1) * lanes, (inkSum + 2) * lanes, 0f);
    ofInputs[0][0].copy(sums[0], 0, inkSum * lanes, lanes);
  }

  private static void draw(
      Perturbations.Factor factor, int l, Leaf leaf, int lanes, float scale, Floats out) {
    leaf.perturbations()
        .factors(factor, l, leaf.fromPerturbation(), leaf.pairs(), lanes, scale, out);
  }

  /** Copies each source's part of {@link #whole}. */
  private void divide(int l, int lanes) {
    int at = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      ofInputs[l][i].copy(whole, at, 0, width(i) * lanes);
      at += width(i) * lanes;
    }
  }

  /**
   * Computes the noise's part of the first layer's values for one example. The other member has its
   * negative.
   *
   * @return the part, (units x lanes); valid until the next call
   */
  Floats first(InputBatch batch, int e, int lanes) {
    int from = batch.updateFrom(e) - 1;
    int to = batch.updateTo(e) - 2;
    kernels.sparseProduct(batch.index(), batch.value(), from, to, ofInputs[0][0], lanes, byS, 0);
    return change(0, byS, 1f, lanes);
  }

  /**
   * Computes the projections {@code b . s} and {@code b . h} of layer l's input before layer norm.
   *
   * @param sources Not modified. The input of each layer
   */
  void project(int l, PairSource[] sources, int lanes) {
    kernels.clear(byS, lanes);
    kernels.clear(byH, lanes);
    for (int i = shape.firstSource(l); i <= l; i++) {
      PairSource x = sources[i];
      Floats b = ofInputs[l][i];
      if (x.shared) {
        kernels.rowTimes(x.s, 0, 1, x.width, b, 0, lanes, byS, 0);
      } else {
        kernels.pairSums(b, false, x.s, x.width, lanes, sum, cross, square);
        kernels.add(cross, byS, lanes);
      }
      if (x.h != null) {
        kernels.pairSums(b, false, x.h, x.width, lanes, sum, cross, square);
        kernels.add(cross, byH, lanes);
      }
    }
  }

  /**
   * Adds the noise's part to a member's values of layer l before its activation. {@link #project}
   * must be called first.
   *
   * @param sign the sign of the member, 1 or -1
   * @param mean Not modified. Layer norm's mean of the member's input, (lanes)
   * @param scale Not modified. Layer norm's scale of the member's input, (lanes)
   * @param z Modified. (units x lanes)
   */
  void add(int l, float sign, Floats mean, Floats scale, int lanes, Floats z) {
    for (int r = 0; r < lanes; r++) {
      float bx = Math.fma(sign, byH.get(r), byS.get(r));
      sum.set(r, sign * scale.get(r) * (bx - mean.get(r) * sums[l].get(r)));
    }
    kernels.add(change(l, sum, sign, lanes), z, shape.units(l) * lanes);
  }

  /** Returns {@code sigma (a f + sign e)}, where e is the noise on the biases. */
  private Floats change(int l, Floats f, float sign, int lanes) {
    square.fill(0, lanes, sign);
    int units = shape.units(l);
    kernels.combine(f, ofUnits[l], square, ofBiases[l], zeros, units, lanes, change);
    return change;
  }
}
