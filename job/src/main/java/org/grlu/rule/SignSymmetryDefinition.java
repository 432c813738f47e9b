package org.grlu.rule;

import java.util.List;

/** The definition of {@link SignSymmetry}, which has no keys. */
final class SignSymmetryDefinition implements RuleDefinition {
  @Override
  public String name() {
    return "sign-symmetry";
  }

  @Override
  public String sentence() {
    return "Sign symmetry: backpropagation through the weights' signs in place of the weights.";
  }

  @Override
  public List<RuleForm> forms() {
    return List.of(
        new RuleForm(
            "",
            "the output's error vector, sent back layer by layer through the signs of the outgoing weights",
            "one pass, and one back, which costs about two",
            "to see how much of the weights the way back has to know",
            "Liao, Leibo and Poggio 2016, arXiv:1510.05067"));
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new SignSymmetry();
  }
}
