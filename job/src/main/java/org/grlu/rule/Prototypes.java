package org.grlu.rule;

import java.util.Arrays;
import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Passes;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * Prototypes. The first K examples of a class become its prototypes w. For each later example, the
 * nearest prototype of its class moves towards it, {@code n_w += 1, w += (x - w) / n_w}. A
 * prototype is therefore the mean of the examples that it won (MacQueen, 1967, within each class).
 * This is Hebbian learning of a winner that the label gates. A class's score is that of its nearest
 * prototype, the largest {@code w . x - |w|^2 / 2}. The weights do not score. They are set to the
 * rule of class means over the prototypes, so that the prototypes have a digest.
 *
 * @param each K, the number of prototypes of each class
 */
record Prototypes(int each) implements Readout {
  static final String PROTOTYPES = "prototypes";
  static final String COUNTS = "prototype_counts";

  /** The name in the state of |w|^2, which is kept so that it is not computed for each example. */
  static final String SQUARES = "prototype_squares";

  @Override
  public State state(NetworkShape shape, long seed) {
    int rows = shape.units(0) * each;
    int stride = Inputs.stride(shape);
    State.Reader update = State.Reader.UPDATE;
    return State.NONE
        .and(PROTOTYPES, update, List.of(rows, stride), Floats.of(rows * stride))
        .and(COUNTS, update, List.of(rows), Floats.of(rows))
        .and(SQUARES, update, List.of(rows), Floats.of(rows));
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new Update(each, shape, memory);
  }

  @Override
  public void settle(NetworkShape shape, Weights weights) {
    Floats counts = weights.state().array(COUNTS);
    int[] classOf = new int[counts.length()];
    Arrays.setAll(classOf, w -> counts.get(w) > 0 ? w / each : -1);
    MemoryPass.settle(shape, weights.state().array(PROTOTYPES), classOf, weights);
  }

  @Override
  public boolean scoresByState() {
    return true;
  }

  @Override
  public Passes passes(NetworkShape shape, int capacity, Arena memory) {
    return new MemoryPass(shape, PROTOTYPES, shape.units(0) * each, capacity, memory, this::scores);
  }

  private void scores(State state, Floats products, int lanes, int lane, double norm, Floats out) {
    Floats counts = state.array(COUNTS);
    Floats squares = state.array(SQUARES);
    for (int w = 0; w < counts.length(); w++) {
      int c = w / each;
      if (counts.get(w) > 0) {
        float score = products.get(w * lanes + lane) - squares.get(w) / 2;
        out.set(c, Math.max(out.get(c), score));
      }
    }
  }

  /** Computes the whole step. */
  private static final class Update implements StepUpdate {
    private final Kernels kernels = Kernels.best();
    private final int each;
    private final int stride;
    private final Inputs example;
    private final Floats products;

    /** The prototypes of each class, which are parts of {@link #all}. */
    private final Floats[] ofClass;

    private Floats all;

    Update(int each, NetworkShape shape, Arena memory) {
      this.each = each;
      this.stride = Inputs.stride(shape);
      this.example = new Inputs(shape, memory);
      this.products = memory.of(each);
      this.ofClass = new Floats[shape.units(0)];
    }

    @Override
    public void apply(
        StepSettings step, StepSums sums, Perturbations perturbations, Weights weights) {
      int label = example.read(sums);
      Floats counts = weights.state().array(COUNTS);
      Floats squares = weights.state().array(SQUARES);
      Floats of = ofClass(weights.state().array(PROTOTYPES), label);
      int first = label * each;
      int winner = free(counts, first);
      if (winner == each) {
        kernels.dots(example.x, of, each, stride, products);
        winner = nearest(squares, first);
      }
      float count = counts.get(first + winner) + 1;
      counts.set(first + winner, count);
      double sum = 0;
      for (int i = 0; i < stride; i++) {
        float before = of.get(winner * stride + i);
        float after = before + (example.x.get(i) - before) / count;
        of.set(winner * stride + i, after);
        sum += (double) after * after;
      }
      squares.set(first + winner, (float) sum);
    }

    private Floats ofClass(Floats prototypes, int label) {
      if (all != prototypes) {
        all = prototypes;
        for (int c = 0; c < ofClass.length; c++) {
          ofClass[c] = all.part(c * each * stride, each * stride);
        }
      }
      return ofClass[label];
    }

    /** Returns the number of a class's first free prototype, or K if all are in use. */
    private int free(Floats counts, int first) {
      int w = 0;
      while (w < each && counts.get(first + w) > 0) {
        w++;
      }
      return w;
    }

    private int nearest(Floats squares, int first) {
      int best = 0;
      for (int w = 1; w < each; w++) {
        float score = products.get(w) - squares.get(first + w) / 2;
        best = score > products.get(best) - squares.get(first + best) / 2 ? w : best;
      }
      return best;
    }
  }
}
