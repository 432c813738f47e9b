package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.rule.StepSettings;

/**
 * What keeps weights from forgetting earlier tasks, whatever the rule that changes them. The driver
 * applies it around each step, so that all engines give the same bits.
 */
interface Consolidation {
  /** Nothing. */
  Consolidation NONE = new Consolidation() {};

  /**
   * A trial's.
   *
   * @param train the images that it presents
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

  /** A rule's state, and beside it what consolidation keeps, as it is before the first step. */
  static State state(State ofRule, NetworkShape shape, ExampleStream stream) {
    return stream.ewc() > 0 ? ElasticWeights.state(ofRule, shape) : ofRule;
  }

  /**
   * Sees the weights that a step is about to change.
   *
   * @param weights Not modified.
   */
  default void before(Weights weights) {}

  /**
   * Corrects what a step has changed.
   *
   * @param epoch of the step, from 0
   * @param weights Modified.
   */
  default void after(int epoch, StepSettings step, Weights weights) {}

  /**
   * Hears that an epoch is over.
   *
   * @param epoch from 0
   * @param order of its examples
   * @param weights Modified: what is kept in their state. Folded
   */
  default void end(int epoch, Presentation order, Weights weights) {}
}
