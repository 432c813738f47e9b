package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grlu.MixedNetworks;
import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules in networks of several kinds of layers against their double forms.
 *
 * <p>Errors are measured against the largest change of an array, as {@link FastCase} says. Here are
 * single pairs too whose rewards of about 2 lie 0.002 apart: 1.5e-4 was seen.
 */
class FastMixedTest {
  private static final double SHARE = 5e-4;

  private static final List<String> NETWORKS =
      List.of(
          "10x9x1 | convolution=5 size=3 | dense=6",
          "10x10x3 | convolution=17 size=3 stride=2 padding=1 | dense=10",
          "9x9x3 | convolution=16 size=5 padding=2 stride=2 | dense=7",
          "7x7x2 | convolution=3 size=3 shared=false padding=1 | dense=6",
          "11x11x1 | convolution=6 size=3 stride=2 | convolution=18 size=3 | dense=6",
          "10x10x1 | convolution=5 size=3 noise=0.5 | pool=average | convolution=4 size=2 | dense=6",
          "8x8x3 | pool=average | convolution=5 size=2 | dense=6",
          "6x8x1 | recurrent=19 steps=1 | dense=6",
          "6x8x1 | recurrent=19 steps=4 | dense=6",
          "6x8x2 | recurrent=7 steps=6 shared=false noise=2 | dense=6",
          "8x8x1 | convolution=5 size=3 | recurrent=9 steps=3 | dense=6",
          "6x4x1 | recurrent=8 steps=3 | recurrent=5 steps=4 | dense=6",
          "8x8x1 | convolution=5 size=3 frozen=true | dense=21 | dense=12 | dense=6",
          "6x4x1 | dense=18 frozen=true | dense=9 noise=0 | dense=7 | dense=6",
          "6x4x1 | dense=33 | dense=14 | dense=6",
          // nothing to perturb, and nothing to send feedback to
          "6x6x1 | pool=average | dense=9 frozen=true | dense=6");

  @TestFactory
  Stream<DynamicContainer> rulesAreTheirPlainForms() {
    return NETWORKS.stream()
        .map(
            text ->
                DynamicContainer.dynamicContainer(
                    text,
                    rules().stream()
                        .map(
                            rule ->
                                DynamicTest.dynamicTest(
                                    rule.toString(),
                                    () -> compare(MixedNetworks.of(text), rule)))));
  }

  /** Steps of one example, of a few, and of more than a leaf has. */
  private static void compare(NetworkShape shape, LearningRule rule) {
    compare(new Case(shape, rule, 1));
    compare(new Case(shape, rule, rule.rewardsPerExample() > 6 ? 2 : 11));
  }

  /** A layer before them that has no noise, as a pool, makes no floor for what moved. */
  @Test
  void neuronsThatAreAllSilentTeachNothingByTheMeasuredOutput() {
    NetworkShape shape = MixedNetworks.of("6x6x1 | pool=average | convolution=3 size=2 | dense=4");
    Weights weights = Weights.initial(shape, 1);
    weights.set(1, new float[12], new float[] {-1, -1, -1});
    Grlu grlu =
        new Grlu(
            2,
            NoiseKind.GAUSSIAN,
            Gate.ACTIVE,
            1,
            1,
            true,
            Eligibility.INJECTED,
            OutputSignal.MEASURED,
            1);
    InputBatch batch = new InputBatch(shape, PixelScale.MNIST);
    batch.load(new float[][] {TestData.normals(1, 36)}, new int[] {2});
    KeyedPerturbations draws = new KeyedPerturbations(shape, NoiseKind.GAUSSIAN, 1);
    draws.step(0, 0.1, 0.1);
    String before = weights.sha256();
    new Stepper(shape, new MixedGrlu(grlu), 1, weights.memory())
        .step(new StepSettings(0, 0.1, 0.1), draws, batch, weights);
    assertThat(weights.sha256()).isEqualTo(before);
  }

  private static List<LearningRule> rules() {
    List<LearningRule> rules = new ArrayList<>();
    rules.add(new MixedBackprop());
    rules.add(new MixedDirectFeedback(new DirectFeedback(0.5)));
    for (int p : new int[] {1, 3, 16}) {
      for (Gate gate : p == 3 ? Gate.values() : new Gate[] {Gate.ACTIVE}) {
        for (OutputSignal signal : OutputSignal.values()) {
          boolean normalises = signal != OutputSignal.NOISE || p == 3;
          NoiseKind noise = p == 1 ? NoiseKind.RADEMACHER : NoiseKind.GAUSSIAN;
          double rate = signal == OutputSignal.NOISE ? 1 : 0.7;
          Eligibility injected = Eligibility.INJECTED;
          rules.add(
              new MixedGrlu(
                  new Grlu(p, noise, gate, 0.8, 1.2, normalises, injected, signal, rate)));
        }
      }
      if (p == 16) {
        rules.add(learned(p, LearnedFeedback.Teacher.REWARD, true, LearnedFeedback.Norm.ALL, true));
        continue;
      }
      for (LearnedFeedback.Teacher teacher : LearnedFeedback.Teacher.values()) {
        rules.add(learned(p, teacher, false, LearnedFeedback.Norm.ALL, p == 3));
        rules.add(learned(p, teacher, false, LearnedFeedback.Norm.LAYER, p == 1));
        rules.add(learned(p, teacher, true, LearnedFeedback.Norm.ALL, p == 3));
      }
    }
    return rules;
  }

  private static LearningRule learned(
      int p,
      LearnedFeedback.Teacher teacher,
      boolean chained,
      LearnedFeedback.Norm norm,
      boolean unbiased) {
    NoiseKind noise = p == 3 ? NoiseKind.RADEMACHER : NoiseKind.GAUSSIAN;
    return new MixedLearnedFeedback(
        new LearnedFeedback(p, noise, teacher, unbiased, norm, chained, 0.3, 0.6, 0.4));
  }

  private record Case(NetworkShape shape, LearningRule rule, int batch) {
    float[][] inputs() {
      return IntStream.range(0, batch())
          .mapToObj(e -> TestData.normals(50L + e, shape.layers().get(0)))
          .toArray(float[][]::new);
    }

    double[][] wideInputs() {
      return Arrays.stream(inputs()).map(FastCase::wide).toArray(double[][]::new);
    }

    int[] labels() {
      return IntStream.range(0, batch()).map(e -> e % shape.units(shape.depth() - 1)).toArray();
    }

    KeyedPerturbations draws() {
      NoisyRule noisy = rule instanceof NoisyRule of ? of : null;
      KeyedPerturbations draws =
          new KeyedPerturbations(shape, noisy == null ? null : noisy.noise(), 9);
      double sigma = FastCase.SIGMA;
      draws.step(
          3,
          noisy == null ? 0 : sigma * noisy.hiddenNoise(),
          noisy == null ? 0 : sigma * noisy.outputNoise());
      return draws;
    }

    PlainNetwork.Draws plainDraws() {
      KeyedPerturbations draws = draws();
      return (e, p, l) -> {
        Floats row = Floats.of(shape.stride(l));
        draws.row(e, p, l, row, 0);
        return IntStream.range(0, shape.layer(l).neurons().numbers())
            .mapToDouble(n -> row.get(shape.layer(l).neurons().place(n)))
            .toArray();
      };
    }
  }

  private static void compare(Case c) {
    double[][][] feedback = MixedFeedbacks.random(c.shape);
    State state = MixedFeedbacks.state(c.shape, c.rule, feedback);
    PlainMixedNetwork before = new PlainMixedNetwork(Weights.initial(c.shape, 4));
    PlainMixedLearnedFeedback learned =
        c.rule instanceof MixedLearnedFeedback of
            ? new PlainMixedLearnedFeedback(of.rule(), before, feedback)
            : null;
    PlainMixedNetwork.Change change =
        learned == null
            ? plain(c, before, feedback)
            : learned.step(
                c.wideInputs(), c.labels(), FastCase.RATE, FastCase.SIGMA, c.plainDraws());

    Weights weights = Weights.initial(c.shape, 4).with(state);
    InputBatch batch = new InputBatch(c.shape, PixelScale.MNIST);
    batch.load(c.inputs(), c.labels());
    double reward =
        new Stepper(c.shape, c.rule, c.batch, weights.memory())
            .step(new StepSettings(3, FastCase.RATE, FastCase.SIGMA), c.draws(), batch, weights);

    assertThat(reward).isCloseTo(change.meanReward(), within(1e-5));
    PlainMixedNetwork after = new PlainMixedNetwork(weights);
    for (int l = 0; l < c.shape.depth(); l++) {
      for (int a = 0; a < change.arrays()[l].length; a++) {
        double[] fast = PlainMixedRules.half(after.layers[l].arrays[a], before.layers[l].arrays[a]);
        double[] half = Arrays.stream(change.arrays()[l][a]).map(v -> v / 2).toArray();
        Golden.assertClose("layer %d, array %d".formatted(l, a), fast, half, SHARE);
      }
    }
    for (int s = 0; learned != null && s < feedback.length; s++) {
      double[] fast = FastCase.flat(MixedFeedbacks.of(c.shape, state)[s]);
      double[] old = FastCase.flat(feedback[s]);
      for (int i = 0; i < fast.length; i++) {
        fast[i] -= (float) old[i];
      }
      double[] expected = FastCase.flat(learned.feedbackChange()[s]);
      Golden.assertClose("B" + s, fast, expected, SHARE);
    }
  }

  private static PlainMixedNetwork.Change plain(
      Case c, PlainMixedNetwork network, double[][][] feedback) {
    double rate = FastCase.RATE;
    if (c.rule instanceof MixedGrlu grlu) {
      return PlainMixedRules.grlu(
          grlu.rule(), network, c.wideInputs(), c.labels(), rate, FastCase.SIGMA, c.plainDraws());
    }
    return c.rule instanceof MixedDirectFeedback direct
        ? PlainMixedRules.directFeedback(
            direct.rule(), network, feedback, c.wideInputs(), c.labels(), rate)
        : PlainMixedRules.backprop(network, c.wideInputs(), c.labels(), rate);
  }
}
