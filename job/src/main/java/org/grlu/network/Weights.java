package org.grlu.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ejml.data.FMatrixRMaj;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.noise.StreamKey;

/**
 * A network's weights and biases, a stretch of memory for each layer; how they lie in it the {@link
 * Layer} says. {@link #fold} brings parts together that are apart in memory; digests and files need
 * folded weights.
 */
public final class Weights {
  /**
   * The most numbers that all matrices together may have, padding among them: as bytes they go into
   * one array, with some room for what files have beside them.
   */
  public static final int MOST = 500_000_000;

  private final NetworkShape shape;
  private final Layer[] kinds;
  private final Floats[] layers;
  private final State state;
  private final Arena memory;

  /**
   * All zero, in memory of their own.
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
    this.memory = new Arena();
    this.kinds = kinds(shape);
    this.layers = new Floats[shape.depth()];
    for (int l = 0; l < layers.length; l++) {
      layers[l] = memory.of(kinds[l].length());
    }
  }

  private Weights(NetworkShape shape, Floats[] layers, State state, Arena memory) {
    this.memory = memory;
    this.shape = shape;
    this.kinds = kinds(shape);
    this.layers = layers;
    this.state = state;
  }

  /** The same weights, the arrays themselves, beside a rule's state. */
  public Weights with(State beside) {
    return new Weights(shape, layers, beside, memory);
  }

  /** What the weights lie in; a trial has its buffers there too. */
  public Arena memory() {
    return memory;
  }

  /** What the rule keeps beside the weights. */
  public State state() {
    return state;
  }

  private static Layer[] kinds(NetworkShape shape) {
    return IntStream.range(0, shape.depth()).mapToObj(shape::layer).toArray(Layer[]::new);
  }

  /** What a training begins with: each layer's own initial weights, from streams of the seed. */
  public static Weights initial(NetworkShape shape, long seed) {
    Weights weights = new Weights(shape);
    long root = StreamKey.of(seed, StreamKey.Purpose.WEIGHTS);
    for (int l = 0; l < shape.depth(); l++) {
      weights.kinds[l].initialise(weights.layer(l), StreamKey.child(root, l));
    }
    return weights;
  }

  /**
   * The same, with the first layer's weights from differences of training images.
   *
   * @throws org.grlu.datasets.DatasetException where there is no pair of them
   */
  public static Weights ofDataPairs(
      NetworkShape shape, long seed, PixelScale pixels, LabelledImages train) {
    Weights weights = initial(shape, seed);
    long key = StreamKey.child(StreamKey.of(seed, StreamKey.Purpose.WEIGHTS), 0);
    int units = shape.units(0);
    weights.set(0, new DataPairs(shape, pixels, train).rows(units, key), new float[units]);
    return weights;
  }

  /** How many numbers the matrices of a shape have, padding among them. */
  public static long count(NetworkShape shape) {
    long count = 0;
    for (int l = 0; l < shape.depth(); l++) {
      Layer layer = shape.layer(l);
      count += (long) layer.rows() * layer.stride();
    }
    return count;
  }

  public NetworkShape shape() {
    return shape;
  }

  /** Layer {@code l}: (rows x stride), row-major. The weights themselves: changing them trains. */
  public Floats layer(int l) {
    return layers[l];
  }

  /** Layer {@code l} as EJML's matrix, for what is not hot: a copy. */
  public FMatrixRMaj matrix(int l) {
    return FMatrixRMaj.wrap(kinds[l].rows(), kinds[l].stride(), layers[l].toArray());
  }

  /** Where layer {@code l}'s bias starts in {@link #layer}. */
  public int biasAt(int l) {
    return kinds[l].biasAt();
  }

  /** Brings parts together that are apart in memory. Done at the end of every epoch. */
  public void fold() {
    for (int l = 0; l < layers.length; l++) {
      kinds[l].fold(layer(l));
    }
  }

  /** Multiplies all weights of layers that learn, but no bias, by a factor. */
  public void decay(float factor) {
    for (int l = 0; l < layers.length; l++) {
      if (!shape.learns(l)) {
        continue;
      }
      float[] array = layers[l].array();
      int from = layers[l].at();
      // the bias is the last row; parts of the first layer that are kept apart decay alike
      int past = from + biasAt(l);
      for (int i = from; i < past; i++) {
        array[i] *= factor;
      }
    }
  }

  /** Whether no weight of layer {@code l} is NaN or infinite. */
  public boolean finite(int l) {
    return layers[l].finite();
  }

  /**
   * Layer {@code l}'s arrays by name, as {@link Layer#parameters} has them. Folded weights only.
   */
  public Map<String, float[]> arrays(int l) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    kinds[l].parameters().forEach(p -> arrays.put(p.name(), p.of(layer(l))));
    return arrays;
  }

  /** A dense layer's matrix as published, (out x in) row-major. Folded weights only. */
  public float[] published(int l) {
    return arrays(l).get("W");
  }

  /** Layer {@code l}'s bias, (out). */
  public float[] bias(int l) {
    return arrays(l).get("b");
  }

  /**
   * Sets one layer from its published form.
   *
   * @param arrays Not modified. In the order of {@link Layer#parameters}
   */
  public void set(int l, List<float[]> arrays) {
    List<Parameter> parameters = kinds[l].parameters();
    Floats w = layer(l);
    // parts of a layer that are kept apart belong to what was there
    kinds[l].fold(w);
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).set(w, arrays.get(i));
    }
    kinds[l].fold(w);
  }

  /** Sets a dense layer: matrix (out x in) row-major, and bias. */
  public void set(int l, float[] matrix, float[] bias) {
    set(l, List.of(matrix, bias));
  }

  /**
   * Takes over weights and state of another network of the same shape and rule.
   *
   * @param other Not modified.
   */
  public void copy(Weights other) {
    for (int l = 0; l < layers.length; l++) {
      layers[l].copy(other.layers[l], 0, 0, layers[l].length());
    }
    state.copy(other.state);
  }

  /** How many bytes {@link #pack} fills. */
  public int packedBytes() {
    return Math.toIntExact((count(shape) + state.ofLeaves().count()) * Float.BYTES);
  }

  /**
   * Packs all matrices as they lie in memory, parts of the first layer apart, and what leaves need
   * of the state: little-endian floats.
   *
   * @param bytes Modified. {@link #packedBytes} of them
   */
  public void pack(byte[] bytes) {
    FloatBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (Floats layer : layers) {
      layer.put(out, 0, layer.length());
    }
    state.ofLeaves().pack(out);
  }

  /**
   * Takes over what {@link #pack} gave, of weights of the same shape.
   *
   * @param bytes Not modified.
   */
  public void unpack(byte[] bytes) {
    FloatBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (Floats layer : layers) {
      layer.take(in, 0, layer.length());
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
      arrays(l).values().forEach(array -> update(digest, array));
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
