package org.grlu.rule;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;

/**
 * Computes the sum of {@code x x^T} over examples. {@value #BLOCK} examples are collected first.
 * Their products are summed in 32 bits and added to {@link ExactSums}, which add almost no rounding
 * error. The sum over 60,000 examples is therefore as exact as one over {@value #BLOCK}. Only the
 * matrix's upper triangle and the blocks on its diagonal are computed.
 */
final class InputProducts {
  private static final String SUMS = "products";
  private static final String RESTS = "product_rests";
  private static final String WAITING = "waiting";
  private static final String COUNT = "waiting_count";

  /** The size of a block of examples, and of a block of the matrix's rows. */
  static final int BLOCK = 64;

  private final Kernels kernels = Kernels.best();
  private final int inputs;
  private final int stride;

  /** A block of the matrix's rows, summed over a block of examples. */
  private final Floats rows;

  InputProducts(NetworkShape shape, Arena memory) {
    this.inputs = shape.inputs(0);
    this.stride = Inputs.stride(shape);
    this.rows = memory.of(BLOCK * stride);
  }

  /**
   * Returns a state that also holds the sum, which is 0.
   *
   * @param beside the other arrays of the state
   */
  static State state(NetworkShape shape, State beside) {
    int stride = Inputs.stride(shape);
    int n = shape.inputs(0) * stride;
    List<Integer> size = List.of(shape.inputs(0), stride);
    return beside
        .and(SUMS, State.Reader.UPDATE, size, Floats.of(n))
        .and(RESTS, State.Reader.UPDATE, size, Floats.of(n))
        .and(WAITING, State.Reader.UPDATE, List.of(BLOCK, stride), Floats.of(BLOCK * stride))
        .and(COUNT, State.Reader.UPDATE, List.of(1), Floats.of(1));
  }

  /**
   * Adds an example.
   *
   * @param x Not modified. (stride)
   * @param state Modified.
   */
  void add(Floats x, State state) {
    Floats count = state.array(COUNT);
    int waiting = (int) count.get(0);
    state.array(WAITING).copy(x, 0, waiting * stride, stride);
    count.set(0, waiting + 1);
    if (waiting + 1 == BLOCK) {
      flush(state);
    }
  }

  /**
   * Adds the products of the examples that have been collected.
   *
   * @param state Modified
   */
  void flush(State state) {
    Floats waiting = state.array(WAITING);
    int examples = (int) state.array(COUNT).get(0);
    Floats sums = state.array(SUMS);
    Floats rests = state.array(RESTS);
    for (int i = 0; i < inputs; i += BLOCK) {
      int count = Math.min(BLOCK, inputs - i);
      int width = stride - i;
      kernels.clear(rows, count * width);
      kernels.multiplyAdd(
          count, width, examples, waiting, i, 1, stride, waiting, i, stride, rows, 0, width);
      for (int r = 0; r < count; r++) {
        ExactSums.add(rows, r * width, sums, rests, (i + r) * stride + i, width);
      }
    }
    state.array(COUNT).set(0, 0);
  }

  /**
   * Returns the sum, (inputs x inputs), with both triangles filled. The collected examples must
   * have been flushed.
   */
  DMatrixRMaj matrix(State state) {
    Floats sums = state.array(SUMS);
    Floats rests = state.array(RESTS);
    DMatrixRMaj matrix = new DMatrixRMaj(inputs, inputs);
    for (int i = 0; i < inputs; i++) {
      for (int j = i; j < inputs; j++) {
        double sum = ExactSums.get(sums, rests, i * stride + j);
        matrix.unsafe_set(i, j, sum);
        matrix.unsafe_set(j, i, sum);
      }
    }
    return matrix;
  }
}
