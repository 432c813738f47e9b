package org.grlu.network;

import java.util.List;
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
 * @param reads what it reads
 * @param size neurons
 * @param readsImages whether its input is the network's, in a network of dense layers alone
 * @param frozen whether it keeps its initial weights
 * @param noise the factor on the noise scale of its neurons
 */
public record Dense(
    int index, Extent reads, int size, boolean readsImages, boolean frozen, double noise)
    implements Layer {
  /** How it is configured in a list of layers. */
  public static final LayerForm FORM =
      new LayerForm(
          List.of(LayerForm.Option.count("dense", null, 1), LayerForm.FROZEN, LayerForm.NOISE),
          (index, reads, v) ->
              new Dense(
                  index,
                  reads,
                  LayerForm.whole(v, "dense"),
                  false,
                  LayerForm.flag(v, LayerForm.FROZEN),
                  LayerForm.noise(v)));

  /** One of a network of dense layers alone. */
  public Dense(int index, int inputs, int units, boolean readsImages) {
    this(index, Extent.flat(inputs), units, readsImages, false, 1);
  }

  @Override
  public Extent puts() {
    return Extent.map(1, 1, size);
  }

  @Override
  public int stride() {
    return Kernels.padded(size);
  }

  @Override
  public int rows() {
    return reads.places() + (readsImages ? 3 : 1);
  }

  @Override
  public double operations() {
    return (double) inputs() * size;
  }

  @Override
  public String text() {
    return String.valueOf(size) + MixedPass.remarks(this, true);
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
    int inputs = inputs();
    float scale = (float) StrictMath.sqrt(2.0 / inputs);
    Floats row = Floats.of(Kernels.padded(inputs));
    for (int unit = 0; unit < size; unit++) {
      Kernels.best().gaussian(StreamKey.child(key, unit), scale, row, 0, inputs);
      for (int i = 0; i < inputs; i++) {
        w.set(reads.place(i) * stride() + unit, row.get(i));
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
    int inputs = inputs();
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
      Kernels.best().columnSums(w, inputs(), stride(), row);
      w.copy(row, 0, inkSumRow(inputs()) * stride(), stride());
    }
  }

  @Override
  public List<Parameter> parameters() {
    int inputs = inputs();
    return List.of(
        new Parameter(
            "W", List.of(size, inputs), i -> reads.place(i % inputs) * stride() + i / inputs),
        new Parameter("b", List.of(size), i -> biasAt() + i));
  }

  @Override
  public LayerPass pass(boolean hidden, int capacity, Arena memory) {
    return new DenseLayerPass(this, hidden, capacity, memory);
  }
}
