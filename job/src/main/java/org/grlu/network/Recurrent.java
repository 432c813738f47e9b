package org.grlu.network;

import java.util.List;
import java.util.Map;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.noise.StreamKey;

/**
 * A recurrent layer: what it reads, normalised once, comes in equal pieces u[t], and {@code h[t] =
 * tanh(W u[t] + R h[t-1] + b)}, h before the first being 0; it puts out the last h (Elman, 1990). A
 * neuron at each step counts as one of its own: noise enters before the tanh.
 *
 * <p>Rows of its weights: W's, R's, then the bias; where steps have weights of their own, W and R
 * of one step after the other, then the biases.
 *
 * @param index its number, from 0
 * @param reads what it reads
 * @param size neurons of a step
 * @param steps pieces, of as many positions each
 * @param shared whether all steps have the same weights
 * @param frozen whether it keeps its initial weights
 * @param noise the factor on the noise scale of its neurons
 */
public record Recurrent(
    int index, Extent reads, int size, int steps, boolean shared, boolean frozen, double noise)
    implements Layer {
  /** How it is configured in a list of layers. */
  public static final LayerForm FORM =
      new LayerForm(
          List.of(
              LayerForm.Option.count("recurrent", null, 1),
              LayerForm.Option.count("steps", null, 1),
              LayerForm.SHARED,
              LayerForm.FROZEN,
              LayerForm.NOISE),
          Recurrent::of);

  private static Recurrent of(int index, Extent reads, Map<String, Object> v) {
    int steps = LayerForm.whole(v, "steps");
    // a list of numbers has one position, and is cut anywhere
    Extent cut = reads.positions() == 1 ? Extent.image(1, reads.numbers(), 1) : reads;
    if (cut.positions() % steps != 0) {
      throw new IllegalArgumentException(
          "steps must divide the %d numbers or positions that it reads".formatted(cut.positions()));
    }
    long columns = Kernels.padded(LayerForm.whole(v, "recurrent"));
    long sets = LayerForm.flag(v, LayerForm.SHARED) ? 1 : steps;
    long rows = (long) cut.positions() / steps * cut.step() + columns + 1;
    LayerForm.bound(steps * columns, sets * rows * columns);
    return new Recurrent(
        index,
        cut,
        LayerForm.whole(v, "recurrent"),
        steps,
        LayerForm.flag(v, LayerForm.SHARED),
        LayerForm.flag(v, LayerForm.FROZEN),
        LayerForm.noise(v));
  }

  private static final double RECURRENT_GAIN = 0.95;

  @Override
  public Extent puts() {
    return Extent.map(1, 1, size);
  }

  @Override
  public Extent neurons() {
    return Extent.map(1, steps, size);
  }

  @Override
  public boolean perturbedBefore() {
    return true;
  }

  /** Places of a piece. */
  int piece() {
    return reads.positions() / steps * reads.step();
  }

  /** Sets of weights. */
  int sets() {
    return shared ? 1 : steps;
  }

  /** Rows of a set, without its bias. */
  int ofSet() {
    return piece() + size;
  }

  @Override
  public int stride() {
    return Kernels.padded(size);
  }

  @Override
  public int rows() {
    return sets() * (ofSet() + 1);
  }

  @Override
  public int biasAt() {
    return sets() * ofSet() * stride();
  }

  @Override
  public double operations() {
    return (double) steps * size * ofSet();
  }

  @Override
  public String text() {
    return "rnn%dx%d%s".formatted(size, steps, MixedPass.remarks(this, shared));
  }

  /**
   * W normal with variance 1 / (4 numbers of a piece), R 0.95 times a random orthogonal matrix,
   * biases zero.
   */
  @Override
  public void initialise(Floats w, long key) {
    int inputs = inputs() / steps;
    float scale = (float) StrictMath.sqrt(0.25 / inputs);
    Floats row = Floats.of(Kernels.padded(inputs));
    Parameter matrix = parameters().get(0);
    Parameter recurrent = parameters().get(1);
    for (int set = 0; set < sets(); set++) {
      for (int u = 0; u < size; u++) {
        int i = set * size + u;
        Kernels.best().gaussian(StreamKey.child(key, i), scale, row, 0, inputs);
        for (int j = 0; j < inputs; j++) {
          w.set(matrix.place().applyAsInt(i * inputs + j), row.get(j));
        }
      }
      double[][] q = orthogonal(StreamKey.child(key, (long) sets() * size + set));
      for (int u = 0; u < size; u++) {
        for (int j = 0; j < size; j++) {
          int place = recurrent.place().applyAsInt((set * size + u) * size + j);
          w.set(place, (float) (RECURRENT_GAIN * q[u][j]));
        }
      }
    }
  }

  /** A random orthogonal matrix: rows of normal numbers, made orthogonal one after the other. */
  private double[][] orthogonal(long key) {
    double[][] q = new double[size][size];
    Floats row = Floats.of(stride());
    for (int i = 0; i < size; i++) {
      Kernels.best().gaussian(StreamKey.child(key, i), 1f, row, 0, size);
      for (int j = 0; j < size; j++) {
        q[i][j] = row.get(j);
      }
      // twice: the first time leaves rounding errors of what it takes away
      for (int earlier = 0; earlier < 2 * i; earlier++) {
        double dot = dot(q[i], q[earlier % i]);
        for (int j = 0; j < size; j++) {
          q[i][j] -= dot * q[earlier % i][j];
        }
      }
      double norm = StrictMath.sqrt(dot(q[i], q[i]));
      for (int j = 0; j < size; j++) {
        q[i][j] /= norm;
      }
    }
    return q;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private List<Integer> shape(int... rest) {
    List<Integer> all = new java.util.ArrayList<>();
    if (!shared) {
      all.add(steps);
    }
    for (int n : rest) {
      all.add(n);
    }
    return List.copyOf(all);
  }

  /** W as (neurons x numbers of a piece), R as (neurons x neurons), by step where not shared. */
  @Override
  public List<Parameter> parameters() {
    int inputs = inputs() / steps;
    return List.of(
        new Parameter(
            "W",
            shape(size, inputs),
            i -> {
              int unit = i / inputs;
              int row = unit / size * ofSet() + reads.place(i % inputs);
              return row * stride() + unit % size;
            }),
        new Parameter(
            "R",
            shape(size, size),
            i -> {
              int unit = i / size;
              int row = unit / size * ofSet() + piece() + i % size;
              return row * stride() + unit % size;
            }),
        new Parameter("b", shape(size), i -> biasAt() + i / size * stride() + i % size));
  }

  @Override
  public LayerPass pass(boolean hidden, int capacity, Arena memory) {
    return new RecurrentPass(this, capacity, memory);
  }
}
