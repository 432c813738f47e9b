package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.rule.StepSettings;

/**
 * A method that keeps the weights from forgetting earlier tasks, under any learning rule. {@link
 * Trial} calls it before and after each step, outside the engine. So all engines give the same
 * bits.
 */
interface Consolidation {
  /** A consolidation that leaves all weights as they are. */
  Consolidation NONE = new Consolidation() {};

  /**
   * Returns the consolidation that a trial's settings ask for.
   *
   * @param train the training images, as the trial presents them
   */
  static Consolidation of(TrialSettings settings, LabelledImages train) {
    ExampleStream stream = settings.training().options().stream();
    if (stream.ewc() > 0) {
      return new ElasticWeights(settings, train);
    }
    return stream.metaplasticity() > 0
        ? new Metaplasticity(settings.shape(), stream.metaplasticity())
        : NONE;
  }

  /**
   * Returns the state before the first step: the rule's own arrays and those of the consolidation.
   *
   * @param ofRule the rule's own arrays. Not modified
   */
  static State state(State ofRule, NetworkShape shape, ExampleStream stream) {
    return stream.ewc() > 0 ? ElasticWeights.state(ofRule, shape) : ofRule;
  }

  /**
   * Reads the weights before a step changes them.
   *
   * @param weights Not modified.
   */
  default void before(Weights weights) {}

  /**
   * Corrects the change that a step has made.
   *
   * @param epoch the epoch of the step, from 0
   * @param weights Modified.
   */
  default void after(int epoch, StepSettings step, Weights weights) {}

  /**
   * Updates what is remembered of a task, at the end of an epoch.
   *
   * @param epoch the epoch that is over, from 0
   * @param order the examples that the epoch presented
   * @param weights Their state is modified. The weights are folded
   */
  default void end(int epoch, Presentation order, Weights weights) {}
}
