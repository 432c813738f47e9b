package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;
import org.grlu.noise.StreamKey;

/**
 * Draws random numbers as a function of (seed, step, example's position in the step, perturbation,
 * layer, unit). The numbers do not depend on partitions, threads or time.
 */
public final class KeyedPerturbations implements Perturbations {
  /** The most rows that are drawn one by one. A block costs sixteen lanes, however few are used. */
  private static final int FEW = 4;

  /** A number below a layer's key that no units use. */
  private static final long ROWS = Integer.MAX_VALUE;

  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final NoiseKind kind;
  private final float[] scales;
  private final float gumbelFactor;
  private final long noiseRoot;
  private final long gumbelRoot;
  private final long ownRoot;
  private long noiseStep;
  private long gumbelStep;
  private long ownStep;
  private int[] low = new int[0];
  private int[] high = new int[0];
  private final Floats row;

  /** The signs of a layer's units, one bit each. */
  private final long[] signs;

  /**
   * A block of noise, (widest x {@link Kernels#LANES}), for kinds of noise that are only drawn in
   * blocks.
   */
  private final Floats block;

  /** Creates the streams of a rule without noise, before any step. */
  public KeyedPerturbations(NetworkShape shape, long seed) {
    this(shape, null, seed);
  }

  /** Creates the streams of a noisy rule under one seed, before any step. */
  public KeyedPerturbations(NetworkShape shape, NoiseKind kind, long seed) {
    this(shape, kind, seed, 1);
  }

  /**
   * Creates the streams of a rule under one seed, before any step.
   *
   * @param kind the kind of the noise; null if the rule has no noise
   * @param gumbelFactor the factor on top-k's Gumbel draws; 0 gives plain top-k
   */
  public KeyedPerturbations(NetworkShape shape, NoiseKind kind, long seed, double gumbelFactor) {
    this.gumbelFactor = (float) gumbelFactor;
    this.shape = shape;
    this.kind = kind;
    this.scales = new float[shape.depth()];
    int widest = 0;
    for (int l = 0; l < shape.depth(); l++) {
      widest = Math.max(widest, shape.stride(l));
    }
    this.row = Floats.of(widest);
    this.signs = new long[OrthogonalNoise.words(widest)];
    this.block = Floats.of(kind == null || kind == NoiseKind.GAUSSIAN ? 0 : widest * Kernels.LANES);
    this.noiseRoot = StreamKey.of(seed, StreamKey.Purpose.NOISE);
    this.gumbelRoot = StreamKey.of(seed, StreamKey.Purpose.GUMBEL);
    this.ownRoot = StreamKey.of(seed, StreamKey.Purpose.RULE);
  }

  /**
   * Moves to a step.
   *
   * @param step the number of the step in the whole training, from 0
   * @param hidden the standard deviation of the noise on hidden neurons, before the layer's own
   *     factor
   * @param output the standard deviation of the noise on output neurons, likewise
   */
  public void step(long step, double hidden, double output) {
    noiseStep = StreamKey.child(noiseRoot, step);
    gumbelStep = StreamKey.child(gumbelRoot, step);
    ownStep = StreamKey.child(ownRoot, step);
    for (int l = 0; l < scales.length; l++) {
      scales[l] = (float) ((shape.hidden(l) ? hidden : output) * shape.layer(l).noise());
    }
  }

  @Override
  public void noise(int example, int first, int rows, int layer, int lanes, Floats out) {
    if (kind == null) {
      throw new IllegalStateException("a rule that is not a NoisyRule asked for noise");
    }
    int units = shape.units(layer);
    if (lanes == 1) {
      noiseRow(example, first, layer, out);
      return;
    }
    if (rows <= FEW && kind == NoiseKind.GAUSSIAN) {
      for (int r = 0; r < rows; r++) {
        long key = key(noiseStep, example, first + r, layer);
        kernels.gaussian(key, scales[layer], row, 0, units);
        spread(units, r, lanes, out);
      }
      return;
    }
    keys(noiseStep, example, first, rows, layer);
    kind.fill(kernels, low, high, scales[layer], units, lanes, out);
  }

  @Override
  public void row(int example, int perturbation, int layer, Floats out, int at) {
    long key = key(noiseStep, example, perturbation, layer);
    if (kind == NoiseKind.RADEMACHER) {
      kernels.rademacher(key, scales[layer], out, at, shape.units(layer));
    } else {
      kernels.gaussian(key, scales[layer], out, at, shape.units(layer));
    }
  }

  private void noiseRow(int example, int first, int layer, Floats out) {
    int units = shape.units(layer);
    if (kind == NoiseKind.GAUSSIAN) {
      kernels.gaussian(key(noiseStep, example, first, layer), scales[layer], out, 0, units);
      return;
    }
    if (kind == NoiseKind.ORTHOGONAL) {
      signs(example, layer, signs);
      for (int u = 0; u < units; u++) {
        out.set(u, OrthogonalNoise.signed(scales[layer], signs, u));
      }
      return;
    }
    keys(noiseStep, example, first, 1, layer);
    kind.fill(kernels, low, high, scales[layer], units, Kernels.LANES, block);
    for (int u = 0; u < units; u++) {
      out.set(u, block.get(u * Kernels.LANES));
    }
  }

  @Override
  public void gumbels(int example, int first, int rows, int layer, int lanes, Floats out) {
    int n = lanes == 1 ? shape.stride(layer) : shape.units(layer) * lanes;
    if (gumbelFactor == 0) {
      out.fill(0, n, 0f);
      return;
    }
    drawGumbels(example, first, rows, layer, lanes, out);
    scale(out, 0, n);
  }

  private void drawGumbels(int example, int first, int rows, int layer, int lanes, Floats out) {
    int units = shape.units(layer);
    if (lanes == 1) {
      kernels.gumbel(key(gumbelStep, example, first, layer), out, 0, units);
      return;
    }
    if (rows <= FEW) {
      for (int r = 0; r < rows; r++) {
        kernels.gumbel(key(gumbelStep, example, first + r, layer), row, 0, units);
        spread(units, r, lanes, out);
      }
      return;
    }
    keys(gumbelStep, example, first, rows, layer);
    kernels.gumbels(low, high, units, lanes, out);
  }

  @Override
  public void gumbel(int example, int layer, Floats out, int at) {
    if (gumbelFactor == 0) {
      out.fill(at, at + shape.stride(layer), 0f);
      return;
    }
    kernels.gumbel(key(gumbelStep, example, 0, layer), out, at, shape.units(layer));
    scale(out, at, shape.units(layer));
  }

  private void scale(Floats draws, int at, int n) {
    if (gumbelFactor == 1) {
      return;
    }
    float[] array = draws.array();
    int from = draws.at() + at;
    for (int i = from; i < from + n; i++) {
      array[i] *= gumbelFactor;
    }
  }

  @Override
  public float deviation(int layer) {
    return scales[layer];
  }

  @Override
  public void signs(int example, int layer, long[] out) {
    long key = key(noiseStep, example, 0, layer);
    for (int word = 0; word * Long.SIZE < shape.units(layer); word++) {
      out[word] = StreamKey.child(key, word);
    }
  }

  @Override
  public long hadamardRows(int example, int layer) {
    return StreamKey.child(key(noiseStep, example, 0, layer), ROWS);
  }

  @Override
  public void factors(
      Factor factor, int layer, int first, int rows, int lanes, float scale, Floats out) {
    enlarge(rows);
    for (int r = 0; r < rows; r++) {
      setKey(r, factorKey(factor, layer, first + r));
    }
    kernels.gaussians(low, high, scale, factor.length(shape, layer), lanes, out);
  }

  @Override
  public void factor(Factor factor, int layer, int perturbation, Floats out, int at) {
    long key = factorKey(factor, layer, perturbation);
    kernels.gaussian(key, 1f, out, at, factor.length(shape, layer));
  }

  private long factorKey(Factor factor, int layer, int perturbation) {
    long ofLayer = StreamKey.child(StreamKey.child(ownStep, perturbation), layer);
    return StreamKey.child(ofLayer, factor.number);
  }

  @Override
  public long ownStream() {
    return ownStep;
  }

  private void spread(int units, int lane, int lanes, Floats out) {
    for (int u = 0; u < units; u++) {
      out.set(u * lanes + lane, row.get(u));
    }
  }

  private void keys(long step, int example, int first, int rows, int layer) {
    enlarge(rows);
    long ofExample = StreamKey.child(step, example);
    for (int r = 0; r < rows; r++) {
      setKey(r, StreamKey.child(StreamKey.child(ofExample, first + r), layer));
    }
  }

  private void enlarge(int rows) {
    if (low.length < Kernels.padded(rows)) {
      low = new int[Kernels.padded(rows)];
      high = new int[Kernels.padded(rows)];
    }
  }

  private void setKey(int lane, long key) {
    low[lane] = (int) key;
    high[lane] = (int) (key >>> 32);
  }

  private static long key(long step, int example, int perturbation, int layer) {
    return StreamKey.child(StreamKey.child(StreamKey.child(step, example), perturbation), layer);
  }
}
