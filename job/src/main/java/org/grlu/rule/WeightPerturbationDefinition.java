package org.grlu.rule;

import java.util.List;
import java.util.Set;

/** The definition of {@link WeightPerturbation}. */
final class WeightPerturbationDefinition implements RuleDefinition {
  private static final String PERTURBATIONS = "rule.perturbations";

  @Override
  public String name() {
    return "weight-perturbation";
  }

  @Override
  public String sentence() {
    return "Weight perturbation: noise on every weight, drawn for each example and pair of passes,"
        + " times the reward that it gains.";
  }

  @Override
  public List<RuleForm> forms() {
    return List.of(
        new RuleForm(
            "",
            "one scalar, the reward",
            "2 P passes, and P normal numbers for each weight",
            "as the rule that noise on neurons is measured by",
            "Jabri and Flower 1992; Cauwenberghs 1993"));
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Set<String> uses() {
    return Set.of(PERTURBATIONS, RuleCatalogue.NOISE_SCALE_MAX, RuleCatalogue.NOISE_SCALE_MIN);
  }

  @Override
  public Set<String> costKeys() {
    return Set.of(PERTURBATIONS);
  }

  @Override
  public int perturbations(KeyValues values) {
    return values.whole(PERTURBATIONS);
  }

  @Override
  public List<String> faults(KeyValues values, double leastNoiseScale) {
    return silent(values, name(), leastNoiseScale);
  }

  /** Returns the fault of a rule that divides by a noise scale of 0, or an empty list. */
  static List<String> silent(KeyValues values, String rule, double leastNoiseScale) {
    return leastNoiseScale > 0
        ? List.of()
        : List.of(
            "training.noise-scale = %s to %s: must stay above 0 under rule.name = %s, which divides by it"
                .formatted(
                    values.value(RuleCatalogue.NOISE_SCALE_MAX),
                    values.value(RuleCatalogue.NOISE_SCALE_MIN),
                    rule));
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new WeightPerturbation(values.whole(PERTURBATIONS));
  }
}
