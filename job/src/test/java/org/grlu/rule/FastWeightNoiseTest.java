package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Evolution, weight perturbation and Hebbian rules against their double forms, over random shapes.
 */
class FastWeightNoiseTest {
  /**
   * Ranks and signs jump where two fitnesses, or one and nothing, lie as near as rounding: in about
   * one case of a hundred.
   */
  @TestFactory
  Stream<DynamicTest> evolutionIsItsPlainForm() {
    return FastCase.some()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.shape() + " " + each.evolution(), () -> compareEvolution(each)));
  }

  private static void compareEvolution(FastCase each) {
    Evolution rule = each.evolution();
    KeyedPerturbations draws = each.draws(rule);
    PlainChange change =
        PlainEvolution.step(
            rule,
            new PlainNetwork(Weights.initial(each.shape(), each.seed())),
            each.wideInputs(),
            each.labels(),
            FastCase.RATE,
            FastCase.SIGMA,
            pair ->
                rule.noiseForm() == Evolution.Noise.RANK_ONE
                    ? rankOne(each.shape(), draws, pair)
                    : full(each.shape(), FullNoiseWorker.key(draws, pair)),
            gumbels(each, draws));
    each.compare(rule, State.NONE, change);
  }

  @TestFactory
  Stream<DynamicTest> weightPerturbationIsItsPlainForm() {
    return FastCase.some()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> comparePerturbation(each)));
  }

  private static void comparePerturbation(FastCase each) {
    WeightPerturbation rule = new WeightPerturbation(each.grlu().perturbations());
    KeyedPerturbations draws = each.draws(rule);
    PlainChange change =
        PlainWeightPerturbation.step(
            rule,
            new PlainNetwork(Weights.initial(each.shape(), each.seed())),
            each.wideInputs(),
            each.labels(),
            FastCase.RATE,
            FastCase.SIGMA,
            (e, p) -> full(each.shape(), WeightPerturbationWorker.key(draws, e, p)),
            gumbels(each, draws));
    each.compare(rule, State.NONE, change);
  }

  /** Those that all passes of an example share. */
  private static PlainNetwork.Draws gumbels(FastCase each, KeyedPerturbations draws) {
    return (e, p, l) -> {
      Floats out = Floats.of(each.shape().stride(l));
      draws.gumbel(e, l, out, 0);
      return FastCase.wide(out.copyOfRange(0, each.shape().units(l)));
    };
  }

  private static PlainNoise rankOne(NetworkShape shape, KeyedPerturbations draws, int pair) {
    int depth = shape.depth();
    PlainNoise noise = new PlainNoise(new double[depth][][], new double[depth][]);
    for (int l = 0; l < depth; l++) {
      double[] a = factor(Perturbations.Factor.UNITS, shape, l, draws, pair);
      double[] b = factor(Perturbations.Factor.INPUTS, shape, l, draws, pair);
      noise.weights()[l] = PlainNoise.outer(a, b);
      noise.biases()[l] = factor(Perturbations.Factor.BIASES, shape, l, draws, pair);
    }
    return noise;
  }

  private static double[] factor(
      Perturbations.Factor factor, NetworkShape shape, int l, Perturbations draws, int pair) {
    int n = factor.length(shape, l);
    Floats out = Floats.of(Kernels.padded(n));
    draws.factor(factor, l, pair, out, 0);
    return FastCase.wide(out.copyOfRange(0, n));
  }

  /** A draw of noise on each weight by itself. */
  private static PlainNoise full(NetworkShape shape, long key) {
    int depth = shape.depth();
    PlainNoise noise = new PlainNoise(new double[depth][][], new double[depth][]);
    for (int l = 0; l < depth; l++) {
      int units = shape.units(l);
      int inputs = shape.inputs(l);
      noise.weights()[l] = new double[units][inputs];
      int stride = shape.stride(l);
      Layer layer = shape.layer(l);
      Floats tile = Floats.of(RowTiles.ROWS * stride);
      for (int t = 0; t < RowTiles.count(layer); t++) {
        WeightNoise.tile(Kernels.best(), key, layer, t, tile, 0);
        for (int i = 0; t < RowTiles.biases(layer) && i < RowTiles.rows(layer, t); i++) {
          for (int j = 0; j < units; j++) {
            noise.weights()[l][j][t * RowTiles.ROWS + i] = tile.get(i * stride + j);
          }
        }
        noise.biases()[l] = FastCase.wide(tile.copyOfRange(0, units));
      }
    }
    return noise;
  }

  /** Each shape with one of the variants. */
  @TestFactory
  Stream<DynamicTest> hebbianIsItsPlainForm() {
    return FastCase.many()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.shape() + " " + each.hebbian(), () -> compareHebbian(each)));
  }

  private static void compareHebbian(FastCase each) {
    Hebbian rule = each.hebbian();
    float mean = -1.5f;
    PlainNetwork network = new PlainNetwork(Weights.initial(each.shape(), each.seed()));
    FastCase.Draws draws = each.plainDraws(rule);
    long stream = each.draws(rule).ownStream();
    PlainChange change =
        PlainHebbian.step(
            rule,
            network,
            each.wideInputs(),
            each.labels(),
            FastCase.RATE,
            FastCase.SIGMA,
            mean,
            draws.noise(),
            draws.gumbels(),
            e -> (StreamKey.child(stream, e) >>> 11) * 0x1p-53);
    State state = rule.state(each.shape(), each.seed());
    if (!state.isEmpty()) {
      state.array(Hebbian.MEAN_REWARD).set(0, mean);
    }
    each.compare(rule, state, change);
    if (!state.isEmpty()) {
      assertThat((double) state.array(Hebbian.MEAN_REWARD).get(0))
          .isCloseTo(mean + 0.01 * (change.meanReward() - mean), within(1e-6));
    }
  }
}
