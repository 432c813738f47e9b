package org.grlu.rule;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;

/** The definition of {@link Evolution}. */
final class EvolutionDefinition implements RuleDefinition {
  private static final String PERTURBATIONS = "rule.perturbations";
  private static final String NOISE = "rule.evolution-noise";
  private static final String SHAPING = "rule.shaping";

  /**
   * The largest product of pairs and units, or of pairs and inputs, of a layer. The update draws a
   * layer's factors into one array.
   */
  private static final long MOST = 1L << 30;

  @Override
  public String name() {
    return "evolution";
  }

  @Override
  public String sentence() {
    return "Evolution strategies: noise on all weights, the same for all examples of a step, and the"
        + " reward that each pair of passes gains with it; only rewards leave the executors.";
  }

  @Override
  public List<RuleForm> forms() {
    String told = "one scalar for all examples of the step, the mean reward";
    return List.of(
        new RuleForm(
            NOISE + " = rank-one",
            told,
            "2 P passes, P being some hundreds",
            "where nothing but rewards can travel, or what is rewarded has no layers",
            "Salimans et al. 2017, arXiv:1703.03864; Sarkar et al. 2025, 2511.16652"),
        new RuleForm(
            NOISE + " = full",
            told,
            "2 P passes, and a normal number for each weight and pair, twice or more",
            "to compare noise of rank one with what it stands for",
            "Salimans et al. 2017, arXiv:1703.03864"));
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<Key> keys() {
    return List.of(
        Key.choice(NOISE, "rank-one", "full"), Key.choice(SHAPING, "none", "sign", "rank"));
  }

  @Override
  public Set<String> uses() {
    return Set.of(
        PERTURBATIONS,
        RuleCatalogue.OPTIMISER,
        RuleCatalogue.NOISE_SCALE_MAX,
        RuleCatalogue.NOISE_SCALE_MIN);
  }

  @Override
  public Set<String> costKeys() {
    return Set.of(PERTURBATIONS, NOISE);
  }

  @Override
  public int perturbations(KeyValues values) {
    return values.whole(PERTURBATIONS);
  }

  @Override
  public List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    long widest =
        IntStream.range(0, shape.depth())
            .map(l -> Math.max(Kernels.padded(shape.inputs(l)), shape.stride(l)))
            .max()
            .orElseThrow();
    if (values.whole(PERTURBATIONS) * widest > MOST) {
      return List.of(
          "%s = %d: must be at most %d under rule.name = %s with network.layers = %s"
              .formatted(
                  PERTURBATIONS,
                  values.whole(PERTURBATIONS),
                  MOST / widest,
                  name(),
                  shape.layers()));
    }
    return WeightPerturbationDefinition.silent(values, name(), leastNoiseScale);
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new Evolution(
        values.whole(PERTURBATIONS),
        values.choice(Evolution.Noise.class, NOISE),
        values.choice(Evolution.Shaping.class, SHAPING));
  }
}
