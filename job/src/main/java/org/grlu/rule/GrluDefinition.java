package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.grlu.noise.NoiseKind;

/** How {@link Grlu} is configured. */
final class GrluDefinition implements RuleDefinition {
  private static final String PERTURBATIONS = "rule.perturbations";
  private static final String NOISE = "rule.noise";
  private static final String GATE = "rule.gate";
  private static final String HIDDEN = "rule.hidden-noise";
  private static final String OUTPUT = "rule.output-noise";
  private static final String NORMALISE = "rule.normalise-noise";

  @Override
  public String name() {
    return "grlu";
  }

  @Override
  public String sentence() {
    return "Global Reward, Local Updates: noise on every neuron in antithetic pairs, and each layer"
        + " learns from its noise, the difference of the rewards and its input.";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  public List<Key> keys() {
    return List.of(
        Key.whole(PERTURBATIONS, 1, 1 << 20),
        Key.choice(NOISE, "gaussian", "rademacher"),
        Key.choice(GATE, "none", "active"),
        Key.number(HIDDEN, "at least 0", v -> v >= 0),
        Key.number(OUTPUT, "at least 0", v -> v >= 0),
        Key.flag(NORMALISE));
  }

  @Override
  public Set<String> uses() {
    return RuleCatalogue.OF_SOME_RULES;
  }

  @Override
  public Set<String> costKeys() {
    return Set.of(PERTURBATIONS, NOISE, GATE);
  }

  @Override
  public int perturbations(KeyValues values) {
    boolean noisy = values.number(HIDDEN) + values.number(OUTPUT) != 0;
    return noisy ? values.whole(PERTURBATIONS) : 0;
  }

  @Override
  public List<String> faults(KeyValues values, double leastNoiseScale) {
    if (!values.flag(NORMALISE)) {
      return List.of();
    }
    List<String> faults = new ArrayList<>();
    for (String path : List.of(HIDDEN, OUTPUT)) {
      if (values.number(path) == 0) {
        faults.add(path + " = 0: must be above 0 where " + NORMALISE + " divides by it");
      }
    }
    if (leastNoiseScale == 0) {
      faults.add(
          "training.noise-scale = %s to %s: must stay above 0 where %s divides by it"
              .formatted(
                  values.value(RuleCatalogue.NOISE_SCALE_MAX),
                  values.value(RuleCatalogue.NOISE_SCALE_MIN),
                  NORMALISE));
    }
    return faults;
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new Grlu(
        values.whole(PERTURBATIONS),
        values.choice(NoiseKind.class, NOISE),
        values.choice(Gate.class, GATE),
        values.number(HIDDEN),
        values.number(OUTPUT),
        values.flag(NORMALISE));
  }
}
