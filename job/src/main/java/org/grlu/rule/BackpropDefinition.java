package org.grlu.rule;

import java.util.List;
import java.util.Set;

/** The definition of {@link Backprop}. Its only key is the optimiser's. */
final class BackpropDefinition implements RuleDefinition {
  @Override
  public String name() {
    return "backprop";
  }

  @Override
  public String sentence() {
    return "Back-propagation: the exact gradient, as a baseline.";
  }

  @Override
  public List<RuleForm> forms() {
    return List.of(
        new RuleForm(
            "",
            "the exact gradient: the output's error vector, sent back through every layer's"
                + " outgoing weights",
            "one pass, and one back, which costs about two",
            "as a baseline",
            "Rumelhart, Hinton and Williams 1986"));
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  public Set<String> uses() {
    return Set.of(RuleCatalogue.OPTIMISER);
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new Backprop();
  }

  @Override
  public boolean anyLayers() {
    return true;
  }

  @Override
  public LearningRule createMixed(KeyValues values) {
    return new MixedBackprop();
  }
}
