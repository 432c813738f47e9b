package org.grlu.network;

import java.io.Serializable;
import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;

/**
 * A layer: its shape, how its weights lie in memory and in files, and its passes.
 *
 * <p>Weights are one array a layer, (rows x stride) row-major, transposed: row i holds what input i
 * gives to each unit, so that products run along contiguous rows. Columns are padded with zeros
 * that stay zero. Biases are the last rows.
 *
 * <p>Networks of {@link Dense} layers alone have passes of their own, {@link ForwardPass} and those
 * of the rules; any others are computed by {@link MixedPass} from each layer's {@link LayerPass}.
 */
public sealed interface Layer extends Serializable permits Dense, Convolution, Pool, Recurrent {
  /** Its number, from 0. */
  int index();

  /** What it reads. */
  Extent reads();

  /** What it puts out. */
  Extent puts();

  /** Its neurons, each of which may have noise: those of all positions, or of all steps. */
  default Extent neurons() {
    return puts();
  }

  /** Steps, of a layer that takes what it reads one piece after the other. */
  default int steps() {
    return 1;
  }

  /** Whether its neurons' noise enters before the activation, rather than behind it. */
  default boolean perturbedBefore() {
    return false;
  }

  /** Numbers that it reads for one example. */
  default int inputs() {
    return reads().numbers();
  }

  /** Neurons, the padding between groups of them among them; 0 where there are none. */
  default int units() {
    return neurons().places();
  }

  /** The row length of its weights. */
  int stride();

  /** Rows of its weights; 0 where it has none. */
  int rows();

  /** Whether it keeps its initial weights. */
  boolean frozen();

  /** The factor on the noise scale of its neurons. */
  double noise();

  /**
   * Whether it reads images: inked pixels and a constant, the same for all perturbations. See
   * {@link InputBatch}.
   */
  default boolean readsImages() {
    return false;
  }

  /** Where its biases start in its weights. */
  default int biasAt() {
    return (rows() - 1) * stride();
  }

  /** The length of its weights, padding among them. */
  default int length() {
    return rows() * stride();
  }

  /** Multiplications of its pass over one example. */
  double operations();

  /**
   * Fills in what weights a training begins with.
   *
   * @param w Modified.
   * @param key of the layer's stream
   */
  void initialise(Floats w, long key);

  /**
   * Brings parts that are kept apart in memory together, as files and digests have them.
   *
   * @param w Modified.
   */
  default void fold(Floats w) {}

  /**
   * Takes the sums anew that it keeps of its rows, when all of these have changed.
   *
   * @param w Modified.
   * @param row scratch memory, (stride)
   */
  default void sumRows(Floats w, Floats row) {}

  /** Its arrays as published, the bias last; of folded weights only. */
  List<Parameter> parameters();

  /** Its passes over a few rows at a time, in a network of several kinds of layers. */
  LayerPass pass(boolean hidden, int capacity, Arena memory);

  /** What makes it what it is, in a few characters: 256, conv16x5/2, pool2, rnn64x28. */
  String text();
}
