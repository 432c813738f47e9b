package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Weights;

/**
 * The sums of a leaf, or of a subtree of leaves. No learning rate or other scale is applied yet.
 * The methods return the arrays themselves. A worker adds to the values in them.
 */
public final class LeafSums {
  private final SumsLayout layout;
  private final Floats[] arrays;

  /** The scale of each layer if the matrices are the weights themselves, else null. */
  private float[] scales;

  private final double[] ofPerturbations;

  /** The sum of the rewards of all passes. It is reported only; no update reads it. */
  double reward;

  LeafSums(SumsLayout layout, int blockExamples, Arena memory) {
    this.layout = layout;
    this.arrays = layout.arrays(blockExamples, memory);
    this.ofPerturbations = new double[layout.passes()];
  }

  /**
   * Replaces the matrices of all layers that return one by the weights themselves.
   *
   * @param weights Modified by whoever adds to the matrices
   * @param scales the factor, by layer, that multiplies what is added
   */
  void onto(Weights weights, float[] scales) {
    this.scales = scales;
    for (int l = 0; l < scales.length; l++) {
      if (isMatrix(l)) {
        arrays[l] = weights.layer(l);
      }
    }
  }

  /** Returns the factor by which a worker multiplies all that it adds to a layer's matrix. */
  public float scale(int l) {
    return scales == null ? 1f : scales[l];
  }

  /** Returns a layer's coefficients, (examples of the block x stride). */
  public Floats coefficients(int l) {
    return arrays[l];
  }

  /** Returns a layer's matrix, (rows of its weights x stride). */
  public Floats matrix(int l) {
    return arrays[l];
  }

  /**
   * Returns the rewards of {@link StepRewards#OF_PERTURBATIONS}, (2 x perturbations of the step).
   * The array is empty if the rule does not ask for them.
   */
  public double[] ofPerturbations() {
    return ofPerturbations;
  }

  /** Returns the rule's own sum number {@code i} of {@link LearningRule#ownSums}, padded. */
  public Floats own(int i) {
    return layout.own(arrays, i);
  }

  /**
   * Adds to an example's reward and to the sum of all rewards.
   *
   * @param example the number of the example in the block
   * @param sum the sum of the example's rewards over its passes
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

  /** Sets all sums to zero, except matrices that are the weights themselves. */
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
   * Adds the sums of another object.
   *
   * @param other Not modified
   * @param oneBlock whether both objects hold sums of the same block of examples; rows of single
   *     examples are then added too
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
