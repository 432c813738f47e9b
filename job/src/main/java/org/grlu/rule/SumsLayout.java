package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;

/**
 * The arrays that leaves, subtrees and steps return: first one for each layer, in the form that the
 * rule asks for, then each example's rewards, and the rule's own sums. Beside them, in double
 * precision, are the sum of all rewards and those of each pass where the rule asks for them. Of a
 * layer that does not learn there is nothing but what workers write to.
 */
final class SumsLayout {
  private static final Slot NONE = new Slot(false, 0, 0);

  private final List<Slot> slots;

  /** By layer: what workers fill, whether it learns or not. */
  private final List<Slot> filled;

  private final int ofExamples;
  private final int passes;
  private final int own;

  /**
   * One array.
   *
   * @param perExample whether each example has a row of its own; else rows of all are added
   * @param width of an example's row; or the length of the sum
   * @param rows where this is a layer's update: of the layer's weights; else 0
   */
  record Slot(boolean perExample, int width, int rows) {
    /** The length of the array for so many examples. */
    int length(int examples) {
      return perExample ? examples * width : width;
    }

    /** Whether it is a layer's update, which can also travel as a matrix. */
    boolean expands() {
      return perExample && rows > 0;
    }

    /** Whether it is a layer's update that leaves return as a matrix. */
    boolean isMatrix() {
      return !perExample && rows > 0;
    }

    /** The length of the matrix that coefficients expand to. */
    int matrixLength() {
      return rows * width;
    }

    /** The length of what is added for all examples: a sum, or such a matrix. */
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

  /** The arrays that a worker fills, padded, those with a row for each example for so many. */
  Floats[] arrays(int examples, Arena memory) {
    return IntStream.range(0, slots.size())
        .mapToObj(i -> i < filled.size() ? filled.get(i) : slots.get(i))
        .map(s -> memory.of(Kernels.padded(s.length(examples))))
        .toArray(Floats[]::new);
  }

  /** Arrays of the slots that have a row for each example; null in the others' places. */
  Floats[] perExample(int examples, Arena memory) {
    return slots.stream()
        .map(s -> s.perExample ? memory.of(s.length(examples)) : null)
        .toArray(Floats[]::new);
  }

  /** The array of each example's rewards, summed over its passes, among {@code arrays}. */
  Floats ofExamples(Floats[] arrays) {
    return arrays[ofExamples];
  }

  /** How many sums {@link StepRewards#OF_PERTURBATIONS} are; 0 where the rule does not ask. */
  int passes() {
    return passes;
  }

  /** The rule's own sum number {@code i} among {@code arrays}. */
  Floats own(Floats[] arrays, int i) {
    return arrays[own + i];
  }
}
