package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;

/** The definition of {@link Grlu}. */
final class GrluDefinition implements RuleDefinition {
  private static final String PERTURBATIONS = "rule.perturbations";
  private static final String NOISE = "rule.noise";
  private static final String GATE = "rule.gate";
  private static final String HIDDEN = "rule.hidden-noise";
  private static final String OUTPUT = "rule.output-noise";
  private static final String NORMALISE = "rule.normalise-noise";
  private static final String ELIGIBILITY = "rule.eligibility";
  private static final String SIGNAL = "rule.output-signal";
  private static final String OUTPUT_RATE = "rule.output-rate";
  private static final String SCOPE = "rule.scope";

  /** The most pairs of an example that are in memory at once. */
  private static final int MOST_TOGETHER = 4096;

  /**
   * The least standard deviation of noise that a rule may divide by. The change of the rewards
   * under smaller noise is lost in their rounding.
   */
  private static final double LEAST_DIVISOR = 0.01;

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
        Key.choice(NOISE, "gaussian", "rademacher", "orthogonal", "shaped"),
        Key.choice(GATE, "none", "active"),
        Key.number(HIDDEN, "at least 0", v -> v >= 0),
        Key.number(OUTPUT, "at least 0", v -> v >= 0).onlyIf(SIGNAL, "noise"),
        Key.flag(NORMALISE).onlyIf(ELIGIBILITY, "injected"),
        Key.choice(ELIGIBILITY, "injected", "measured"),
        Key.choice(SIGNAL, "noise", "measured", "error"),
        Key.number(OUTPUT_RATE, "at least 0", v -> v >= 0),
        Key.choice(SCOPE, "all", "label", "task"));
  }

  @Override
  public List<RuleForm> forms() {
    String reward = "one scalar, the reward";
    return List.of(
        new RuleForm(
            "output-signal = noise",
            reward,
            "2 P passes",
            "to have what is published",
            "Williams 1992; the GRLU program"),
        new RuleForm(
            "scope = label",
            reward + "; the output layer which of its neurons is the label's",
            "2 P passes",
            "where classes come one after another: what is learnt of one leaves the others' outputs alone",
            "this project, after the dopamine compartments of a fly's mushroom body, Aso et al. 2014"),
        new RuleForm(
            "noise = orthogonal",
            reward,
            "2 P + 1 passes, sums over pairs and neurons by a Walsh-Hadamard transform",
            "with 8 pairs and more: a better estimate from as many passes, in less time",
            "Flügel et al. 2024, arXiv 2410.17764; Rando et al. 2025, 2505.19720"),
        new RuleForm(
            "noise = shaped",
            "one scalar, the reward; each hidden neuron the weights that lead from it to the outputs",
            "2 P + 1 passes, P at most 16",
            "with one hidden layer, where a neuron may know the weights that lead from it: the estimate of 16 pairs is nearly the gradient",
            "this project"),
        new RuleForm(
            "output-signal = measured",
            reward,
            "2 P + 1 passes",
            "for the best that is told nothing but the reward, with one or two hidden layers",
            "Dalm et al. 2023, arXiv 2310.00965"),
        new RuleForm(
            "output-signal = error",
            "one scalar, the reward; the output layer its own error vector",
            "2 P + 1 passes",
            "where the output layer may know the label",
            "Dalm et al. 2023, arXiv 2310.00965"),
        new RuleForm(
            "eligibility = measured",
            "one scalar, the reward; each layer its own change",
            "2 P + 1 passes, of which those with noise are perturbed in one layer alone",
            "in deep networks with residual connections; in deeper layers its mean is not the gradient",
            "Dalm et al. 2023, arXiv 2310.00965"));
  }

  @Override
  public Set<String> uses() {
    return RuleCatalogue.OF_SOME_RULES;
  }

  @Override
  public Set<String> costKeys() {
    return Set.of(PERTURBATIONS, NOISE, GATE, ELIGIBILITY, SIGNAL);
  }

  @Override
  public int perturbations(KeyValues values) {
    boolean noisy = values.number(HIDDEN) != 0 || (ofNoise(values) && values.number(OUTPUT) != 0);
    return noisy ? values.whole(PERTURBATIONS) : 0;
  }

  private static boolean ofNoise(KeyValues values) {
    return values.choice(OutputSignal.class, SIGNAL) == OutputSignal.NOISE;
  }

  private static boolean measures(KeyValues values) {
    return values.choice(Eligibility.class, ELIGIBILITY) == Eligibility.MEASURED;
  }

  @Override
  public List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    List<String> faults = new ArrayList<>();
    if (shape.depth() == 1 && !ofNoise(values)) {
      faults.add(
          "network.layers = %s: must have a hidden layer where %s = %s, which perturbs those alone"
              .formatted(shape.layers(), SIGNAL, values.value(SIGNAL)));
    }
    if (!allowed(values)) {
      faults.add(
          ("%s = %s with %s = %s, %s = %s and %s = %s: must be injected with noise; injected with"
                  + " measured or error, and %s = true; or measured with measured or error, and %s"
                  + " = active")
              .formatted(
                  ELIGIBILITY,
                  values.value(ELIGIBILITY),
                  SIGNAL,
                  values.value(SIGNAL),
                  NORMALISE,
                  values.value(NORMALISE),
                  GATE,
                  values.value(GATE),
                  NORMALISE,
                  GATE));
    }
    together(values, faults);
    shaped(values, shape, faults);
    mixed(values, shape, faults);
    if (ofNoise(values) && values.number(OUTPUT_RATE) != 1) {
      faults.add(
          "%s = %s: must be 1 where %s = noise"
              .formatted(OUTPUT_RATE, values.value(OUTPUT_RATE), SIGNAL));
    }
    scoped(values, shape, faults);
    divisors(values, leastNoiseScale, faults);
    return faults;
  }

  private static boolean allowed(KeyValues values) {
    if (measures(values)) {
      return !ofNoise(values) && values.choice(Gate.class, GATE) == Gate.ACTIVE;
    }
    return ofNoise(values) || values.flag(NORMALISE);
  }

  /** Adds the faults of rules that compute all pairs of an example together. */
  private static void together(KeyValues values, List<String> faults) {
    int pairs = values.whole(PERTURBATIONS);
    boolean orthogonal = values.choice(NoiseKind.class, NOISE) == NoiseKind.ORTHOGONAL;
    if (orthogonal && Integer.bitCount(pairs) != 1) {
      faults.add(
          "%s = %d: must be a power of two with %s = orthogonal"
              .formatted(PERTURBATIONS, pairs, NOISE));
    }
    if ((orthogonal || !ofNoise(values)) && pairs > MOST_TOGETHER) {
      faults.add(
          "%s = %d: must be at most %d with %s = orthogonal or %s = measured or error"
              .formatted(PERTURBATIONS, pairs, MOST_TOGETHER, NOISE, SIGNAL));
    }
  }

  /** Adds the faults of shaped noise, which is computed from the outgoing weights. */
  private static void shaped(KeyValues values, NetworkShape shape, List<String> faults) {
    if (values.choice(NoiseKind.class, NOISE) != NoiseKind.SHAPED) {
      return;
    }
    int pairs = values.whole(PERTURBATIONS);
    if (Integer.bitCount(pairs) != 1 || pairs > ShapedNoise.MOST) {
      faults.add(
          "%s = %d: must be a power of two, at most %d, with %s = shaped"
              .formatted(PERTURBATIONS, pairs, ShapedNoise.MOST, NOISE));
    }
    if (shape.depth() != 2 || shape.units(1) > ShapedNoise.MOST) {
      faults.add(
          "network.layers = %s: must have one hidden layer and at most %d outputs with %s = shaped, which perturbs the last hidden layer alone"
              .formatted(shape.layers(), ShapedNoise.MOST, NOISE));
    }
    if (ofNoise(values) || measures(values) || values.choice(Gate.class, GATE) != Gate.ACTIVE) {
      faults.add(
          "%s = shaped with %s = %s, %s = %s and %s = %s: must be with injected, measured or error, and active"
              .formatted(
                  NOISE,
                  ELIGIBILITY,
                  values.value(ELIGIBILITY),
                  SIGNAL,
                  values.value(SIGNAL),
                  GATE,
                  values.value(GATE)));
    }
  }

  /** Adds the faults of a scope that perturbs some outputs only. */
  private static void scoped(KeyValues values, NetworkShape shape, List<String> faults) {
    boolean independent = Set.of("gaussian", "rademacher").contains(values.text(NOISE));
    if (values.choice(Scope.class, SCOPE) != Scope.ALL
        && (!ofNoise(values) || !independent || shape.isMixed())) {
      faults.add(
          "%s = %s: must be all unless %s = noise and %s is gaussian or rademacher, in a network of dense layers alone"
              .formatted(SCOPE, values.value(SCOPE), SIGNAL, NOISE));
    }
  }

  /** Adds the faults of noise that is too small to be divided by. */
  private static void divisors(KeyValues values, double leastNoiseScale, List<String> faults) {
    if (!ofNoise(values)) {
      double least = values.number(RuleCatalogue.NOISE_SCALE_MIN) * values.number(HIDDEN);
      if (least < LEAST_DIVISOR) {
        faults.add(
            "%s = %s times %s = %s: must be at least %s where %s = %s divides by the change that the noise causes"
                .formatted(
                    RuleCatalogue.NOISE_SCALE_MIN,
                    values.value(RuleCatalogue.NOISE_SCALE_MIN),
                    HIDDEN,
                    values.value(HIDDEN),
                    LEAST_DIVISOR,
                    SIGNAL,
                    values.value(SIGNAL)));
      }
      return;
    }
    if (!values.flag(NORMALISE)) {
      return;
    }
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
  }

  /** Adds the faults of values that networks with several kinds of layers do not support. */
  private static void mixed(KeyValues values, NetworkShape shape, List<String> faults) {
    if (!shape.isMixed()) {
      return;
    }
    if (!Set.of("gaussian", "rademacher").contains(values.text(NOISE))) {
      faults.add(
          "%s = %s: must be gaussian or rademacher with layers of several kinds"
              .formatted(NOISE, values.text(NOISE)));
    }
    if (measures(values)) {
      faults.add(ELIGIBILITY + " = measured: must be injected with layers of several kinds");
    }
    boolean perturbed =
        IntStream.range(0, shape.depth() - 1).anyMatch(l -> MixedLearning.perturbs(shape, l));
    if (!ofNoise(values) && !perturbed) {
      faults.add(
          "%s = %s: must be noise where no hidden layer learns: of layers of several kinds only those that learn are perturbed"
              .formatted(SIGNAL, values.value(SIGNAL)));
    }
  }

  @Override
  public boolean anyLayers() {
    return true;
  }

  @Override
  public LearningRule createMixed(KeyValues values) {
    return new MixedGrlu((Grlu) create(values));
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new Grlu(
        values.whole(PERTURBATIONS),
        values.choice(NoiseKind.class, NOISE),
        values.choice(Gate.class, GATE),
        values.number(HIDDEN),
        values.number(OUTPUT),
        values.flag(NORMALISE),
        values.choice(Eligibility.class, ELIGIBILITY),
        values.choice(OutputSignal.class, SIGNAL),
        values.number(OUTPUT_RATE),
        values.choice(Scope.class, SCOPE));
  }
}
