package org.grlu.rule;

import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;

/**
 * Keeps the matrix Q of {@link GrluRls}. Each step subtracts an outer product {@code p p^T} from Q.
 * The vectors p are collected, and {@value #BLOCK} outer products are subtracted at once. Q is then
 * read once a step and written once in {@value #BLOCK} steps. This saves time because memory bounds
 * a step. Both triangles are kept. They have the same bits because the factors of a product
 * commute.
 */
final class Inverse {
  static final String MATRIX = "inverse";
  private static final String WAITING = "waiting";
  private static final String COUNT = "waiting_count";
  private static final int BLOCK = 32;

  private final Kernels kernels = Kernels.best();
  private final int inputs;
  private final int stride;
  private final Floats negative;
  private final Floats along;

  Inverse(NetworkShape shape, Arena memory) {
    this.inputs = shape.inputs(0);
    this.stride = Inputs.stride(shape);
    this.negative = memory.of(BLOCK * stride);
    this.along = memory.of(BLOCK);
  }

  /** Returns a state with Q = {@code I / lambda}. */
  static State state(NetworkShape shape, double lambda) {
    int d = shape.inputs(0);
    int stride = Inputs.stride(shape);
    Floats matrix = Floats.of(d * stride);
    for (int i = 0; i < d; i++) {
      matrix.set(i * stride + i, (float) (1 / lambda));
    }
    State.Reader update = State.Reader.UPDATE;
    return State.NONE
        .and(MATRIX, update, List.of(d, stride), matrix)
        .and(WAITING, update, List.of(BLOCK, stride), Floats.of(BLOCK * stride))
        .and(COUNT, update, List.of(1), Floats.of(1));
  }

  /**
   * Computes the product {@code Q x}.
   *
   * @param x Not modified. (stride)
   * @param state Not modified
   * @param out Modified. (stride)
   */
  void times(Floats x, State state, Floats out) {
    Floats waiting = state.array(WAITING);
    int count = (int) state.array(COUNT).get(0);
    kernels.dots(x, state.array(MATRIX), inputs, stride, out);
    kernels.dots(x, waiting, count, stride, along);
    for (int k = 0; k < count; k++) {
      kernels.addScaled(-along.get(k), waiting, k * stride, out, 0, stride);
    }
  }

  /**
   * Computes {@code Q -= p p^T}.
   *
   * @param p Not modified. (stride)
   * @param state Modified.
   */
  void subtract(Floats p, State state) {
    Floats count = state.array(COUNT);
    int waiting = (int) count.get(0);
    state.array(WAITING).copy(p, 0, waiting * stride, stride);
    count.set(0, waiting + 1);
    if (waiting + 1 == BLOCK) {
      flush(state);
    }
  }

  /**
   * Subtracts the outer products of the collected vectors from the matrix.
   *
   * @param state Modified
   */
  void flush(State state) {
    Floats waiting = state.array(WAITING);
    int count = (int) state.array(COUNT).get(0);
    for (int i = 0; i < count * stride; i++) {
      negative.set(i, -waiting.get(i));
    }
    Floats matrix = state.array(MATRIX);
    kernels.multiplyAdd(
        inputs, stride, count, negative, 0, 1, stride, waiting, 0, stride, matrix, 0, stride);
    state.array(COUNT).set(0, 0);
  }
}
