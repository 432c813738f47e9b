package org.grlu.network;

import java.util.function.Function;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.noise.StreamKey;

/**
 * A dense layer, {@code z = W u + b}, u being its input after layer norm.
 *
 * <p>One that reads images has two more rows before the bias. A normalised image is a few inked
 * pixels plus a constant, {@code u = value + beta}, and so is an update's outer product with it.
 * The constant's part of the updates is kept in row {@link #constantRow} (v), so that W = S + v 1'
 * and only rows of inked pixels change; row {@link #inkSumRow} is the sum of the rows of S. Because
 * u sums to zero, {@code W u = sum_i value[i] S[i] + beta inkSum}.
 *
 * @param index its number, from 0
 * @param inputs numbers that it reads
 * @param units neurons
 * @param readsImages whether its input is the network's
 */
public record Dense(int index, int inputs, int units, boolean readsImages) implements Layer {
  @Override
  public int stride() {
    return Kernels.padded(units);
  }

  @Override
  public int rows() {
    return inputs + (readsImages ? 3 : 1);
  }

  /** The row of v, the constant's part, where a layer with so many inputs reads images. */
  static int constantRow(int inputs) {
    return inputs;
  }

  /** The row of the sums over S. */
  static int inkSumRow(int inputs) {
    return inputs + 1;
  }

  /** He initialisation: standard normal times sqrt(2 / inputs), biases zero (He et al., 2015). */
  @Override
  public void initialise(Floats w, long key) {
    float scale = (float) StrictMath.sqrt(2.0 / inputs);
    Floats row = Floats.of(Kernels.padded(inputs));
    for (int unit = 0; unit < units; unit++) {
      Kernels.best().gaussian(StreamKey.child(key, unit), scale, row, 0, inputs);
      for (int i = 0; i < inputs; i++) {
        w.set(i * stride() + unit, row.get(i));
      }
    }
    fold(w);
  }

  /** Adds v to every row of S and sums the rows anew. */
  @Override
  public void fold(Floats w) {
    if (!readsImages) {
      return;
    }
    int stride = stride();
    Kernels kernels = Kernels.best();
    int constant = constantRow(inputs) * stride;
    for (int i = 0; i < inputs; i++) {
      kernels.addScaled(1f, w, constant, w, i * stride, stride);
    }
    w.fill(constant, constant + stride, 0f);
    sumRows(w, Floats.of(stride));
  }

  @Override
  public void sumRows(Floats w, Floats row) {
    if (readsImages) {
      Kernels.best().columnSums(w, inputs, stride(), row);
      w.copy(row, 0, inkSumRow(inputs) * stride(), stride());
    }
  }

  @Override
  public float[] published(Floats w) {
    int stride = stride();
    float[] out = new float[units * inputs];
    for (int unit = 0; unit < units; unit++) {
      for (int i = 0; i < inputs; i++) {
        out[unit * inputs + i] = w.get(i * stride + unit);
      }
    }
    return out;
  }

  @Override
  public void set(Floats w, float[] matrix, float[] bias) {
    int stride = stride();
    if (matrix.length != units * inputs || bias.length != units) {
      throw new IllegalArgumentException(
          "layer %d takes %d weights and %d biases, not %d and %d"
              .formatted(index, units * inputs, units, matrix.length, bias.length));
    }
    for (int unit = 0; unit < units; unit++) {
      for (int i = 0; i < inputs; i++) {
        w.set(i * stride + unit, matrix[unit * inputs + i]);
      }
      w.set(biasAt() + unit, bias[unit]);
    }
    if (readsImages) {
      int constant = constantRow(inputs) * stride;
      w.fill(constant, constant + stride, 0f);
    }
    fold(w);
  }

  @Override
  public <T> T match(Function<Dense, T> dense) {
    return dense.apply(this);
  }

  @Override
  public DensePass pass(NetworkShape shape, int capacity, Arena memory) {
    return new DensePass(this, shape.firstSource(index), capacity, memory);
  }
}
