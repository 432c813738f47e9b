package org.grlu.rule;

import java.util.function.Supplier;
import org.grlu.math.Floats;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;

/** The sums of a whole step, which a {@link StepUpdate} turns into a change of the weights. */
public final class StepSums {
  private final SumsLayout layout;
  private final Floats[] perExample;
  private final Floats[] sums;
  private final Supplier<InputBatch> examples;
  private final ForwardPass clean;
  private final double[] ofPerturbations;
  private final RowThreads threads;

  /**
   * Creates the sums of a step from its arrays.
   *
   * @param perExample by slot, the arrays with a row for each example; null for other slots
   * @param sums by slot, the arrays that are summed over all examples. A layer's matrix is here
   *     also if its coefficients are expanded already. The array is null if the leaf added to the
   *     weights themselves
   * @param ofPerturbations see {@link #ofPerturbations}
   * @param clean see {@link #clean}
   * @param threads the threads that an update may divide rows among
   */
  StepSums(
      SumsLayout layout,
      Floats[] perExample,
      Floats[] sums,
      double[] ofPerturbations,
      Supplier<InputBatch> examples,
      ForwardPass clean,
      RowThreads threads) {
    this.layout = layout;
    this.perExample = perExample;
    this.sums = sums;
    this.examples = examples;
    this.clean = clean;
    this.ofPerturbations = ofPerturbations;
    this.threads = threads;
  }

  /** Returns whether layer {@code l}'s update is a matrix. */
  boolean isMatrix(int l) {
    return sums[l] != null && layout.slot(l).rows() > 0;
  }

  /**
   * Returns whether layer {@code l}'s update must still be expanded from coefficients. If the
   * update is neither a matrix nor coefficients, the layer does not learn here or its weights have
   * changed already.
   */
  boolean isCoefficients(int l) {
    return sums[l] == null && perExample[l] != null;
  }

  /**
   * Returns whether layer {@code l}'s matrix was expanded from coefficients. Coefficients are
   * scaled before they are expanded, so such a matrix must not be scaled again.
   */
  boolean isScaled(int l) {
    return layout.slot(l).expands();
  }

  /** Returns layer {@code l}'s matrix, (rows of its weights x stride). */
  Floats matrix(int l) {
    return sums[l];
  }

  /** Returns layer {@code l}'s scaled coefficients, (batch x stride). */
  Floats coefficients(int l) {
    return perExample[l];
  }

  /**
   * Returns the sum of each example's rewards over its passes, (batch), in the order of the step.
   */
  public Floats ofExamples() {
    return layout.ofExamples(perExample);
  }

  /**
   * Returns the rewards of {@link StepRewards#OF_PERTURBATIONS}, (2 x perturbations). The array is
   * empty if the rule does not ask for them.
   */
  public double[] ofPerturbations() {
    return ofPerturbations;
  }

  /** Returns the threads that an update may divide rows among. */
  RowThreads threads() {
    return threads;
  }

  /** Returns the rule's own sum number {@code i} of {@link LearningRule#ownSums}, padded. */
  public Floats own(int i) {
    return layout.own(sums, i);
  }

  /**
   * Returns the unperturbed pass over all examples of the step, run with the weights before the
   * update. Returns null if no leaf ran such a pass over the whole step.
   */
  ForwardPass clean() {
    return clean;
  }

  /** Returns all examples of the step. */
  public InputBatch examples() {
    return examples.get();
  }
}
