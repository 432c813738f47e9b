package org.grlu.spark;

import java.util.ArrayList;
import java.util.List;
import org.grlu.MixedNetworks;
import org.grlu.TestData;
import org.grlu.network.Activation;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.Adam;
import org.grlu.rule.Backprop;
import org.grlu.rule.DirectFeedback;
import org.grlu.rule.Eligibility;
import org.grlu.rule.Evolution;
import org.grlu.rule.FeedbackAlignment;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.Hebbian;
import org.grlu.rule.LearnedFeedback;
import org.grlu.rule.LearningRule;
import org.grlu.rule.OutputErrors;
import org.grlu.rule.OutputSignal;
import org.grlu.rule.ShapedRewards;
import org.grlu.rule.SignSymmetry;
import org.grlu.rule.WeightPerturbation;

/** A trial that every engine must train to the same weights. */
record SteppedCase(String name, NetworkShape shape, int batch, LearningRule rule) {
  /** Batch, P, activation, gate, depth and skip, each value with several of the others. */
  static List<SteppedCase> all() {
    List<SteppedCase> cases = new ArrayList<>();
    int i = 0;
    for (int batch : new int[] {1, 24, 32, 96}) {
      for (int p : new int[] {1, 5, 16, 80}) {
        for (Skip skip : Skip.values()) {
          i++;
          Activation activation = i % 2 == 0 ? Activation.RELU : Activation.TOP_K;
          Gate gate = i % 3 == 0 ? Gate.NONE : Gate.ACTIVE;
          List<Integer> layers =
              i % 4 == 1 && skip == Skip.NONE ? List.of(784, 20, 10) : List.of(784, 20, 20, 10);
          cases.add(
              new SteppedCase(
                  "batch %d, P %d, %s, gate %s, skip %s, %d hidden"
                      .formatted(batch, p, activation, gate, skip, layers.size() - 2),
                  new NetworkShape(layers, activation, 0.3, skip),
                  batch,
                  new Grlu(p, NoiseKind.GAUSSIAN, gate, 1, 1, false)));
        }
      }
    }
    NetworkShape relu = new NetworkShape(List.of(784, 20, 10), Activation.RELU, 0.5, Skip.NONE);
    cases.add(new SteppedCase("backprop, batch 64", relu, 64, new Backprop()));
    NetworkShape wide =
        new NetworkShape(List.of(784, 2048, 2048, 10), Activation.RELU, 0.5, Skip.NONE);
    Grlu many = new Grlu(80, NoiseKind.GAUSSIAN, Gate.ACTIVE, 1, 1, false);
    cases.add(new SteppedCase("wide, leaves of two examples", wide, 5, many));
    cases.add(new SteppedCase("shaped rewards, batch 96", relu, 96, new ShapedRewards(5)));
    for (Skip skip : Skip.values()) {
      NetworkShape deep = new NetworkShape(List.of(784, 20, 20, 10), Activation.RELU, 0.5, skip);
      cases.add(new SteppedCase("output errors, skip " + skip, deep, 96, new OutputErrors()));
    }
    cases.add(comparing(1, 8, Skip.NONE, Eligibility.INJECTED, OutputSignal.MEASURED));
    cases.add(comparing(32, 16, Skip.RESIDUAL, Eligibility.INJECTED, OutputSignal.NOISE));
    cases.add(comparing(96, 16, Skip.DENSE, Eligibility.MEASURED, OutputSignal.ERROR));
    cases.add(comparing(24, 1, Skip.RESIDUAL, Eligibility.MEASURED, OutputSignal.MEASURED));
    NetworkShape one = new NetworkShape(List.of(784, 20, 10), Activation.RELU, 0.5, Skip.DENSE);
    Grlu shaped =
        new Grlu(
            16,
            NoiseKind.SHAPED,
            Gate.ACTIVE,
            1,
            1,
            true,
            Eligibility.INJECTED,
            OutputSignal.MEASURED,
            0.5);
    cases.add(new SteppedCase("shaped noise, batch 24", one, 24, shaped));
    cases.addAll(learnedFeedback());
    cases.addAll(fixedFeedback());
    cases.addAll(noiseOnWeights());
    cases.addAll(hebbian());
    cases.addAll(mixed());
    return cases;
  }

  /** Layers of several kinds: steps of one example, of one leaf, and of several. */
  private static List<SteppedCase> mixed() {
    List<SteppedCase> cases = new ArrayList<>();
    List<NetworkShape> shapes = MixedNetworks.ofDigits();
    int i = 0;
    for (LearningRule rule : MixedNetworks.rules()) {
      NetworkShape shape = shapes.get(i % shapes.size());
      int batch = List.of(96, 1, 24).get(i % 3);
      cases.add(new SteppedCase("%s, %s".formatted(shape.widths(), rule), shape, batch, rule));
      i++;
    }
    return cases;
  }

  /** Rules whose matrices each JVM draws itself; steps of one example, and of leaves. */
  private static List<SteppedCase> fixedFeedback() {
    List<SteppedCase> cases = new ArrayList<>();
    for (LearningRule rule :
        List.of(new DirectFeedback(0.5), new FeedbackAlignment(), new SignSymmetry())) {
      for (int batch : new int[] {1, 96}) {
        Activation activation = batch == 1 ? Activation.RELU : Activation.TOP_K;
        Skip skip = batch == 1 ? Skip.RESIDUAL : Skip.DENSE;
        NetworkShape shape = new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip);
        cases.add(new SteppedCase("%s, batch %d".formatted(rule, batch), shape, batch, rule));
      }
    }
    return cases;
  }

  private static List<SteppedCase> hebbian() {
    List<SteppedCase> cases = new ArrayList<>();
    for (Hebbian.Variant variant : Hebbian.Variant.values()) {
      boolean noisy = variant.name().contains("NOIS");
      Activation activation = noisy ? Activation.TOP_K : Activation.RELU;
      Skip skip = noisy ? Skip.DENSE : Skip.RESIDUAL;
      NetworkShape shape = new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip);
      cases.add(new SteppedCase("hebbian " + variant, shape, 96, TestData.hebbian(variant)));
    }
    return cases;
  }

  /** Steps of one example, of one leaf, of some and of leaves that return matrices. */
  private static List<SteppedCase> learnedFeedback() {
    List<SteppedCase> cases = new ArrayList<>();
    int i = 0;
    for (int batch : new int[] {1, 6, 24, 96}) {
      for (Skip skip : Skip.values()) {
        i++;
        LearnedFeedback rule =
            new LearnedFeedback(
                1 + i % 3,
                i % 5 == 0 ? NoiseKind.RADEMACHER : NoiseKind.GAUSSIAN,
                i % 2 == 0 ? LearnedFeedback.Teacher.REWARD : LearnedFeedback.Teacher.LOGITS,
                i % 4 == 3,
                i % 4 < 2 ? LearnedFeedback.Norm.ALL : LearnedFeedback.Norm.LAYER,
                i % 5 > 2,
                0.5,
                0.5,
                0.2);
        Activation activation = i % 2 == 0 ? Activation.RELU : Activation.TOP_K;
        NetworkShape shape = new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip);
        cases.add(
            new SteppedCase("%s, %s, batch %d".formatted(rule, shape, batch), shape, batch, rule));
      }
    }
    return cases;
  }

  /** Evolution by noise of both forms, with Adam too; weight perturbation; backprop by Adam. */
  private static List<SteppedCase> noiseOnWeights() {
    List<SteppedCase> cases = new ArrayList<>();
    int i = 0;
    for (int batch : new int[] {1, 24, 96}) {
      for (Skip skip : Skip.values()) {
        i++;
        Activation activation = i % 2 == 0 ? Activation.RELU : Activation.TOP_K;
        NetworkShape shape = new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip);
        Evolution.Shaping shaping = List.of(Evolution.Shaping.values()).get((i + batch) % 3);
        Evolution rankOne = new Evolution(70, Evolution.Noise.RANK_ONE, shaping);
        Evolution full = new Evolution(3, Evolution.Noise.FULL, shaping);
        List<LearningRule> rules =
            i % 3 == 0
                ? List.of(rankOne, full, new Adam(new Backprop()))
                : List.of(new Adam(i % 3 == 1 ? rankOne : full), new WeightPerturbation(2));
        for (LearningRule rule : rules) {
          cases.add(
              new SteppedCase(
                  "%s, %s, batch %d".formatted(rule, shape, batch), shape, batch, rule));
        }
      }
    }
    return cases;
  }

  /** Orthogonal noise; pairs compared with a pass without noise. */
  private static SteppedCase comparing(
      int batch, int p, Skip skip, Eligibility eligibility, OutputSignal signal) {
    Activation activation = batch == 24 ? Activation.TOP_K : Activation.RELU;
    double rate = signal == OutputSignal.NOISE ? 1 : 0.5;
    return new SteppedCase(
        "batch %d, P %d orthogonal, %s, %s, skip %s".formatted(batch, p, eligibility, signal, skip),
        new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip),
        batch,
        new Grlu(p, NoiseKind.ORTHOGONAL, Gate.ACTIVE, 1, 1, true, eligibility, signal, rate));
  }
}
