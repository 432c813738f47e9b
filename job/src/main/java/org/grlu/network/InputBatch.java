package org.grlu.network;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Kernels;

/**
 * Examples as the first layer reads them: layer norm applied, {@code u = (x - mean(x)) / (std(x) +
 * 1e-8)}, and written as a constant beta (what a pixel without ink becomes) plus a value at each
 * inked pixel. Each example's list ends with three entries for the first layer's extra rows (see
 * {@link Weights}): constant, ink sum and bias, with what an update adds to each.
 *
 * <p>Buffers are kept from one load to the next and grow as needed.
 */
public final class InputBatch {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final double EPSILON = 1e-8;
  private static final int EXTRAS = 3;

  /** A variance below this share of the mean square is no more than rounding of 64-bit sums. */
  private static final double CONSTANT = 1e-12;

  private final NetworkShape shape;
  private final int inputs;
  private final PixelScale scale;
  private int size;
  private int[] start = new int[2];
  private int[] index = new int[0];
  private float[] value = new float[0];
  private float[] beta = new float[1];
  private int[] labels = new int[1];

  /** The inputs before layer norm, (size x padded inputs): read under dense skip alone. */
  private float[] raw = new float[0];

  public InputBatch(NetworkShape shape, PixelScale scale) {
    this.shape = shape;
    this.inputs = shape.inputs(0);
    this.scale = scale;
  }

  /**
   * Loads images.
   *
   * @param order Not modified. Numbers of the images, {@code count} of them from {@code from}
   */
  public void load(LabelledImages images, int[] order, int from, int count) {
    clear(count);
    for (int e = 0; e < count; e++) {
      int image = order[from + e];
      labels[e] = images.label(image);
      loadImage(images.pixels(), image * inputs);
    }
  }

  private void loadImage(byte[] pixels, int at) {
    int begin = start[size];
    int end = begin;
    long sum = 0;
    long squares = 0;
    int i = 0;
    // eight pixels at a time: four fifths of an image are blank
    for (; i + Long.BYTES <= inputs; i += Long.BYTES) {
      long eight = (long) LONGS.get(pixels, at + i);
      while (eight != 0) {
        int shift = Long.numberOfTrailingZeros(eight) & ~7;
        int pixel = (int) (eight >>> shift) & 0xff;
        index[end] = i + (shift >>> 3);
        value[end++] = pixel;
        sum += pixel;
        squares += (long) pixel * pixel;
        eight &= ~(0xffL << shift);
      }
    }
    for (; i < inputs; i++) {
      int pixel = pixels[at + i] & 0xff;
      if (pixel != 0) {
        index[end] = i;
        value[end++] = pixel;
        sum += pixel;
        squares += (long) pixel * pixel;
      }
    }
    double level = scale.perLevel();
    double mean = (double) sum / inputs;
    double deviation = level * Math.sqrt((double) squares / inputs - mean * mean);
    if (shape.skip() == Skip.DENSE) {
      fillRaw(begin, end);
    }
    // an image of one grey level normalises to zero, not to rounding errors over epsilon
    double factor = sum * sum == squares * inputs ? 0 : level / (deviation + EPSILON);
    finish(begin, end, factor, -mean * factor, (double) sum);
  }

  private void fillRaw(int begin, int end) {
    int stride = Kernels.padded(inputs);
    float base = (float) scale.base();
    Arrays.fill(raw, size * stride, size * stride + inputs, base);
    for (int k = begin; k < end; k++) {
      raw[size * stride + index[k]] = (float) (scale.base() + value[k] * scale.perLevel());
    }
  }

  /**
   * Loads inputs that are no images: every element counts as inked.
   *
   * @param x Not modified. (examples x inputs), before layer norm
   */
  public void load(float[][] x, int[] labelOf) {
    clear(x.length);
    for (int e = 0; e < x.length; e++) {
      labels[e] = labelOf[e];
      int begin = start[size];
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < inputs; i++) {
        index[begin + i] = i;
        value[begin + i] = x[e][i];
        sum += x[e][i];
        squares += (double) x[e][i] * x[e][i];
      }
      if (shape.skip() == Skip.DENSE) {
        System.arraycopy(x[e], 0, raw, size * Kernels.padded(inputs), inputs);
      }
      double mean = sum / inputs;
      double variance = squares / inputs - mean * mean;
      boolean constant = variance <= CONSTANT * (squares / inputs);
      double factor = constant ? 0 : 1 / (Math.sqrt(variance) + EPSILON);
      finish(begin, begin + inputs, factor, -mean * factor, sum);
    }
  }

  private void clear(int count) {
    size = 0;
    if (labels.length < count) {
      labels = new int[count];
      beta = new float[count];
      start = new int[count + 1];
    }
    int entries = count * (inputs + EXTRAS);
    if (index.length < entries) {
      index = new int[entries];
      value = new float[entries];
    }
    if (shape.skip() == Skip.DENSE && raw.length < count * Kernels.padded(inputs)) {
      raw = new float[count * Kernels.padded(inputs)];
    }
  }

  private void finish(int begin, int end, double factor, double constant, double sum) {
    float f = (float) factor;
    for (int k = begin; k < end; k++) {
      value[k] *= f;
    }
    beta[size] = (float) constant;
    extra(end, Weights.constantRow(shape), (float) constant);
    extra(end + 1, Weights.inkSumRow(shape), (float) (factor * sum));
    extra(end + 2, inputs + 2, 1f);
    start[++size] = end + EXTRAS;
  }

  private void extra(int at, int row, float x) {
    index[at] = row;
    value[at] = x;
  }

  /** The first layer before its activation, {@code z = W u + b}, for example {@code e}. */
  public void firstLayer(Kernels kernels, Weights weights, int e, float[] z, int at) {
    float[] w = weights.layer(0);
    int stride = shape.stride(0);
    kernels.sparseProduct(index, value, start[e], start[e + 1] - EXTRAS, w, stride, z, at);
    kernels.addScaled(beta[e], w, Weights.inkSumRow(shape) * stride, z, at, stride);
    kernels.addScaled(1f, w, weights.biasAt(0), z, at, stride);
  }

  public int size() {
    return size;
  }

  public int label(int e) {
    return labels[e];
  }

  /** Where example {@code e}'s entries start, and those of {@code e - 1} end. */
  public int start(int e) {
    return start[e];
  }

  /** Rows of the first layer's matrix, by entry. Not to be modified. */
  public int[] index() {
    return index;
  }

  /** What an update adds to those rows, times the coefficient. Not to be modified. */
  public float[] value() {
    return value;
  }

  /** Under dense skip, the inputs before layer norm, (size x padded inputs). */
  public float[] raw() {
    return raw;
  }
}
