package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;

/** The passes of a {@link Recurrent} layer. */
final class RecurrentPass extends LayerPass {
  private final Recurrent layer;
  private final int steps;
  private final int stride;
  private final int reads;
  private final int piece;

  /** Of a row: its states, one step after the other. */
  private final int span;

  /** {@code W u[t] + b}, (rows x span). */
  private final Floats drive;

  /** The gradient by a state, (stride). */
  private final Floats byState;

  RecurrentPass(Recurrent layer, int capacity, Arena memory) {
    super(layer, capacity, memory.of(capacity * layer.steps() * layer.stride()), memory);
    this.layer = layer;
    steps = layer.steps();
    stride = layer.stride();
    span = steps * stride;
    reads = layer.reads().span();
    piece = layer.piece();
    drive = memory.of(capacity * span);
    byState = memory.of(stride);
  }

  private int weights(int t) {
    return layer.shared() ? 0 : t * layer.ofSet() * stride;
  }

  private int bias(int t) {
    return layer.biasAt() + (layer.shared() ? 0 : t * stride);
  }

  @Override
  void run(Floats w, int rows) {
    drive(w, rows);
    states.copy(drive, 0, 0, rows * span);
    recur(w, rows);
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < steps; t++) {
        int at = r * span + t * stride;
        for (int u = at; u < at + layer.size(); u++) {
          float h = states.get(u);
          slope.set(u, 1f - h * h);
        }
      }
    }
  }

  private void drive(Floats w, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < steps; t++) {
        drive.copy(w, bias(t), r * span + t * stride, stride);
      }
      if (layer.shared()) {
        kernels.multiplyAdd(
            steps, stride, piece, input, r * reads, piece, 1, w, 0, stride, drive, r * span,
            stride);
        continue;
      }
      for (int t = 0; t < steps; t++) {
        int at = r * span + t * stride;
        kernels.rowTimes(input, r * reads + t * piece, 1, piece, w, weights(t), stride, drive, at);
      }
    }
  }

  /** From {@link #states} that hold what drives each: adds what the state before gives. */
  private void recur(Floats w, int rows) {
    for (int t = 0; t < steps; t++) {
      if (t > 0) {
        int from = weights(t) + piece * stride;
        int before = (t - 1) * stride;
        if (rows == 1) {
          kernels.rowTimes(
              states, before, 1, layer.size(), w, from, stride, states, before + stride);
        } else {
          kernels.multiplyAdd(
              rows,
              stride,
              layer.size(),
              states,
              before,
              span,
              1,
              w,
              from,
              stride,
              states,
              before + stride,
              span);
        }
      }
      for (int r = 0; r < rows; r++) {
        kernels.tanh(states, r * span + t * stride, stride);
      }
    }
    for (int r = 0; r < rows; r++) {
      out.copy(states, r * span + span - stride, r * stride, stride);
    }
  }

  @Override
  void runPairs(Floats w, int pairs, Floats noise) {
    drive(w, 2 * pairs);
    states.copy(drive, 0, 0, 2 * pairs * span);
    addNoise(noise, pairs, span, states);
    recur(w, 2 * pairs);
  }

  @Override
  void runPairs(LayerPass clean, int row, Floats w, int pairs, Floats noise) {
    Floats shared = ((RecurrentPass) clean).drive;
    for (int r = 0; r < 2 * pairs; r++) {
      states.copy(shared, row * span, r * span, span);
    }
    addNoise(noise, pairs, span, states);
    recur(w, 2 * pairs);
  }

  @Override
  public void accumulate(int row, Floats signal, int at, Floats sums) {
    int before = row * span;
    if (layer.shared()) {
      kernels.multiplyAdd(
          piece, stride, steps, input, row * reads, 1, piece, signal, at, stride, sums, 0, stride);
      kernels.multiplyAdd(
          layer.size(),
          stride,
          steps - 1,
          states,
          before,
          1,
          stride,
          signal,
          at + stride,
          stride,
          sums,
          piece * stride,
          stride);
    }
    for (int t = 0; t < steps; t++) {
      int of = at + t * stride;
      if (!layer.shared()) {
        int from = row * reads + t * piece;
        kernels.multiplyAdd(
            piece, stride, 1, input, from, 1, 1, signal, of, stride, sums, weights(t), stride);
      }
      if (!layer.shared() && t > 0) {
        kernels.multiplyAdd(
            layer.size(),
            stride,
            1,
            states,
            before + (t - 1) * stride,
            1,
            1,
            signal,
            of,
            stride,
            sums,
            weights(t) + piece * stride,
            stride);
      }
      kernels.addScaled(1f, signal, of, sums, bias(t), stride);
    }
  }

  @Override
  public double squares(int row, Floats signal, int at) {
    double sum = 0;
    for (int t = 0; t < steps; t++) {
      double read = square(input, row * reads + t * piece, piece) + 1;
      if (t > 0) {
        read += square(states, row * span + (t - 1) * stride, stride);
      }
      sum += square(signal, at + t * stride, stride) * read;
    }
    return sum;
  }

  @Override
  void backward(Floats w, int rows, Floats byOut, Floats signal, Floats byInput) {
    for (int r = 0; r < rows; r++) {
      byState.copy(byOut, r * stride, 0, stride);
      for (int t = steps - 1; t >= 0; t--) {
        int at = r * span + t * stride;
        for (int u = 0; u < stride; u++) {
          signal.set(at + u, byState.get(u) * slope.get(at + u));
        }
        Floats here = signal.part(at, stride);
        if (t > 0) {
          int recurrent = weights(t) + piece * stride;
          Floats matrix = w.part(recurrent, layer.size() * stride);
          kernels.dots(here, matrix, layer.size(), stride, byState);
        }
        if (byInput != null) {
          Floats matrix = w.part(weights(t), piece * stride);
          kernels.dots(here, matrix, piece, stride, byInput.part(r * reads + t * piece, piece));
        }
      }
    }
  }
}
