package org.grlu.network;

import java.util.List;
import java.util.Map;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.noise.StreamKey;

/**
 * A convolution, {@code z[y][x] = W u[patch of (y, x)] + b} with ReLU, u being all that it reads
 * after layer norm, normalised once and not by patch (LeCun et al., 1989). Beyond the edges u is 0.
 *
 * <p>Row (ky size + kx) step + channel of its weights is what that number of a patch gives to each
 * channel; where positions have weights of their own, one position's rows follow the other's.
 *
 * @param index its number, from 0
 * @param reads the map that it reads
 * @param channels of what it puts out
 * @param size of the patch, in both directions
 * @param stepSize from one patch to the next
 * @param padding positions beyond each edge
 * @param shared whether all positions have the same weights
 * @param frozen whether it keeps its initial weights
 * @param noise the factor on the noise scale of its neurons
 */
public record Convolution(
    int index,
    Extent reads,
    int channels,
    int size,
    int stepSize,
    int padding,
    boolean shared,
    boolean frozen,
    double noise)
    implements Layer {
  /** How it is configured in a list of layers. */
  public static final LayerForm FORM =
      new LayerForm(
          List.of(
              LayerForm.Option.count("convolution", null, 1),
              LayerForm.Option.count("size", null, 1),
              LayerForm.Option.count("stride", 1L, 1),
              LayerForm.Option.count("padding", 0L, 0),
              LayerForm.SHARED,
              LayerForm.FROZEN,
              LayerForm.NOISE),
          Convolution::of);

  private static Convolution of(int index, Extent reads, Map<String, Object> v) {
    int size = LayerForm.whole(v, "size");
    int padding = LayerForm.whole(v, "padding");
    int least = Math.min(reads.height(), reads.width()) + 2 * padding;
    if (size > least || padding >= size) {
      throw new IllegalArgumentException(
          "size must be at most %d, what the %d x %d map that it reads has with its padding, and above padding"
              .formatted(least, reads.height(), reads.width()));
    }
    int stride = LayerForm.whole(v, "stride");
    long positions =
        (long) fits(reads.height(), size, stride, padding)
            * fits(reads.width(), size, stride, padding);
    long columns = Kernels.padded(LayerForm.whole(v, "convolution"));
    long patch = (long) size * size * reads.step();
    long sets = LayerForm.flag(v, LayerForm.SHARED) ? 1 : positions;
    LayerForm.bound(positions * Math.max(columns, patch), sets * (patch + 1) * columns);
    return new Convolution(
        index,
        reads,
        LayerForm.whole(v, "convolution"),
        size,
        stride,
        padding,
        LayerForm.flag(v, LayerForm.SHARED),
        LayerForm.flag(v, LayerForm.FROZEN),
        LayerForm.noise(v));
  }

  /** How many patches fit in one direction; less than 1 where none does. */
  static int fits(int length, int size, int stride, int padding) {
    return Math.floorDiv(length + 2 * padding - size, stride) + 1;
  }

  @Override
  public Extent puts() {
    return Extent.map(
        fits(reads.height(), size, stepSize, padding),
        fits(reads.width(), size, stepSize, padding),
        channels);
  }

  /** Numbers of a patch, padding between positions among them. */
  int patch() {
    return size * size * reads.step();
  }

  /** Sets of weights. */
  int sets() {
    return shared ? 1 : puts().positions();
  }

  @Override
  public int stride() {
    return Kernels.padded(channels);
  }

  @Override
  public int rows() {
    return sets() * (patch() + 1);
  }

  @Override
  public int biasAt() {
    return sets() * patch() * stride();
  }

  @Override
  public double operations() {
    return (double) puts().positions() * size * size * reads.channels() * channels;
  }

  @Override
  public String text() {
    return "conv%dx%d%s%s%s"
        .formatted(
            channels,
            size,
            stepSize == 1 ? "" : "/" + stepSize,
            padding == 0 ? "" : "+" + padding,
            MixedPass.remarks(this, shared));
  }

  /** He initialisation: standard normal times sqrt(2 / numbers of a patch), biases zero. */
  @Override
  public void initialise(Floats w, long key) {
    int inputs = size * size * reads.channels();
    float scale = (float) StrictMath.sqrt(2.0 / inputs);
    Floats row = Floats.of(Kernels.padded(inputs));
    Parameter matrix = parameters().get(0);
    for (int i = 0; i < matrix.count() / inputs; i++) {
      Kernels.best().gaussian(StreamKey.child(key, i), scale, row, 0, inputs);
      for (int j = 0; j < inputs; j++) {
        w.set(matrix.place().applyAsInt(i * inputs + j), row.get(j));
      }
    }
  }

  /** W as (channels x channels that it reads x size x size), by position where not shared. */
  @Override
  public List<Parameter> parameters() {
    int read = reads.channels();
    int ofChannel = read * size * size;
    return List.of(
        new Parameter(
            "W",
            shared
                ? List.of(channels, read, size, size)
                : List.of(sets(), channels, read, size, size),
            i -> {
              int unit = i / ofChannel;
              int within = i % (size * size);
              int row = within * reads.step() + i % ofChannel / (size * size);
              return (unit / channels * patch() + row) * stride() + unit % channels;
            }),
        new Parameter(
            "b",
            shared ? List.of(channels) : List.of(sets(), channels),
            i -> biasAt() + i / channels * stride() + i % channels));
  }

  @Override
  public LayerPass pass(boolean hidden, int capacity, Arena memory) {
    return new ConvolutionPass(this, capacity, memory);
  }
}
