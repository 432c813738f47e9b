package org.grlu.rule;

/** How {@link Backprop} is configured: by nothing but its name. */
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
  public int version() {
    return 4;
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new Backprop();
  }
}
