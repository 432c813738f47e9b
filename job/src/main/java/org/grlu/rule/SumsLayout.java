package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;

/**
 * Describes the arrays that leaves, subtrees and steps return. Each array has a slot. The first
 * slots belong to the layers, in the form that the rule asks for. The next slot holds each
 * example's rewards. The last slots hold the rule's own sums. The sum of all rewards, and the
 * rewards of each pass if the rule asks for them, are kept beside the arrays in double precision.
 * The slot of a layer that does not learn is empty, but workers still get an array to write to.
 */
final class SumsLayout {
  private static final Slot NONE = new Slot(false, 0, 0);

  private final List<Slot> slots;

  /** The slots that workers fill, by layer, also for layers that do not learn. */
  private final List<Slot> filled;

  private final int ofExamples;
  private final int passes;
  private final int own;

  /**
   * The shape of one array.
   *
   * @param perExample whether each example has its own row; otherwise one sum holds all examples
   * @param width the length of an example's row, or the length of the sum
   * @param rows the number of rows of the layer's weights if the slot is a layer's update, else 0
   */
  record Slot(boolean perExample, int width, int rows) {
    /** Returns the length of the array for a number of examples. */
    int length(int examples) {
      return perExample ? examples * width : width;
    }

    /** Returns whether the slot is a layer's coefficients, which can be expanded into a matrix. */
    boolean expands() {
      return perExample && rows > 0;
    }

    /** Returns whether the slot is a layer's update that leaves return as a matrix. */
    boolean isMatrix() {
      return !perExample && rows > 0;
    }

    /** Returns the length of the matrix into which coefficients expand. */
    int matrixLength() {
      return rows * width;
    }

    /**
     * Returns the length of the sum over all examples: that of the expanded matrix, or that of the
     * sum itself.
     */
    int sumLength() {
      return expands() ? matrixLength() : width;
    }
  }

  SumsLayout(NetworkShape shape, LearningRule rule) {
    slots = new ArrayList<>();
    filled = new ArrayList<>();
    for (int l = 0; l < shape.depth(); l++) {
      int rows = shape.layer(l).rows();
      Slot slot =
          switch (rule.form(shape, l)) {
            case COEFFICIENTS -> new Slot(true, shape.stride(l), rows);
            case MATRIX -> new Slot(false, shape.layer(l).length(), rows);
            case NONE -> NONE;
          };
      filled.add(slot);
      slots.add(shape.learns(l) ? slot : NONE);
    }
    ofExamples = add(new Slot(true, 1, 0));
    boolean ofPerturbations = rule.returns().contains(StepRewards.OF_PERTURBATIONS);
    passes = ofPerturbations ? 2 * rule.perturbations() : 0;
    own = slots.size();
    rule.ownSums(shape).forEach(length -> add(new Slot(false, length, 0)));
  }

  private int add(Slot slot) {
    slots.add(slot);
    return slots.size() - 1;
  }

  int size() {
    return slots.size();
  }

  Slot slot(int i) {
    return slots.get(i);
  }

  /**
   * Returns new, padded arrays that a worker fills, by slot.
   *
   * @param examples the number of rows of the arrays with a row for each example
   */
  Floats[] arrays(int examples, Arena memory) {
    return IntStream.range(0, slots.size())
        .mapToObj(i -> i < filled.size() ? filled.get(i) : slots.get(i))
        .map(s -> memory.of(Kernels.padded(s.length(examples))))
        .toArray(Floats[]::new);
  }

  /** Returns new arrays for the slots with a row for each example, and null for the other slots. */
  Floats[] perExample(int examples, Arena memory) {
    return slots.stream()
        .map(s -> s.perExample ? memory.of(s.length(examples)) : null)
        .toArray(Floats[]::new);
  }

  /**
   * Returns the array among {@code arrays} that holds each example's rewards, summed over its
   * passes.
   */
  Floats ofExamples(Floats[] arrays) {
    return arrays[ofExamples];
  }

  /**
   * Returns the number of the sums {@link StepRewards#OF_PERTURBATIONS}, which is 0 if the rule
   * does not ask for them.
   */
  int passes() {
    return passes;
  }

  /** Returns the rule's own sum number {@code i} among {@code arrays}. */
  Floats own(Floats[] arrays, int i) {
    return arrays[own + i];
  }
}
