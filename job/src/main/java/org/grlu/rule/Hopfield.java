package org.grlu.rule;

import java.util.Arrays;
import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Functions;
import org.grlu.network.NetworkShape;
import org.grlu.network.Passes;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * A modern Hopfield memory (Ramsauer et al., 2021, arXiv:2008.02217). It stores each example as
 * {@code x / |x|} with its label. The score of class c is
 *
 * <pre>
 *   z_c = sum over stored examples of c  of  exp(beta (cos - 1))
 * </pre>
 *
 * where cos is the cosine between the image and a stored example. In the code, the largest cosine
 * takes the place of 1, because z would underflow in 32 bits otherwise. This multiplies the scores
 * of all classes by the same factor. The weights do not score. They are set to the rule of class
 * means over the stored examples, so that the memory has a digest. When the memory is full, further
 * examples are not stored.
 *
 * @param beta the inverse temperature, above 0
 * @param capacity the most examples that are stored
 */
record Hopfield(double beta, int capacity) implements Readout {
  static final String STORED = "stored";
  static final String LABELS = "stored_labels";
  static final String COUNT = "stored_count";

  @Override
  public State state(NetworkShape shape, long seed) {
    int stride = Inputs.stride(shape);
    State.Reader update = State.Reader.UPDATE;
    return State.NONE
        .and(STORED, update, List.of(capacity, stride), Floats.of(capacity * stride))
        .and(LABELS, update, List.of(capacity), Floats.of(capacity))
        .and(COUNT, update, List.of(1), Floats.of(1));
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    Inputs example = new Inputs(shape, memory);
    int stride = Inputs.stride(shape);
    return (step, sums, perturbations, weights) -> {
      int label = example.read(sums);
      store(example.x, label, stride, weights);
    };
  }

  private void store(Floats x, int label, int stride, Weights weights) {
    Floats count = weights.state().array(COUNT);
    int stored = (int) count.get(0);
    if (stored == capacity) {
      return;
    }
    double square = 0;
    for (int i = 0; i < stride; i++) {
      square += (double) x.get(i) * x.get(i);
    }
    double factor = square == 0 ? 0 : 1 / Math.sqrt(square);
    Floats to = weights.state().array(STORED);
    for (int i = 0; i < stride; i++) {
      to.set(stored * stride + i, (float) (x.get(i) * factor));
    }
    weights.state().array(LABELS).set(stored, label);
    count.set(0, stored + 1);
  }

  @Override
  public void settle(NetworkShape shape, Weights weights) {
    Floats labels = weights.state().array(LABELS);
    int stored = (int) weights.state().array(COUNT).get(0);
    int[] classOf = new int[capacity];
    Arrays.setAll(classOf, s -> s < stored ? (int) labels.get(s) : -1);
    MemoryPass.settle(shape, weights.state().array(STORED), classOf, weights);
  }

  @Override
  public boolean scoresByState() {
    return true;
  }

  @Override
  public Passes passes(NetworkShape shape, int examples, Arena memory) {
    return new MemoryPass(shape, STORED, capacity, examples, memory, this::scores);
  }

  private void scores(State state, Floats products, int lanes, int lane, double norm, Floats out) {
    Floats labels = state.array(LABELS);
    int stored = (int) state.array(COUNT).get(0);
    float factor = norm == 0 ? 0 : (float) (beta / norm);
    float largest = Float.NEGATIVE_INFINITY;
    for (int s = 0; s < stored; s++) {
      largest = Math.max(largest, products.get(s * lanes + lane));
    }
    for (int s = 0; s < stored; s++) {
      int c = (int) labels.get(s);
      float similar = Functions.exp(factor * (products.get(s * lanes + lane) - largest));
      out.set(c, Math.max(out.get(c), 0f) + similar);
    }
  }
}
