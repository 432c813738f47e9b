package org.grlu.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.ejml.data.FMatrixRMaj;
import org.grlu.math.Kernels;
import org.grlu.noise.StreamKey;

/**
 * A network's weights and biases, one EJML matrix a layer, transposed: row i holds what input i
 * gives to each neuron, so that products run along contiguous rows. Columns are padded with zeros
 * that stay zero. The last row is the bias.
 *
 * <p>The first layer has two more rows before the bias. A normalised image is a few inked pixels
 * plus a constant, {@code u = value + beta}, and so is an update's outer product with it. The
 * constant's part of the updates is kept in row {@link #constantRow} (v), so that W = S + v 1' and
 * only rows of inked pixels change; row {@link #inkSumRow} is the sum of the rows of S. Because u
 * sums to zero, {@code W u = sum_i value[i] S[i] + beta inkSum}. {@link #fold} brings the parts
 * together; digests and files need folded weights.
 */
public final class Weights {
  /**
   * The most numbers that all matrices together may have, padding among them: as bytes they go into
   * one array, with some room for what files have beside them.
   */
  public static final int MOST = 500_000_000;

  private final NetworkShape shape;
  private final FMatrixRMaj[] layers;
  private final State state;

  /**
   * All zero.
   *
   * @throws IllegalArgumentException where {@link #count} is above {@link #MOST}
   */
  public Weights(NetworkShape shape) {
    if (count(shape) > MOST) {
      throw new IllegalArgumentException(
          "layers %s: %d weights, must be at most %d"
              .formatted(shape.layers(), count(shape), MOST));
    }
    this.shape = shape;
    this.state = State.NONE;
    this.layers = new FMatrixRMaj[shape.depth()];
    for (int l = 0; l < layers.length; l++) {
      layers[l] = new FMatrixRMaj(rows(shape, l), shape.stride(l));
    }
  }

  private Weights(NetworkShape shape, FMatrixRMaj[] layers, State state) {
    this.shape = shape;
    this.layers = layers;
    this.state = state;
  }

  /** The same weights, the arrays themselves, beside a rule's state. */
  public Weights with(State beside) {
    return new Weights(shape, layers, beside);
  }

  /** What the rule keeps beside the weights. */
  public State state() {
    return state;
  }

  /** He initialisation: standard normal times sqrt(2 / inputs), biases zero (He et al., 2015). */
  public static Weights initial(NetworkShape shape, long seed) {
    Weights weights = new Weights(shape);
    long root = StreamKey.of(seed, StreamKey.Purpose.WEIGHTS);
    for (int l = 0; l < shape.depth(); l++) {
      int inputs = shape.inputs(l);
      float scale = (float) StrictMath.sqrt(2.0 / inputs);
      float[] row = new float[Kernels.padded(inputs)];
      for (int unit = 0; unit < shape.units(l); unit++) {
        long key = StreamKey.child(StreamKey.child(root, l), unit);
        Kernels.best().gaussian(key, scale, row, 0, inputs);
        for (int i = 0; i < inputs; i++) {
          weights.layers[l].data[i * shape.stride(l) + unit] = row[i];
        }
      }
    }
    weights.fold();
    return weights;
  }

  /** The number of rows of layer {@code l}'s matrix. */
  public static int rows(NetworkShape shape, int l) {
    return shape.inputs(l) + (l == 0 ? 3 : 1);
  }

  /** How many numbers the matrices of a shape have, padding among them. */
  public static long count(NetworkShape shape) {
    long count = 0;
    long before = 0;
    for (int l = 0; l < shape.depth(); l++) {
      int width = shape.layers().get(l);
      long inputs = shape.skip() == Skip.DENSE ? before + width : width;
      count += (inputs + (l == 0 ? 3 : 1)) * shape.stride(l);
      before += width;
    }
    return count;
  }

  public NetworkShape shape() {
    return shape;
  }

  /** Layer {@code l}: (rows x stride), row-major. The array itself: changing it trains. */
  public float[] layer(int l) {
    return layers[l].data;
  }

  /** Layer {@code l} as EJML's matrix, for what is not hot. */
  public FMatrixRMaj matrix(int l) {
    return layers[l];
  }

  /** The row of v, the constant's part of the first layer. */
  public static int constantRow(NetworkShape shape) {
    return shape.inputs(0);
  }

  /** The row of the first layer's sums over S. */
  public static int inkSumRow(NetworkShape shape) {
    return shape.inputs(0) + 1;
  }

  /** Where layer {@code l}'s bias starts in {@link #layer}. */
  public int biasAt(int l) {
    return (rows(shape, l) - 1) * shape.stride(l);
  }

  /** Adds v to every row of S and sums the rows anew. Done at the end of every epoch. */
  public void fold() {
    float[] w = layers[0].data;
    int stride = shape.stride(0);
    int inputs = shape.inputs(0);
    Kernels kernels = Kernels.best();
    int constant = constantRow(shape) * stride;
    for (int i = 0; i < inputs; i++) {
      kernels.addScaled(1f, w, constant, w, i * stride, stride);
    }
    Arrays.fill(w, constant, constant + stride, 0f);
    float[] sums = new float[stride];
    kernels.columnSums(w, inputs, stride, sums);
    System.arraycopy(sums, 0, w, inkSumRow(shape) * stride, stride);
  }

  /** Whether no weight of layer {@code l} is NaN or infinite. */
  public boolean finite(int l) {
    for (float x : layers[l].data) {
      if (!Float.isFinite(x)) {
        return false;
      }
    }
    return true;
  }

  /** Layer {@code l}'s weights as published, (out x in) row-major. Folded weights only. */
  public float[] published(int l) {
    int inputs = shape.inputs(l);
    float[] out = new float[shape.units(l) * inputs];
    for (int unit = 0; unit < shape.units(l); unit++) {
      for (int i = 0; i < inputs; i++) {
        out[unit * inputs + i] = layers[l].data[i * shape.stride(l) + unit];
      }
    }
    return out;
  }

  /** Layer {@code l}'s bias, (out). */
  public float[] bias(int l) {
    return Arrays.copyOfRange(layers[l].data, biasAt(l), biasAt(l) + shape.units(l));
  }

  /**
   * Sets one layer from its published form and, if it is the first, sums its rows.
   *
   * @param matrix Not modified. (out x in) row-major
   * @param bias Not modified. (out)
   */
  public void set(int l, float[] matrix, float[] bias) {
    int inputs = shape.inputs(l);
    int stride = shape.stride(l);
    if (matrix.length != shape.units(l) * inputs || bias.length != shape.units(l)) {
      throw new IllegalArgumentException(
          "layer %d takes %d weights and %d biases, not %d and %d"
              .formatted(l, shape.units(l) * inputs, shape.units(l), matrix.length, bias.length));
    }
    for (int unit = 0; unit < shape.units(l); unit++) {
      for (int i = 0; i < inputs; i++) {
        layers[l].data[i * stride + unit] = matrix[unit * inputs + i];
      }
      layers[l].data[biasAt(l) + unit] = bias[unit];
    }
    if (l == 0) {
      Arrays.fill(layers[0].data, constantRow(shape) * stride, inkSumRow(shape) * stride, 0f);
      fold();
    }
  }

  /**
   * All matrices as they lie in memory, parts of the first layer apart, and what leaves need of the
   * state: little-endian floats.
   */
  public byte[] packed() {
    State beside = state.ofLeaves();
    int floats = Math.toIntExact(beside.count());
    for (FMatrixRMaj layer : layers) {
      floats += layer.data.length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer out = bytes.asFloatBuffer();
    for (FMatrixRMaj layer : layers) {
      out.put(layer.data);
    }
    beside.pack(out);
    return bytes.array();
  }

  /**
   * Takes over what {@link #packed} gave, of weights of the same shape.
   *
   * @param bytes Not modified.
   */
  public void unpack(byte[] bytes) {
    FloatBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (FMatrixRMaj layer : layers) {
      in.get(layer.data);
    }
    state.ofLeaves().unpack(in);
  }

  /** SHA-256 over W0, b0, W1, b1, ... in their published form, as little-endian floats; hex. */
  public String sha256() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    for (int l = 0; l < layers.length; l++) {
      update(digest, published(l));
      update(digest, bias(l));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    digest.update(bytes);
  }
}
