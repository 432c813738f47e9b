package org.grlu.rule;

import java.util.List;

/** The definition of {@link FeedbackAlignment}, which has no keys. */
final class FeedbackAlignmentDefinition implements RuleDefinition {
  @Override
  public String name() {
    return "feedback-alignment";
  }

  @Override
  public String sentence() {
    return "Feedback alignment: backpropagation through fixed random matrices in place of the weights.";
  }

  @Override
  public List<RuleForm> forms() {
    return List.of(
        new RuleForm(
            "",
            "the output's error vector, sent back layer by layer through fixed random matrices",
            "one pass, and one back, which costs about two",
            "to see what is lost where the way back does not know the weights",
            "Lillicrap, Cownden, Tweed and Akerman 2016, arXiv:1411.0247"));
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new FeedbackAlignment();
  }
}
