package org.grlu.rule;

import java.util.List;
import java.util.Set;
import org.grlu.network.NetworkShape;

/** The definition of {@link DirectFeedback}. */
final class DirectFeedbackDefinition implements RuleDefinition {
  private static final String OUTPUT_RATE = "rule.output-rate";

  @Override
  public String name() {
    return "direct-feedback";
  }

  @Override
  public String sentence() {
    return "Direct feedback: the output's error is broadcast to all layers through fixed random"
        + " matrices.";
  }

  @Override
  public List<RuleForm> forms() {
    return List.of(
        new RuleForm(
            "",
            "the output's error vector, through a fixed random matrix for each layer",
            "one pass",
            "at the least cost of all; learned-feedback says what the matrices could know",
            "Nøkland 2016, arXiv:1609.01596"));
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Set<String> uses() {
    return Set.of(OUTPUT_RATE);
  }

  @Override
  public Set<String> costKeys() {
    return Set.of();
  }

  @Override
  public List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    return shape.depth() > 1
        ? List.of()
        : List.of(
            "network.layers = %s: must have a hidden layer under rule.name = %s, which sends hidden layers the error"
                .formatted(shape.layers(), name()));
  }

  @Override
  public boolean anyLayers() {
    return true;
  }

  @Override
  public LearningRule createMixed(KeyValues values) {
    return new MixedDirectFeedback((DirectFeedback) create(values));
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new DirectFeedback(values.number(OUTPUT_RATE));
  }
}
