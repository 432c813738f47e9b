package org.grlu.rule;

import java.util.function.Supplier;
import org.grlu.math.Floats;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;

/** What a whole step returned. */
public final class StepSums {
  private final SumsLayout layout;
  private final Floats[] perExample;
  private final Floats[] sums;
  private final Supplier<InputBatch> examples;
  private final ForwardPass clean;
  private final double[] ofPerturbations;
  private final RowThreads threads;

  /**
   * @param perExample by slot
   * @param sums by slot; a layer's matrix also where its coefficients were expanded already, and
   *     none where the leaf added to the weights
   * @param ofPerturbations see {@link #ofPerturbations}
   * @param clean see {@link #clean}
   * @param threads for what is done row by row
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

  /** Whether layer {@code l}'s update is a matrix, rather than coefficients or nothing. */
  boolean isMatrix(int l) {
    return sums[l] != null && layout.slot(l).rows() > 0;
  }

  /** Whether layer {@code l}'s update is to come of coefficients; else it may be done already. */
  boolean isCoefficients(int l) {
    return sums[l] == null && perExample[l] != null;
  }

  /**
   * Whether layer {@code l}'s matrix comes of coefficients, which were scaled before they were
   * expanded.
   */
  boolean isScaled(int l) {
    return layout.slot(l).expands();
  }

  Floats matrix(int l) {
    return sums[l];
  }

  Floats coefficients(int l) {
    return perExample[l];
  }

  /** The sum over an example's passes of its rewards, (batch): in the order of the step. */
  public Floats ofExamples() {
    return layout.ofExamples(perExample);
  }

  /**
   * The rewards of {@link StepRewards#OF_PERTURBATIONS}, (2 x perturbations); empty where the rule
   * does not ask for them.
   */
  public double[] ofPerturbations() {
    return ofPerturbations;
  }

  /** The threads that an update may divide rows among. */
  RowThreads threads() {
    return threads;
  }

  /** The rule's own sum number {@code i} of {@link LearningRule#ownSums}, padded. */
  public Floats own(int i) {
    return layout.own(sums, i);
  }

  /**
   * The unperturbed pass of all examples of the step, by the weights as they were; null where there
   * is none to share.
   */
  ForwardPass clean() {
    return clean;
  }

  /** All examples of the step. */
  public InputBatch examples() {
    return examples.get();
  }
}
