package org.grlu.network;

import java.util.function.Function;
import org.grlu.math.Arena;
import org.grlu.math.Floats;

/**
 * A layer with weights of its own: its shape, how its weights lie in memory and in files, its
 * unperturbed pass. What a rule computes in it beyond that, the pass of an antithetic pair and the
 * update, is in the rules' package, a class for each kind.
 *
 * <p>Weights are one array a layer, (rows x stride) row-major, transposed: row i holds what input i
 * gives to each unit, so that products run along contiguous rows. Columns are padded with zeros
 * that stay zero. The last row is the bias.
 */
public sealed interface Layer permits Dense {
  /** Its number, from 0. */
  int index();

  /** Numbers that it reads for one example. */
  int inputs();

  /** Neurons. */
  int units();

  /** {@link #units} padded: the row length of weights and of what it puts out. */
  int stride();

  /** Rows of its weights. */
  int rows();

  /**
   * Whether it reads images: inked pixels and a constant, the same for all perturbations. See
   * {@link InputBatch}.
   */
  boolean readsImages();

  /** Where its bias starts in its weights. */
  default int biasAt() {
    return (rows() - 1) * stride();
  }

  /** The length of its weights, padding among them. */
  default int length() {
    return rows() * stride();
  }

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
  void fold(Floats w);

  /**
   * Takes the sums anew that it keeps of its rows, when all of these have changed.
   *
   * @param w Modified.
   * @param row scratch memory, (stride)
   */
  void sumRows(Floats w, Floats row);

  /** The weights as published, (units x inputs) row-major. Folded weights only. */
  float[] published(Floats w);

  /**
   * Takes over published weights and biases.
   *
   * @param w Modified.
   */
  void set(Floats w, float[] matrix, float[] bias);

  /**
   * What {@code dense} makes of it: one function for each kind, so that a further kind is missed
   * nowhere.
   */
  <T> T match(Function<Dense, T> dense);

  /** Its unperturbed pass over a few examples at a time, its buffers in {@code memory}. */
  DensePass pass(NetworkShape shape, int capacity, Arena memory);
}
