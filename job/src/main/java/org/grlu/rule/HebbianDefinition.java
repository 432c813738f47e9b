package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.grlu.noise.NoiseKind;

/** The definition of {@link Hebbian}. */
final class HebbianDefinition implements RuleDefinition {
  private static final String VARIANT = "rule.variant";
  private static final String NOISE = "rule.noise";
  private static final String HIDDEN = "rule.hidden-noise";
  private static final String OUTPUT = "rule.output-noise";
  private static final String SIGNAL = "rule.output-signal";

  @Override
  public String name() {
    return "hebbian";
  }

  @Override
  public String sentence() {
    return "Hebbian learning, traditional (input x activity x reward) and differential (input x noise"
        + " x reward), to compare them term by term.";
  }

  @Override
  public List<RuleForm> forms() {
    String mean = "one scalar, the reward less its running mean";
    return List.of(
        new RuleForm(
            VARIANT + " = reward-post",
            mean,
            "one pass",
            "to see what input x activity x reward learns: much with network.hidden = frozen, else little",
            "Hebb 1949, with a reward as third factor"),
        new RuleForm(
            VARIANT + " = sampled-winner",
            mean + ", which is 1 where a class drawn from the softmax is the label, else 0",
            "one pass",
            "the same with a decision as the output's activity",
            "Hebb 1949, with a reward as third factor"),
        new RuleForm(
            VARIANT + " = noisy-post",
            mean,
            "one pass, with noise",
            "beside noise-only, from which it differs by the activity alone",
            "Hebb 1949, with a reward as third factor"),
        new RuleForm(
            VARIANT + " = noise-only",
            mean,
            "one pass, with noise",
            "for differential Hebbian learning of one pass",
            "Williams 1992"),
        new RuleForm(
            VARIANT + " = one-sided",
            "one scalar, the reward less the example's without noise",
            "two passes, one of them with noise",
            "beside noise-only, from which it differs by what rewards are compared with",
            "Werfel, Xie and Seung 2005"),
        new RuleForm(
            VARIANT + " = clamped",
            "the label, as the output layer's activity; hidden layers learn nothing",
            "one pass",
            "for association alone: each class adds up its inputs",
            "Hebb 1949"));
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<Key> keys() {
    return List.of(
        Key.choice(
            VARIANT,
            "reward-post",
            "sampled-winner",
            "noisy-post",
            "noise-only",
            "one-sided",
            "clamped"));
  }

  /**
   * Returns the noise keys, and the key of the output signal. The factor on the output's noise has
   * an effect only if that signal is noise.
   */
  @Override
  public Set<String> uses() {
    return Set.of(
        NOISE,
        HIDDEN,
        OUTPUT,
        SIGNAL,
        RuleCatalogue.NOISE_SCALE_MAX,
        RuleCatalogue.NOISE_SCALE_MIN);
  }

  @Override
  public Set<String> costKeys() {
    return Set.of(VARIANT, NOISE);
  }

  @Override
  public int perturbations(KeyValues values) {
    return variant(values).perturbs() ? 1 : 0;
  }

  private static Hebbian.Variant variant(KeyValues values) {
    return values.choice(Hebbian.Variant.class, VARIANT);
  }

  @Override
  public List<String> faults(KeyValues values, double leastNoiseScale) {
    List<String> faults = new ArrayList<>();
    if (!values.text(SIGNAL).equals("noise")) {
      faults.add(
          "%s = %s: must be noise under rule.name = %s, where %s says what layers learn from"
              .formatted(SIGNAL, values.text(SIGNAL), name(), VARIANT));
    }
    if (!variant(values).perturbs()) {
      return faults;
    }
    if (!Set.of("gaussian", "rademacher").contains(values.text(NOISE))) {
      faults.add(
          "%s = %s: must be gaussian or rademacher under rule.name = %s"
              .formatted(NOISE, values.text(NOISE), name()));
    }
    String divides = "must be above 0 where %s = %s divides by it";
    for (String path : List.of(HIDDEN, OUTPUT)) {
      if (values.number(path) == 0) {
        faults.add(path + " = 0: " + divides.formatted(VARIANT, values.text(VARIANT)));
      }
    }
    if (leastNoiseScale == 0) {
      faults.add(
          "training.noise-scale = %s to %s: must stay above 0 where %s = %s divides by it"
              .formatted(
                  values.value(RuleCatalogue.NOISE_SCALE_MAX),
                  values.value(RuleCatalogue.NOISE_SCALE_MIN),
                  VARIANT,
                  values.text(VARIANT)));
    }
    return faults;
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new Hebbian(
        variant(values),
        values.choice(NoiseKind.class, NOISE),
        values.number(HIDDEN),
        values.number(OUTPUT));
  }
}
