package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * What a leaf, or a subtree of leaves within one block of examples, learns: before any scaling. The
 * arrays themselves: whoever fills them adds to what is there.
 */
public final class LeafSums {
  private final SumsLayout layout;
  private final Floats[] arrays;

  /** The sum of all rewards, of both members of each pair; only reported. */
  double reward;

  LeafSums(SumsLayout layout, int blockExamples) {
    this.layout = layout;
    this.arrays = layout.arrays(blockExamples);
  }

  /** A layer's coefficients, (examples of the block x stride). */
  public Floats coefficients(int l) {
    return arrays[l];
  }

  /** A layer's matrix, (rows of its weights x stride). */
  public Floats matrix(int l) {
    return arrays[l];
  }

  /** The rewards of {@link StepRewards#OF_EXAMPLES}, (examples of the block), padded. */
  public Floats ofExamples() {
    return layout.ofExamples(arrays);
  }

  /**
   * The rewards of {@link StepRewards#OF_PERTURBATIONS}, (2 x perturbations of the step), padded.
   */
  public Floats ofPerturbations() {
    return layout.ofPerturbations(arrays);
  }

  /** Adds to the sum of all rewards. */
  public void addReward(double sum) {
    reward += sum;
  }

  Floats array(int slot) {
    return arrays[slot];
  }

  /** Sets all to zero. */
  public void clear(Kernels kernels) {
    for (Floats array : arrays) {
      kernels.clear(array, array.length());
    }
    reward = 0;
  }

  /**
   * Adds another's sums, and where both are of one block of examples what it has for each example.
   */
  void add(Kernels kernels, LeafSums other, boolean oneBlock) {
    for (int i = 0; i < arrays.length; i++) {
      if (oneBlock || !layout.slot(i).perExample()) {
        kernels.add(other.arrays[i], arrays[i], arrays[i].length());
      }
    }
    reward += other.reward;
  }
}
