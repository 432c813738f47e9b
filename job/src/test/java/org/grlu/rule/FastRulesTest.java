package org.grlu.rule;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** GRLU and backpropagation against their double forms, over random shapes. */
class FastRulesTest {
  @TestFactory
  Stream<DynamicTest> grluIsItsPlainForm() {
    return FastCase.some()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each, each.grlu())));
  }

  @TestFactory
  Stream<DynamicTest> comparingFormsAreTheirPlainForm() {
    return FastCase.comparing()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each, each.grlu())));
  }

  @TestFactory
  Stream<DynamicTest> shapedNoiseIsItsPlainForm() {
    return FastCase.shaped()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each, each.grlu())));
  }

  @TestFactory
  Stream<DynamicTest> backpropIsItsPlainForm() {
    return FastCase.some()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each, new Backprop())));
  }

  private static void compare(FastCase each, LearningRule rule) {
    PlainNetwork network = new PlainNetwork(Weights.initial(each.shape(), each.seed()));
    each.compare(rule, State.NONE, plain(each, rule, network));
  }

  private static PlainChange plain(FastCase each, LearningRule rule, PlainNetwork network) {
    double[][] x = each.wideInputs();
    FastCase.Draws draws = each.plainDraws(rule);
    if (rule instanceof Grlu grlu && grlu.compares()) {
      KeyedPerturbations keyed = each.draws(rule);
      PlainComparingGrlu.MaskedDraws masked =
          switch (grlu.noise()) {
            case ORTHOGONAL ->
                (e, p, l, mask) -> orthogonal(keyed, grlu.perturbations(), e, p, l, mask);
            case SHAPED -> (e, p, l, mask) -> classSigns(keyed, each.shape(), e, l);
            default -> (e, p, l, mask) -> draws.noise().of(e, p, l);
          };
      // one draw of Gumbel numbers an example serves all of its pairs
      return new PlainComparingGrlu(grlu, network, FastCase.SIGMA)
          .step(x, each.labels(), FastCase.RATE, masked, draws.gumbels());
    }
    return rule instanceof Grlu grlu
        ? PlainGrlu.step(
            grlu,
            network,
            x,
            each.labels(),
            FastCase.RATE,
            FastCase.SIGMA,
            draws.noise(),
            draws.gumbels())
        : PlainBackprop.step(network, x, each.labels(), FastCase.RATE, draws.gumbels());
  }

  private static double[] classSigns(Perturbations draws, NetworkShape shape, int e, int l) {
    long[] bits = new long[OrthogonalNoise.words(shape.units(l))];
    draws.signs(e, l, bits);
    return IntStream.range(0, shape.units(l + 1))
        .mapToDouble(k -> (bits[0] >>> k & 1) == 0 ? 1 : -1)
        .toArray();
  }

  /** By the formula of {@link OrthogonalNoise}. */
  private static double[] orthogonal(
      Perturbations draws, int pairs, int example, int pair, int layer, double[] mask) {
    long[] signs = new long[OrthogonalNoise.words(mask.length)];
    draws.signs(example, layer, signs);
    long rows = draws.hadamardRows(example, layer);
    int offset = Math.floorMod((int) rows, pairs);
    int stride = Math.floorMod((int) (rows >> 32) | 1, pairs);
    double[] noise = new double[mask.length];
    int number = 0;
    for (int u = 0; u < mask.length; u++) {
      if (mask[u] == 1) {
        int q = Math.floorMod(number * stride + offset, pairs);
        int sign = Integer.bitCount(pair & q) % 2 == 0 ? 1 : -1;
        noise[u] =
            (signs[u / 64] >>> u & 1) == 0
                ? draws.deviation(layer) * sign
                : -draws.deviation(layer) * sign;
        number++;
      }
    }
    return noise;
  }
}
