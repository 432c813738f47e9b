package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Functions;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/**
 * Computes the forms of {@link Grlu} that compare pairs with a pass without noise: those with
 * orthogonal or shaped noise, with measured eligibility, or with an output signal other than noise.
 * All pairs of an example are in one leaf.
 */
final class ComparingWorker implements LearningRule.Worker {
  /**
   * The number that keeps the ratio of measured eligibility finite if the noise changed nothing.
   */
  static final float LEAST_POWER = 1e-9f;

  private final Kernels kernels = Kernels.best();
  private final Grlu rule;
  private final NetworkShape shape;
  private final int last;
  private final ForwardPass clean;
  private final PairsPass pass;
  private final PairUpdate update;
  private final OutputLearning output;

  /** The reward differences after a Walsh-Hadamard transform, (pairs). */
  private final Floats transformed;

  ComparingWorker(Grlu rule, NetworkShape shape, LeafGrid grid, Arena memory) {
    this.rule = rule;
    this.shape = shape;
    this.last = shape.depth() - 1;
    this.clean = new ForwardPass(shape, grid.blockExamples(), memory);
    this.pass = new PairsPass(rule, shape, grid, memory);
    this.update = new PairUpdate(shape, grid, pass.sources, false, memory);
    this.output = new OutputLearning(rule, shape, memory);
    boolean orthogonal = rule.noise() == NoiseKind.ORTHOGONAL;
    this.transformed = memory.of(orthogonal ? Kernels.padded(rule.perturbations()) : 0);
  }

  @Override
  public void prepare(Weights weights) {
    clean.prepare(weights);
    pass.prepare(weights);
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    leaf.run(clean, shape);
    for (int example = leaf.fromExample(); example < leaf.toExample(); example++) {
      sums.addReward(example - leaf.fromExample(), pass.run(leaf, example, clean));
      learn(leaf, example, sums);
    }
  }

  @Override
  public ForwardPass clean() {
    return clean;
  }

  private void learn(Leaf leaf, int example, LeafSums sums) {
    int row = example - leaf.fromExample();
    int rows = leaf.pairs();
    int lanes = Kernels.padded(rows);
    if (pass.orthogonal != null) {
      transformed.copy(pass.difference, 0, 0, rows);
      Functions.hadamard(transformed, rows);
    }
    for (int l = 0; l <= last; l++) {
      if (!shape.learns(l)) {
        continue;
      }
      int at = row * shape.stride(l);
      if (rule.form(shape, l) == UpdateForm.MATRIX) {
        update.factors(lanes, pass.layers[l]);
        update.add(l, rows, lanes, pass.layers[l].noise, pass.difference, sums.matrix(l));
      } else if (l == last && rule.outputSignal() != OutputSignal.NOISE) {
        int label = leaf.batch().label(leaf.inBatch(example));
        output.signal(leaf, label, clean.logits(), pass, sums.coefficients(l), at);
      } else if (rule.eligibility() == Eligibility.MEASURED) {
        measured(l, row, rows, lanes, sums.coefficients(l));
      } else {
        injected(l, rows, lanes, sums.coefficients(l), at);
      }
    }
  }

  /** Computes noise x difference, summed over pairs, for the layer that reads images. */
  private void injected(int l, int rows, int lanes, Floats out, int at) {
    int units = shape.units(l);
    if (pass.orthogonal != null) {
      pass.orthogonal[l].sums(transformed, out, at);
    } else {
      kernels.rowProducts(pass.layers[l].noise, units, lanes, pass.difference, rows, out, at);
    }
    for (int u = at; pass.shaped != null && u < at + units; u++) {
      out.set(u, out.get(u) * pass.shaped.factor());
    }
  }

  /** Computes hidden layer l's e from the measured change of its output. */
  private void measured(int l, int row, int rows, int lanes, Floats out) {
    int stride = shape.stride(l);
    int units = shape.units(l);
    int at = row * stride;
    float power = LEAST_POWER;
    if (l == 0 && pass.orthogonal != null) {
      pass.orthogonal[l].sums(transformed, out, at);
      power += rows * pass.orthogonal[l].power();
    } else {
      PairSource next = pass.sources[l + 1];
      kernels.rowProducts(next.h, units, lanes, pass.difference, rows, out, at);
      for (int r = 0; r < rows; r++) {
        power += next.squareH.get(r);
      }
    }
    Floats mask = clean.mask(l);
    float count = l == 0 ? active(mask, at, units) : units;
    float factor = count / power;
    for (int u = at; u < at + units; u++) {
      out.set(u, out.get(u) * mask.get(u) * factor);
    }
  }

  /** Returns how many units of a row the mask lets through. */
  static float active(Floats mask, int at, int units) {
    float count = 0;
    for (int u = at; u < at + units; u++) {
      count += mask.get(u);
    }
    return count;
  }
}
