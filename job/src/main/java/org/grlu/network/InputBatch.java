package org.grlu.network;

import java.util.Arrays;
import org.grlu.datasets.InkedPixels;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * Examples as the first layer reads them: layer norm applied, {@code u = (x - mean(x)) / (std(x) +
 * 1e-8)}, and written as a constant beta (what a pixel without ink becomes) plus a value at each
 * inked pixel. An example's list of rows of the first layer's matrix (see {@link Weights}) and
 * values is: ink sum x beta; the inked pixels; bias x 1; constant x beta; ink sum x the values'
 * sum. The product is over all but the last two, an update goes to all but the first.
 *
 * <p>Without layer norm ({@link InputNorm#NONE}) the constant is 0 and every input that is not 0
 * counts as inked: u need not sum to zero, and a constant's part would not drop out of the product.
 *
 * <p>Buffers are kept from one load to the next and grow as needed.
 */
public final class InputBatch {
  private static final double EPSILON = 1e-8;
  private static final int EXTRAS = 4;

  /** A variance below this share of the mean square is no more than rounding of 64-bit sums. */
  private static final double CONSTANT = 1e-12;

  /**
   * What a silent neuron's product is: no activation passes it, and sums over neurons stay finite.
   */
  private static final float SILENT = -1e30f;

  /** Of a batch without contexts. */
  private static final int NONE = -1;

  private final NetworkShape shape;
  private final int inputs;
  private final PixelScale scale;

  /** Null where there are none. */
  private final Contexts contexts;

  private int size;

  /** Read by nobody: keeps {@link InkedPixels#touch} from being optimised away. */
  @SuppressWarnings("unused")
  private int touched;

  private int[] start = new int[2];
  private int[] index = new int[0];
  private float[] value = new float[0];

  /** An image as numbers: read without layer norm alone. */
  private final float[] given;

  private int[] labels = new int[1];
  private int[] context = new int[1];

  /** Of one image, where codes are computed when they are needed. */
  private float[] code = new float[0];

  /** The inputs before layer norm, (size x padded inputs): read under dense skip alone. */
  private Floats raw = Floats.of(0);

  public InputBatch(NetworkShape shape, PixelScale scale) {
    this(shape, scale, null);
  }

  /**
   * @param contexts of the examples, which silence neurons of the first layer; null for none
   */
  public InputBatch(NetworkShape shape, PixelScale scale, Contexts contexts) {
    this.shape = shape;
    this.inputs = shape.inputs(0);
    this.scale = scale;
    this.contexts = contexts;
    this.given = new float[scale.norm() == InputNorm.NONE ? inputs : 0];
  }

  /**
   * Loads images.
   *
   * @param order Not modified. Numbers of the images, {@code count} of them from {@code from}
   */
  public void load(LabelledImages images, int[] order, int from, int count) {
    load(images, order, from, count, Augmentation.NONE, 0);
  }

  /**
   * Loads images as training presents them.
   *
   * @param order Not modified. Numbers of the images, {@code count} of them from {@code from}
   * @param presentation the first one's number in the whole training; the others' follow
   */
  public void load(
      LabelledImages images,
      int[] order,
      int from,
      int count,
      Augmentation augmentation,
      long presentation) {
    clear(count);
    for (int e = 0; e < count && contexts != null; e++) {
      context[e] = contexts.of(images, order[from + e]);
    }
    boolean plain = augmentation.isNone();
    if (images.areFloats()) {
      float[] all = images.features();
      for (int e = 0; e < count; e++) {
        loadFeatures(images, all, order[from + e], augmentation, presentation + e);
      }
      return;
    }
    InkedPixels ink = images.inked();
    for (int e = 0; e < count; e++) {
      int image = order[from + e];
      labels[e] = images.label(image);
      if (plain) {
        loadImage(ink, image);
      } else {
        loadChanged(images, image, augmentation, presentation + e);
      }
    }
    if (from + count + 1 < order.length) {
      // where the image after that starts, so that touching it has not to wait for this first
      touched = ink.touch(order[from + count]) + ink.start(order[from + count + 1]);
    }
  }

  private void loadImage(InkedPixels ink, int image) {
    int begin = start[size] + 1;
    normalise(begin, entries(ink, image, begin), ink.sum(image), ink.squares(image));
  }

  /** Fills in an image's inked pixels from {@code begin}; one past the last. */
  private int entries(InkedPixels ink, int image, int begin) {
    int first = ink.start(image);
    int entries = ink.start(image + 1) - first;
    char[] position = ink.position();
    byte[] grey = ink.level();
    for (int k = 0; k < entries; k++) {
      index[begin + k] = position[first + k];
      value[begin + k] = grey[first + k] & 0xff;
    }
    return begin + entries;
  }

  private void loadChanged(
      LabelledImages images, int image, Augmentation augmentation, long presentation) {
    int begin = start[size] + 1;
    int all = entries(images.inked(), image, begin);
    int end = augmentation.change(images, presentation, index, value, begin, all);
    long sum = 0;
    long squares = 0;
    for (int k = begin; k < end; k++) {
      long grey = (long) value[k];
      sum += grey;
      squares += grey * grey;
    }
    normalise(begin, end, sum, squares);
  }

  /** As an image, whose ink is what is not 0; pixels' scale is no concern of floats. */
  private void loadFeatures(
      LabelledImages images, float[] all, int image, Augmentation augmentation, long presentation) {
    labels[size] = images.label(image);
    float[] features = all;
    int first = image * inputs;
    if (features == null) {
      code = code.length == inputs ? code : new float[inputs];
      images.encode(image, code);
      features = code;
      first = 0;
    }
    int begin = start[size] + 1;
    int end = begin;
    for (int i = 0; i < inputs; i++) {
      float x = features[first + i];
      index[end] = i;
      value[end] = x;
      end += x == 0 ? 0 : 1;
    }
    if (!augmentation.isNone()) {
      end = augmentation.change(images, presentation, index, value, begin, end);
    }
    if (shape.skip() == Skip.DENSE) {
      fillRaw(begin, end, 0, 1);
    }
    double sum = 0;
    double squares = 0;
    for (int k = begin; k < end; k++) {
      sum += value[k];
      squares += (double) value[k] * value[k];
    }
    normaliseFloats(begin, end, sum, squares);
  }

  /**
   * Applies layer norm, if any, to the grey levels of entries {@code begin} to {@code end}, an
   * image's.
   */
  private void normalise(int begin, int end, long sum, long squares) {
    double level = scale.perLevel();
    double mean = (double) sum / inputs;
    double deviation = level * Math.sqrt((double) squares / inputs - mean * mean);
    if (shape.skip() == Skip.DENSE) {
      fillRaw(begin, end, scale.base(), level);
    }
    if (scale.norm() == InputNorm.NONE) {
      asGiven(begin, end, level);
      return;
    }
    // an image of one grey level normalises to zero, not to rounding errors over epsilon
    double factor = sum * sum == squares * inputs ? 0 : level / (deviation + EPSILON);
    finish(begin, end, factor, -mean * factor, (double) sum);
  }

  /** Lists all inputs that are not 0, of an image whose inked pixels are listed. */
  private void asGiven(int begin, int end, double level) {
    Arrays.fill(given, (float) scale.base());
    for (int k = begin; k < end; k++) {
      given[index[k]] = (float) (scale.base() + value[k] * level);
    }
    int to = begin;
    double sum = 0;
    for (int i = 0; i < inputs; i++) {
      index[to] = i;
      value[to] = given[i];
      to += given[i] == 0 ? 0 : 1;
      sum += given[i];
    }
    finish(begin, to, 1, 0, sum);
  }

  private void fillRaw(int begin, int end, double base, double level) {
    int stride = Kernels.padded(inputs);
    raw.fill(size * stride, size * stride + inputs, (float) base);
    for (int k = begin; k < end; k++) {
      raw.set(size * stride + index[k], (float) (base + value[k] * level));
    }
  }

  /** Applies layer norm, if any, to floats, of which those that are not listed are 0. */
  private void normaliseFloats(int begin, int end, double sum, double squares) {
    if (scale.norm() == InputNorm.NONE) {
      finish(begin, end, 1, 0, sum);
      return;
    }
    double mean = sum / inputs;
    double variance = squares / inputs - mean * mean;
    boolean constant = variance <= CONSTANT * (squares / inputs);
    double factor = constant ? 0 : 1 / (Math.sqrt(variance) + EPSILON);
    finish(begin, end, factor, -mean * factor, sum);
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
      int begin = start[size] + 1;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < inputs; i++) {
        index[begin + i] = i;
        value[begin + i] = x[e][i];
        sum += x[e][i];
        squares += (double) x[e][i] * x[e][i];
      }
      if (shape.skip() == Skip.DENSE) {
        raw.copy(Floats.over(x[e]), 0, size * Kernels.padded(inputs), inputs);
      }
      normaliseFloats(begin, begin + inputs, sum, squares);
    }
  }

  /** The most examples that a batch may have: what it holds of them is in one array each. */
  public static int mostExamples(NetworkShape shape) {
    return (Integer.MAX_VALUE - 1024) / (Kernels.padded(shape.inputs(0)) + EXTRAS);
  }

  private void clear(int count) {
    size = 0;
    if (labels.length < count) {
      labels = new int[count];
      context = new int[count];
      start = new int[count + 1];
    }
    Arrays.fill(context, NONE);
    int entries = count * (inputs + EXTRAS);
    if (index.length < entries) {
      index = new int[entries];
      value = new float[entries];
    }
    if (shape.skip() == Skip.DENSE && raw.length() < count * Kernels.padded(inputs)) {
      raw = Floats.of(count * Kernels.padded(inputs));
    }
  }

  private void finish(int begin, int end, double factor, double constant, double sum) {
    float f = (float) factor;
    for (int k = begin; k < end; k++) {
      value[k] *= f;
    }
    float beta = (float) constant;
    extra(start[size], Dense.inkSumRow(inputs), beta);
    extra(end, inputs + 2, 1f);
    extra(end + 1, Dense.constantRow(inputs), beta);
    extra(end + 2, Dense.inkSumRow(inputs), (float) (factor * sum));
    start[++size] = end + 3;
  }

  private void extra(int at, int row, float x) {
    index[at] = row;
    value[at] = x;
  }

  /**
   * The first layer before its activation, {@code z = W u + b}, for example {@code e}; far below 0
   * at neurons that its context silences.
   */
  public void firstLayer(Kernels kernels, Weights weights, int e, Floats z, int at) {
    product(kernels, weights.layer(0), shape.stride(0), e, z, at);
    if (context[e] == NONE) {
      return;
    }
    float[] all = z.array();
    int first = z.at() + at;
    for (int unit : contexts.silent(context[e])) {
      all[first + unit] = SILENT;
    }
  }

  /**
   * The product of example {@code e} with a matrix that has a row where the first layer's has one.
   *
   * @param matrix Not modified. (first layer's rows x stride)
   * @param out Modified. (stride) from {@code at}
   */
  public void product(Kernels kernels, Floats matrix, int stride, int e, Floats out, int at) {
    kernels.sparseProduct(index, value, start[e], start[e + 1] - 2, matrix, stride, out, at);
  }

  /** Takes an example for one of another context than its own. */
  public void context(int e, int other) {
    context[e] = other;
  }

  /** Whether an output is one of the context that example {@code e} belongs to by its label. */
  public boolean together(int output, int e) {
    return contexts == null || contexts.together(output, labels[e]);
  }

  /**
   * Example {@code e} after layer norm, if any, as a row of numbers, into {@code out} from {@code
   * at}.
   */
  public void normalised(int e, Floats out, int at) {
    float[] array = out.array();
    int to = out.at() + at;
    out.fill(at, at + inputs, value[start[e]]);
    int end = start[e + 1] - 3;
    for (int k = start[e] + 1; k < end; k++) {
      array[to + index[k]] += value[k];
    }
  }

  public int size() {
    return size;
  }

  public int label(int e) {
    return labels[e];
  }

  /** Where example {@code e}'s entries for an update start. */
  public int updateFrom(int e) {
    return start[e] + 1;
  }

  /** One past the last of example {@code e}'s entries for an update. */
  public int updateTo(int e) {
    return start[e + 1];
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
  public Floats raw() {
    return raw;
  }
}
