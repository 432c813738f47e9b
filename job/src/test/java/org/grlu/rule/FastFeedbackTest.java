package org.grlu.rule;

import java.util.stream.Stream;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Rules with fixed and learned feedback against their double forms, over random shapes. */
class FastFeedbackTest {
  @TestFactory
  Stream<DynamicTest> feedbackAlignmentIsItsPlainForm() {
    return FastCase.some()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.toString(),
                    () -> {
                      State state = new FeedbackAlignment().state(each.shape(), each.seed());
                      compareBackward(each, new FeedbackAlignment(), state, backward(each, state));
                    }));
  }

  /** What a state holds in place of weights, by layer, neuron and input. */
  private static double[][][] backward(FastCase each, State state) {
    Weights given = new Weights(each.shape());
    for (int l = 1; l < each.shape().depth(); l++) {
      Floats matrix = state.array(FeedbackAlignment.name(l));
      given.layer(l).copy(matrix, 0, 0, matrix.length());
    }
    return new PlainNetwork(given).weights;
  }

  @TestFactory
  Stream<DynamicTest> signSymmetryIsItsPlainForm() {
    return FastCase.some()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.toString(),
                    () -> {
                      double[][][] weights =
                          new PlainNetwork(Weights.initial(each.shape(), each.seed())).weights;
                      double[][][] signs = PlainBackprop.signs(weights);
                      compareBackward(each, new SignSymmetry(), State.NONE, signs);
                    }));
  }

  private static void compareBackward(
      FastCase each, LearningRule rule, State state, double[][][] back) {
    PlainNetwork network = new PlainNetwork(Weights.initial(each.shape(), each.seed()));
    PlainNetwork.Draws gumbels = each.plainDraws(rule).gumbels();
    PlainChange change =
        PlainBackprop.step(network, back, each.wideInputs(), each.labels(), FastCase.RATE, gumbels);
    each.compare(rule, state, change);
  }

  @TestFactory
  Stream<DynamicTest> directFeedbackIsItsPlainForm() {
    return FastCase.some()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compareDirectFeedback(each)));
  }

  private static void compareDirectFeedback(FastCase each) {
    DirectFeedback rule = new DirectFeedback(0.5 + (each.seed() % 3) / 4.0);
    double[][][] feedback = each.feedback();
    PlainNetwork network = new PlainNetwork(Weights.initial(each.shape(), each.seed()));
    PlainNetwork.Draws gumbels = each.plainDraws(rule).gumbels();
    PlainChange change =
        PlainDirectFeedback.step(
            rule, network, feedback, each.wideInputs(), each.labels(), FastCase.RATE, gumbels);
    each.compare(rule, Feedbacks.state(each.shape(), rule, feedback), change);
  }

  @TestFactory
  Stream<DynamicTest> learnedFeedbackIsItsPlainForm() {
    return FastCase.some()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.shape() + " " + each.learned(), () -> compareFeedback(each)));
  }

  private static void compareFeedback(FastCase each) {
    NetworkShape shape = each.shape();
    LearnedFeedback rule = each.learned();
    double[][][] feedback = each.feedback();
    PlainNetwork network = new PlainNetwork(Weights.initial(shape, each.seed()));
    PlainLearnedFeedback plain = new PlainLearnedFeedback(rule, network, feedback);
    FastCase.Draws draws = each.plainDraws(rule);
    PlainChange change =
        plain.step(
            each.wideInputs(),
            each.labels(),
            FastCase.RATE,
            FastCase.SIGMA,
            draws.noise(),
            draws.gumbels());

    State state = Feedbacks.state(shape, rule, feedback);
    each.compare(rule, state, change);
    for (int l = 0; l < feedback.length; l++) {
      double[] fast = Feedbacks.flat(shape, state, l);
      double[] old = FastCase.flat(feedback[l]);
      for (int i = 0; i < fast.length; i++) {
        fast[i] -= (float) old[i];
      }
      Golden.assertClose("B" + l, fast, FastCase.flat(plain.feedbackChange()[l]), FastCase.SHARE);
    }
  }
}
