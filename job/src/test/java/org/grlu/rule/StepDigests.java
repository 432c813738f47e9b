package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.grlu.MixedNetworks;
import org.grlu.TestData;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/** Prints which kernels it has, then the digest of the weights after two steps of many kinds. */
public final class StepDigests {
  private record Case(NetworkShape shape, LearningRule rule, int batch) {
    @Override
    public String toString() {
      if (shape.isMixed()) {
        return shape.widths() + " " + rule + " batch " + batch;
      }
      return String.format(
          Locale.ROOT,
          "NetworkShape[layers=%s, activation=%s, k=%s, skip=%s] %s batch %d",
          shape.layers(),
          shape.activation(),
          shape.k(),
          shape.skip(),
          rule,
          batch);
    }
  }

  private StepDigests() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    System.out.println(Kernels.best().name());
    cases().forEach(c -> System.out.println(c + " " + digest(c)));
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Skip skip : Skip.values()) {
      for (Integer[] layers : new Integer[][] {{784, 40, 10}, {784, 40, 40, 10}}) {
        NetworkShape relu = TestData.relu(skip, layers);
        NetworkShape topK = TestData.topK(0.3, skip, layers);
        for (int batch : new int[] {1, 24}) {
          for (Gate gate : Gate.values()) {
            for (int p : new int[] {1, 5, 80}) {
              cases.add(new Case(relu, TestData.grlu(p, NoiseKind.GAUSSIAN, gate), batch));
              cases.add(new Case(topK, TestData.grlu(p, NoiseKind.RADEMACHER, gate), batch));
            }
          }
          for (Grlu comparing : comparing()) {
            cases.add(new Case(relu, comparing, batch));
            cases.add(new Case(topK, comparing, batch));
          }
          if (layers.length == 3) {
            cases.add(new Case(relu, shaped(16, OutputSignal.MEASURED), batch));
            cases.add(new Case(topK, shaped(1, OutputSignal.ERROR), batch));
          }
          cases.add(new Case(relu, ofLabel(1), batch));
          cases.add(new Case(topK, ofLabel(16), batch));
          cases.add(new Case(relu, new Backprop(), batch));
          cases.add(new Case(topK, new Backprop(), batch));
          for (LearningRule each :
              List.of(new DirectFeedback(0.5), new FeedbackAlignment(), new SignSymmetry())) {
            cases.add(new Case(relu, each, batch));
            cases.add(new Case(topK, each, batch));
          }
          cases.add(new Case(relu, TestData.learned(1, LearnedFeedback.Teacher.REWARD), batch));
          cases.add(new Case(topK, TestData.learned(3, LearnedFeedback.Teacher.LOGITS), batch));
          for (Evolution.Shaping shaping : Evolution.Shaping.values()) {
            NetworkShape shape = shaping == Evolution.Shaping.SIGN ? topK : relu;
            cases.add(new Case(shape, evolution(70, Evolution.Noise.RANK_ONE, shaping), batch));
            cases.add(new Case(shape, evolution(3, Evolution.Noise.FULL, shaping), batch));
          }
          cases.add(new Case(relu, new WeightPerturbation(2), batch));
          cases.add(new Case(topK, new WeightPerturbation(1), batch));
          cases.add(new Case(relu, new Adam(new Backprop()), batch));
          Evolution ranks = evolution(5, Evolution.Noise.RANK_ONE, Evolution.Shaping.RANK);
          cases.add(new Case(topK, new Adam(ranks), batch));
          for (Hebbian.Variant variant : Hebbian.Variant.values()) {
            cases.add(new Case(batch == 1 ? relu : topK, TestData.hebbian(variant), batch));
          }
        }
      }
    }
    for (NetworkShape shape : MixedNetworks.ofDigits()) {
      for (LearningRule rule : MixedNetworks.rules()) {
        cases.add(new Case(shape, rule, 1));
        cases.add(new Case(shape, rule, rule.rewardsPerExample() > 10 ? 3 : 24));
      }
    }
    return cases;
  }

  private static Evolution evolution(int pairs, Evolution.Noise noise, Evolution.Shaping shaping) {
    return new Evolution(pairs, noise, shaping);
  }

  /** Each form that compares pairs with a pass without noise. */
  private static List<Grlu> comparing() {
    return List.of(
        comparing(32, NoiseKind.ORTHOGONAL, Eligibility.INJECTED, OutputSignal.NOISE),
        comparing(16, NoiseKind.ORTHOGONAL, Eligibility.INJECTED, OutputSignal.MEASURED),
        comparing(5, NoiseKind.GAUSSIAN, Eligibility.INJECTED, OutputSignal.ERROR),
        comparing(64, NoiseKind.ORTHOGONAL, Eligibility.MEASURED, OutputSignal.ERROR),
        comparing(1, NoiseKind.RADEMACHER, Eligibility.MEASURED, OutputSignal.MEASURED));
  }

  private static Grlu ofLabel(int pairs) {
    Eligibility injected = Eligibility.INJECTED;
    OutputSignal noise = OutputSignal.NOISE;
    return new Grlu(
        pairs, NoiseKind.GAUSSIAN, Gate.ACTIVE, 1, 1, true, injected, noise, 1, Scope.LABEL);
  }

  private static Grlu shaped(int pairs, OutputSignal signal) {
    return comparing(pairs, NoiseKind.SHAPED, Eligibility.INJECTED, signal);
  }

  private static Grlu comparing(
      int pairs, NoiseKind noise, Eligibility eligibility, OutputSignal signal) {
    double rate = signal == OutputSignal.NOISE ? 1 : 0.5;
    return new Grlu(pairs, noise, Gate.ACTIVE, 1, 1, true, eligibility, signal, rate);
  }

  private static String digest(Case c) {
    Weights weights = Weights.initial(c.shape, 1).with(c.rule.state(c.shape, 1));
    InputBatch batch = TestData.digits(c.shape, c.batch);
    NoiseKind kind =
        c.rule.estimator() instanceof NoisyRule noisy ? noisy.noise() : NoiseKind.GAUSSIAN;
    KeyedPerturbations noise = new KeyedPerturbations(c.shape, kind, 1);
    Stepper stepper = new Stepper(c.shape, c.rule, c.batch, weights.memory());
    double reward = 0;
    for (int step = 0; step < 2; step++) {
      noise.step(step, 0.1, 0.2);
      reward += stepper.step(new StepSettings(step, 0.01, 0.1), noise, batch, weights);
    }
    weights.fold();
    String state = weights.state().isEmpty() ? "" : " " + weights.state().sha256();
    return reward + " " + weights.sha256() + state;
  }
}
