package org.grlu.features;

import java.util.Arrays;
import java.util.Map;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ArrayFile;

/**
 * Filters of patches of a grey image, pooled. Of each patch of p x p pixels, {@code q = patch -
 * mean}, {@code a = max(0, W q / sqrt(|q|^2 + 0.3) - 0.3)}; the code is the square root of the mean
 * of a over the patches of a region, filters outermost, (filters x grid x grid). The patches have
 * {@code rows - p + 1} rows; row y of them belongs to the regions of row {@code y grid / (rows - p
 * + 1)}, rounded down, so that two regions differ by one row at most; columns likewise.
 *
 * <p>A. Coates and A. Y. Ng, "The Importance of Encoding Versus Training with Sparse Coding and
 * Vector Quantization" (2011): patches, a soft threshold and pooling.
 */
final class Patches implements Stage {
  static final String NAME = "patches";
  private static final long serialVersionUID = 1;

  /** What is added to a patch's squares before their root: a flat patch is not blown up. */
  private static final float LEAST_SQUARES = 0.3f;

  private static final float THRESHOLD = 0.3f;

  private final int rows;
  private final int columns;
  private final int patch;
  private final int filters;
  private final int grid;

  /** (patch x patch) x filters, padded. */
  private final float[] weights;

  /**
   * @param rows of an image
   * @param patch its height and width
   * @param grid rows and columns of regions
   * @param filters (filters x patch x patch), copied
   */
  Patches(int rows, int columns, int patch, int grid, int filters, float[] weights) {
    this.rows = rows;
    this.columns = columns;
    this.patch = patch;
    this.filters = filters;
    this.grid = grid;
    int length = patch * patch;
    int stride = Kernels.padded(filters);
    this.weights = new float[length * stride];
    for (int f = 0; f < filters; f++) {
      for (int i = 0; i < length; i++) {
        this.weights[i * stride + f] = weights[f * length + i];
      }
    }
  }

  static Patches read(String[] words, ArrayFile file, String prefix) {
    int rows = Integer.parseInt(words[1]);
    int columns = Integer.parseInt(words[2]);
    int patch = Integer.parseInt(words[3]);
    int grid = Integer.parseInt(words[4]);
    ArrayFile.Matrix w = file.matrix(prefix + "filters");
    Stages.check(
        patch > 0
            && w.columns() == patch * patch
            && grid > 0
            && grid <= Math.min(rows, columns) - patch + 1,
        prefix + "filters",
        "must be of patches that the images have");
    return new Patches(rows, columns, patch, grid, w.rows(), w.values());
  }

  @Override
  public int inputs() {
    return rows * columns;
  }

  @Override
  public int outputs() {
    return filters * grid * grid;
  }

  /** What one image needs. */
  private final class Scratch {
    private final int down = rows - patch + 1;
    private final int across = columns - patch + 1;
    private final int places = down * across;

    /** Patches in columns, (patch x patch) x places. */
    private final float[] q = new float[patch * patch * places];

    private final float[] sum = new float[places];
    private final float[] squares = new float[places];

    /** places x filters, padded. */
    private final float[] responses = new float[places * Kernels.padded(filters)];

    private final float[] pooled = new float[grid * grid * Kernels.padded(filters)];
  }

  @Override
  public void apply(int count, float[] in, float[] out) {
    Kernels kernels = Kernels.best();
    Scratch scratch = new Scratch();
    int stride = Kernels.padded(filters);
    Floats q = Floats.over(scratch.q);
    Floats w = Floats.over(weights);
    Floats responses = Floats.over(scratch.responses);
    int places = scratch.places;
    for (int e = 0; e < count; e++) {
      gather(in, e * inputs(), scratch);
      centre(scratch);
      kernels.clear(responses, scratch.responses.length);
      kernels.multiplyAdd(
          places, stride, patch * patch, q, 0, 1, places, w, 0, stride, responses, 0, stride);
      pool(scratch, stride);
      finish(scratch, stride, out, e * outputs());
    }
  }

  private void gather(float[] in, int from, Scratch scratch) {
    int to = 0;
    for (int i = 0; i < patch; i++) {
      for (int j = 0; j < patch; j++) {
        for (int y = 0; y < scratch.down; y++, to += scratch.across) {
          System.arraycopy(in, from + (y + i) * columns + j, scratch.q, to, scratch.across);
        }
      }
    }
  }

  /** Takes each patch's mean off and divides by its length. */
  private void centre(Scratch scratch) {
    int places = scratch.places;
    int length = patch * patch;
    Arrays.fill(scratch.sum, 0);
    Arrays.fill(scratch.squares, LEAST_SQUARES);
    for (int i = 0; i < length; i++) {
      add(scratch.q, i * places, scratch.sum, places);
    }
    for (int x = 0; x < places; x++) {
      scratch.sum[x] /= length;
    }
    for (int i = 0; i < length; i++) {
      subtract(scratch.q, i * places, scratch.sum, scratch.squares, places);
    }
    for (int x = 0; x < places; x++) {
      scratch.squares[x] = 1 / (float) Math.sqrt(scratch.squares[x]);
    }
    for (int i = 0; i < length; i++) {
      scale(scratch.q, i * places, scratch.squares, places);
    }
  }

  private static void add(float[] q, int at, float[] sum, int n) {
    for (int x = 0; x < n; x++) {
      sum[x] += q[at + x];
    }
  }

  private static void subtract(float[] q, int at, float[] mean, float[] squares, int n) {
    for (int x = 0; x < n; x++) {
      float centred = q[at + x] - mean[x];
      q[at + x] = centred;
      squares[x] += centred * centred;
    }
  }

  private static void scale(float[] q, int at, float[] factor, int n) {
    for (int x = 0; x < n; x++) {
      q[at + x] *= factor[x];
    }
  }

  /** Sums over each region. */
  private void pool(Scratch scratch, int stride) {
    Arrays.fill(scratch.pooled, 0);
    for (int y = 0; y < scratch.down; y++) {
      int band = y * grid / scratch.down;
      for (int x = 0; x < scratch.across; x++) {
        int region = band * grid + x * grid / scratch.across;
        int from = (y * scratch.across + x) * stride;
        rectify(scratch.responses, from, scratch.pooled, region * stride, stride);
      }
    }
  }

  /** Adds twice what is above the threshold: without a branch, and exact. */
  private static void rectify(float[] r, int from, float[] pooled, int at, int n) {
    for (int f = 0; f < n; f++) {
      float above = r[from + f] - THRESHOLD;
      pooled[at + f] += above + Math.abs(above);
    }
  }

  private void finish(Scratch scratch, int stride, float[] out, int at) {
    for (int region = 0; region < grid * grid; region++) {
      float share =
          0.5f / (size(region / grid, scratch.down) * size(region % grid, scratch.across));
      for (int f = 0; f < filters; f++) {
        float mean = scratch.pooled[region * stride + f] * share;
        out[at + f * grid * grid + region] = (float) Math.sqrt(mean);
      }
    }
  }

  /** How many of {@code n} rows belong to one of the regions' rows. */
  private int size(int band, int n) {
    return ((band + 1) * n + grid - 1) / grid - (band * n + grid - 1) / grid;
  }

  @Override
  public String line() {
    return "%s %d %d %d %d".formatted(NAME, rows, columns, patch, grid);
  }

  @Override
  public Map<String, ArrayFile.Matrix> arrays() {
    int length = patch * patch;
    int stride = Kernels.padded(filters);
    float[] values = new float[filters * length];
    for (int f = 0; f < filters; f++) {
      for (int i = 0; i < length; i++) {
        values[f * length + i] = weights[i * stride + f];
      }
    }
    return Map.of("filters", new ArrayFile.Matrix(filters, length, values));
  }
}
