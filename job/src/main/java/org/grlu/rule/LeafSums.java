package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Weights;

/**
 * What a leaf, or a subtree of leaves within one block of examples, learns: before any scaling. The
 * arrays themselves: whoever fills them adds to what is there.
 */
public final class LeafSums {
  private final SumsLayout layout;
  private final Floats[] arrays;

  /** By layer, where matrices are the weights themselves; else null. */
  private float[] scales;

  private final double[] ofPerturbations;

  /** The sum of all rewards, of both members of each pair; only reported. */
  double reward;

  LeafSums(SumsLayout layout, int blockExamples, Arena memory) {
    this.layout = layout;
    this.arrays = layout.arrays(blockExamples, memory);
    this.ofPerturbations = new double[layout.passes()];
  }

  /**
   * Makes the weights themselves the matrices of all layers that return one.
   *
   * @param scales by layer: what is to be added is multiplied by it
   */
  void onto(Weights weights, float[] scales) {
    this.scales = scales;
    for (int l = 0; l < scales.length; l++) {
      if (isMatrix(l)) {
        arrays[l] = weights.layer(l);
      }
    }
  }

  /** What is to be multiplied with whatever a worker adds to a layer's matrix. */
  public float scale(int l) {
    return scales == null ? 1f : scales[l];
  }

  /** A layer's coefficients, (examples of the block x stride). */
  public Floats coefficients(int l) {
    return arrays[l];
  }

  /** A layer's matrix, (rows of its weights x stride). */
  public Floats matrix(int l) {
    return arrays[l];
  }

  /**
   * The rewards of {@link StepRewards#OF_PERTURBATIONS}, (2 x perturbations of the step): the array
   * itself. Empty where the rule does not ask for them.
   */
  public double[] ofPerturbations() {
    return ofPerturbations;
  }

  /** The rule's own sum number {@code i} of {@link LearningRule#ownSums}, padded. */
  public Floats own(int i) {
    return layout.own(arrays, i);
  }

  /**
   * Adds to an example's rewards, and to the sum of all.
   *
   * @param example its number in the block
   * @param sum over passes of it
   */
  public void addReward(int example, double sum) {
    Floats own = layout.ofExamples(arrays);
    own.set(example, own.get(example) + (float) sum);
    reward += sum;
  }

  Floats array(int slot) {
    return arrays[slot];
  }

  private boolean isMatrix(int slot) {
    return layout.slot(slot).isMatrix();
  }

  /** Sets all sums to zero. */
  public void clear(Kernels kernels) {
    for (int i = 0; i < arrays.length; i++) {
      if (scales == null || !isMatrix(i)) {
        kernels.clear(arrays[i], arrays[i].length());
      }
    }
    Arrays.fill(ofPerturbations, 0);
    reward = 0;
  }

  /**
   * Adds another's sums, and where both are of one block of examples what it has for each example.
   */
  void add(Kernels kernels, LeafSums other, boolean oneBlock) {
    for (int i = 0; i < arrays.length; i++) {
      SumsLayout.Slot slot = layout.slot(i);
      if (slot.width() > 0 && (oneBlock || !slot.perExample())) {
        kernels.add(other.arrays[i], arrays[i], arrays[i].length());
      }
    }
    for (int i = 0; i < ofPerturbations.length; i++) {
      ofPerturbations[i] += other.ofPerturbations[i];
    }
    reward += other.reward;
  }
}
