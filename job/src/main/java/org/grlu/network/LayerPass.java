package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * The passes of one {@link Layer} over a few rows at a time: examples, or an example under several
 * perturbations. Rows are (rows x span) of what they hold, padding zero.
 *
 * <p>Signals, here and in rules, are by neuron: what the reward gains by a small change of its
 * pre-activation.
 */
public abstract class LayerPass {
  final Kernels kernels = Kernels.best();

  /** What it reads, after layer norm where it has weights. */
  final Floats input;

  /** What it puts out. */
  final Floats out;

  /** What its neurons hand on, by neuron; what it puts out, but for a recurrent layer. */
  final Floats states;

  /** The activation's slope by neuron. Of a pass without noise. */
  final Floats slope;

  /** Layer norm's mean and factor, by row. */
  final Floats mean;

  final Floats scale;

  /**
   * @param states as many as {@link Layer#neurons} has for each row; null where they are {@link
   *     #out}
   */
  LayerPass(Layer layer, int capacity, Floats states, Arena memory) {
    input = memory.of(capacity * layer.reads().span());
    out = memory.of(capacity * layer.puts().span());
    this.states = states == null ? out : states;
    slope = memory.of(capacity * Kernels.padded(layer.units()));
    mean = memory.of(Kernels.padded(capacity));
    scale = memory.of(Kernels.padded(capacity));
  }

  /** What its neurons hand on, (rows x padded units). */
  public final Floats states() {
    return states;
  }

  /** The activation's slope of a pass without noise, (rows x padded units). */
  public final Floats slope() {
    return slope;
  }

  /** Reads what {@link #backward} needs of the weights; to be called when they have changed. */
  void prepareBackward(Floats w) {}

  /**
   * A pass without noise over {@link #input}: fills {@link #out}, {@link #states} and {@link
   * #slope}.
   */
  abstract void run(Floats w, int rows);

  /**
   * The members of antithetic pairs: row p with the noise, row pairs + p with its opposite.
   *
   * @param noise (pairs x padded units), null for none
   */
  abstract void runPairs(Floats w, int pairs, Floats noise);

  /**
   * The same where all rows read what row {@code row} of a pass without noise does.
   *
   * @param clean of the same layer
   */
  abstract void runPairs(LayerPass clean, int row, Floats w, int pairs, Floats noise);

  /**
   * Adds what a row's signal changes of the weights, signal outer input, summed over positions or
   * steps.
   *
   * @param row of the last {@link #run}
   * @param signal Not modified. From {@code at}, (padded units)
   * @param sums Modified. (rows of the weights x stride)
   */
  public abstract void accumulate(int row, Floats signal, int at, Floats sums);

  /**
   * The squares of what positions or steps change by themselves, {@code sum_s |g[s]|^2 (|u[s]|^2 +
   * 1)}, g being the signal and u what it is multiplied by: what {@link #accumulate} adds has this
   * square where their changes are at right angles, more where they agree.
   *
   * @param row of the last {@link #run}
   * @param signal Not modified. From {@code at}, (padded units)
   */
  public abstract double squares(int row, Floats signal, int at);

  static double square(Floats x, int at, int n) {
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      sum += (double) x.get(i) * x.get(i);
    }
    return sum;
  }

  /**
   * Sends gradients back.
   *
   * @param rows of the last {@link #run}
   * @param byOut Not modified. The reward's gradient by {@link #out}
   * @param signal Modified: its gradient by each neuron's pre-activation
   * @param byInput Modified: its gradient by {@link #input}; null where nobody needs it
   */
  abstract void backward(Floats w, int rows, Floats byOut, Floats signal, Floats byInput);

  /** Copies a row of a pass without noise to all rows, plus and minus the noise. */
  final void spread(Floats clean, int row, int span, int pairs, Floats noise) {
    for (int r = 0; r < 2 * pairs; r++) {
      out.copy(clean, row * span, r * span, span);
    }
    addNoise(noise, pairs, span, out);
  }

  /** Adds the noise to rows of plus members, and takes it from those of minus members. */
  final void addNoise(Floats noise, int pairs, int span, Floats to) {
    if (noise != null) {
      kernels.addScaled(1f, noise, 0, to, 0, pairs * span);
      kernels.addScaled(-1f, noise, 0, to, pairs * span, pairs * span);
    }
  }

  /** ReLU of {@link #out}, and its slope. */
  final void rectify(int n) {
    kernels.positive(out, slope, n);
    kernels.multiply(out, slope, out, n);
  }
}
