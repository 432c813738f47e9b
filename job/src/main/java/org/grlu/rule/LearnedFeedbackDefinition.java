package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.noise.NoiseKind;

/** The definition of {@link LearnedFeedback}. */
final class LearnedFeedbackDefinition implements RuleDefinition {
  private static final String PERTURBATIONS = "rule.perturbations";
  private static final String NOISE = "rule.noise";
  private static final String TEACHER = "rule.teacher";
  private static final String UNBIASED = "rule.unbiased";
  private static final String NORM = "rule.feedback-norm";
  private static final String CHAINED = "rule.chained";
  private static final String LAMBDA = "rule.chain-lambda";
  private static final String OUTPUT_RATE = "rule.output-rate";
  private static final String FEEDBACK_RATE = "rule.feedback-rate";

  /**
   * The least noise scale. The rule divides by the change that the noise caused, which rounding to
   * 32 bits must not hide.
   */
  private static final double LEAST_NOISE = 0.01;

  private static final double MOST_FEEDBACK_RATE = 2;

  @Override
  public String name() {
    return "learned-feedback";
  }

  @Override
  public String sentence() {
    return "Learned feedback: pairs of passes teach each hidden layer, by the reward they did not"
        + " expect, how the output's error concerns it; that error is broadcast to all layers.";
  }

  @Override
  public List<RuleForm> forms() {
    String source = "after Lansdell, Prakash and Kording 2020, arXiv:1906.00889";
    String cost = "2 P + 1 passes, P = 1 being enough";
    return List.of(
        new RuleForm(
            TEACHER + " = reward",
            "one scalar, the reward prediction error, and the output's error vector",
            cost,
            "for the accuracy of backpropagation at the price of a few passes",
            source),
        new RuleForm(
            TEACHER + " = logits",
            "one scalar for each class, the change of its logit, and the output's error vector",
            cost,
            "in deep networks, where every output's change can be broadcast",
            source),
        new RuleForm(
            CHAINED + " = true",
            "the output's error vector, and a scalar that passes from layer to layer; with "
                + TEACHER
                + " = logits one for each class",
            cost,
            "in deep networks: each layer has a prediction error of its own",
            source + "; temporal differences are Sutton 1988"),
        new RuleForm(
            UNBIASED + " = true",
            "one scalar, the reward prediction error, and the output's error vector",
            cost,
            "where the mean update must be the gradient: it is noisier, and less accurate",
            source));
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<Key> keys() {
    return List.of(
        Key.choice(TEACHER, "reward", "logits"),
        Key.flag(UNBIASED),
        Key.choice(NORM, "all", "layer").onlyIf(CHAINED, false),
        Key.flag(CHAINED),
        Key.number(LAMBDA, "0 to 1", v -> v >= 0 && v <= 1).onlyIf(CHAINED, true),
        Key.number(FEEDBACK_RATE, "above 0, below 2", v -> v > 0 && v < MOST_FEEDBACK_RATE));
  }

  @Override
  public Set<String> uses() {
    return Set.of(
        PERTURBATIONS,
        NOISE,
        OUTPUT_RATE,
        RuleCatalogue.NOISE_SCALE_MAX,
        RuleCatalogue.NOISE_SCALE_MIN);
  }

  @Override
  public Set<String> costKeys() {
    return Set.of(PERTURBATIONS, NOISE, TEACHER, CHAINED);
  }

  @Override
  public int perturbations(KeyValues values) {
    return values.whole(PERTURBATIONS);
  }

  @Override
  public List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    List<String> faults = new ArrayList<>();
    int hidden = shape.depth() - 1;
    if (hidden == 0) {
      faults.add(
          "network.layers = %s: must have a hidden layer under rule.name = %s, which teaches hidden layers"
              .formatted(shape.layers(), name()));
    }
    if (shape.isMixed() && FeedbackStage.of(shape).isEmpty()) {
      faults.add(
          "rule.name = %s: must have a hidden layer that learns, because the rule teaches hidden layers"
              .formatted(name()));
    }
    if (!Set.of("gaussian", "rademacher").contains(values.text(NOISE))) {
      faults.add(
          "%s = %s: must be gaussian or rademacher under rule.name = %s"
              .formatted(NOISE, values.text(NOISE), name()));
    }
    if (values.number(RuleCatalogue.NOISE_SCALE_MAX) < LEAST_NOISE
        || values.number(RuleCatalogue.NOISE_SCALE_MIN) < LEAST_NOISE) {
      faults.add(
          "training.noise-scale = %s to %s: must stay at or above %s under rule.name = %s, which divides by the change that the noise causes"
              .formatted(
                  values.value(RuleCatalogue.NOISE_SCALE_MAX),
                  values.value(RuleCatalogue.NOISE_SCALE_MIN),
                  LEAST_NOISE,
                  name()));
    }
    if (values.flag(CHAINED) && shape.skip() == Skip.DENSE) {
      faults.add(
          "%s = true: must be false with network.skip = dense, where layers are no chain"
              .formatted(CHAINED));
    }
    boolean byLayer = !values.flag(CHAINED) && values.text(NORM).equals("layer");
    if (byLayer && values.number(FEEDBACK_RATE) * hidden >= MOST_FEEDBACK_RATE) {
      faults.add(
          "%s = %s: must be below %s, 2 by the number of hidden layers, where %s = layer"
              .formatted(
                  FEEDBACK_RATE, values.number(FEEDBACK_RATE), MOST_FEEDBACK_RATE / hidden, NORM));
    }
    return faults;
  }

  @Override
  public boolean anyLayers() {
    return true;
  }

  @Override
  public LearningRule createMixed(KeyValues values) {
    return new MixedLearnedFeedback((LearnedFeedback) create(values));
  }

  @Override
  public LearningRule create(KeyValues values) {
    return new LearnedFeedback(
        values.whole(PERTURBATIONS),
        values.choice(NoiseKind.class, NOISE),
        values.choice(LearnedFeedback.Teacher.class, TEACHER),
        values.flag(UNBIASED),
        values.choice(LearnedFeedback.Norm.class, NORM),
        values.flag(CHAINED),
        values.number(LAMBDA),
        values.number(OUTPUT_RATE),
        values.number(FEEDBACK_RATE));
  }
}
