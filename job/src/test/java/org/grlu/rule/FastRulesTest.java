package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Activation;
import org.grlu.network.InputBatch;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.noise.StreamKey;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The fast rules against the plain ones, over random shapes.
 *
 * <p>The fast ones compute in floats, which have 6e-8 of rounding. A change is a sum over draws of
 * noise x reward difference x input: the difference of two rewards of about 2 that lie 0.1 apart
 * has some 2e-6 of its own size, and sums of terms of both signs lose up to another digit. So
 * errors are measured against the layer's largest change; 1.2e-5 of it was seen.
 */
class FastRulesTest {
  private static final double SHARE = 5e-5;
  private static final int SHAPES = 30;

  /** A case, all of it from one seed. */
  private record Case(NetworkShape shape, Grlu grlu, int batch, long seed) {
    private static final double SIGMA = 0.1;
    private static final NoiseKind[] INDEPENDENT = {NoiseKind.GAUSSIAN, NoiseKind.RADEMACHER};
    private static final NoiseKind[] ANYWHERE = {
      NoiseKind.GAUSSIAN, NoiseKind.RADEMACHER, NoiseKind.ORTHOGONAL
    };
    private static final double RATE = 0.5;

    static Case random(long seed) {
      return random(new Random(seed), seed);
    }

    /** The same with a form that compares pairs with a pass without noise. */
    static Case comparing(long seed) {
      Random random = new Random(-seed);
      Case any = random(random, seed);
      // what a single neuron hands on, layer norm makes the same whatever its noise: no change
      while (any.shape.depth() == 1 || any.shape.kept(0) == 1) {
        any = random(random, seed);
      }
      NoiseKind noise = one(random, ANYWHERE);
      OutputSignal signal = one(random, OutputSignal.values());
      if (noise != NoiseKind.ORTHOGONAL && signal == OutputSignal.NOISE) {
        signal = OutputSignal.MEASURED;
      }
      boolean measured = signal != OutputSignal.NOISE && random.nextBoolean();
      Grlu published = any.grlu;
      Grlu grlu =
          new Grlu(
              noise == NoiseKind.ORTHOGONAL ? 1 << random.nextInt(7) : published.perturbations(),
              noise,
              measured ? Gate.ACTIVE : published.gate(),
              published.hiddenNoise(),
              published.outputNoise(),
              signal != OutputSignal.NOISE || published.normaliseNoise(),
              measured ? Eligibility.MEASURED : Eligibility.INJECTED,
              signal,
              signal == OutputSignal.NOISE ? 1 : 0.5 + random.nextDouble());
      return new Case(any.shape, grlu, any.batch, seed);
    }

    /** The same with noise that is made of the outgoing weights. */
    static Case shaped(long seed) {
      Random random = new Random(-seed);
      Case any = random(random, seed);
      List<Integer> layers =
          List.of(5 + random.nextInt(60), 5 + random.nextInt(36), 2 + random.nextInt(15));
      Activation activation = any.shape.activation();
      Skip skip = one(random, new Skip[] {Skip.NONE, Skip.DENSE});
      double k = 0.2 + 0.7 * random.nextDouble();
      OutputSignal signal = random.nextBoolean() ? OutputSignal.MEASURED : OutputSignal.ERROR;
      Grlu grlu =
          new Grlu(
              1 << random.nextInt(5),
              NoiseKind.SHAPED,
              Gate.ACTIVE,
              any.grlu.hiddenNoise(),
              1,
              true,
              Eligibility.INJECTED,
              signal,
              0.5 + random.nextDouble());
      return new Case(new NetworkShape(layers, activation, k, skip), grlu, any.batch, seed);
    }

    private static Case random(Random random, long seed) {
      List<Integer> layers = new ArrayList<>();
      int depth = 1 + random.nextInt(4);
      for (int l = 0; l <= depth; l++) {
        // now and then as wide as the one before, which residual skips need
        boolean same = l > 1 && random.nextBoolean();
        layers.add(same ? layers.get(l - 1) : 5 + random.nextInt(l == 0 ? 60 : 36));
      }
      Activation activation = random.nextBoolean() ? Activation.RELU : Activation.TOP_K;
      Skip skip = one(random, Skip.values());
      double k = 0.05 + 0.9 * random.nextDouble();
      Grlu grlu =
          new Grlu(
              1 + random.nextInt(random.nextBoolean() ? 6 : 80),
              one(random, INDEPENDENT),
              one(random, Gate.values()),
              0.5 + random.nextDouble(),
              0.5 + random.nextDouble(),
              random.nextBoolean());
      NetworkShape shape = new NetworkShape(layers, activation, k, skip);
      return new Case(shape, grlu, 1 + random.nextInt(11), seed);
    }

    private static <T> T one(Random random, T[] of) {
      return Arrays.asList(of).get(random.nextInt(of.length));
    }

    float[][] inputs() {
      return IntStream.range(0, batch)
          .mapToObj(e -> TestData.normals(1000 * seed + e, shape.inputs(0)))
          .toArray(float[][]::new);
    }

    int[] labels() {
      int classes = shape.units(shape.depth() - 1);
      return IntStream.range(0, batch).map(e -> e % classes).toArray();
    }

    /** The same network, batch and draws by another rule. */
    LearnedFeedback learned() {
      Random random = new Random(-seed);
      return new LearnedFeedback(
          1 + random.nextInt(6),
          grlu.noise(),
          one(random, LearnedFeedback.Teacher.values()),
          random.nextBoolean(),
          one(random, LearnedFeedback.Norm.values()),
          random.nextBoolean(),
          random.nextDouble(),
          0.5 + random.nextDouble(),
          0.1 + random.nextDouble());
    }

    Evolution evolution() {
      Random random = new Random(-seed);
      return new Evolution(
          1 + random.nextInt(random.nextBoolean() ? 6 : 80),
          one(random, Evolution.Noise.values()),
          one(random, Evolution.Shaping.values()));
    }

    Hebbian hebbian() {
      Hebbian.Variant[] all = Hebbian.Variant.values();
      return new Hebbian(
          all[(int) seed % all.length], grlu.noise(), grlu.hiddenNoise(), grlu.outputNoise());
    }

    /** Random feedback, by hidden layer, unit and class. */
    double[][][] feedback() {
      int last = shape.depth() - 1;
      double[][][] feedback = new double[last][][];
      for (int l = 0; l < last; l++) {
        feedback[l] = new double[shape.units(l)][];
        for (int j = 0; j < feedback[l].length; j++) {
          float[] row = TestData.normals(seed + 100L * l + j, shape.units(last));
          feedback[l][j] = IntStream.range(0, row.length).mapToDouble(k -> 0.3f * row[k]).toArray();
        }
      }
      return feedback;
    }

    KeyedPerturbations draws(LearningRule rule) {
      NoisyRule noisy = rule instanceof NoisyRule of ? of : grlu;
      KeyedPerturbations draws = new KeyedPerturbations(shape, noisy.noise(), seed);
      draws.step(seed, SIGMA * noisy.hiddenNoise(), SIGMA * noisy.outputNoise());
      return draws;
    }
  }

  @TestFactory
  Stream<DynamicTest> grluIsItsPlainForm() {
    return cases()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each, each.grlu)));
  }

  @TestFactory
  Stream<DynamicTest> comparingFormsAreTheirPlainForm() {
    return IntStream.rangeClosed(1, 2 * SHAPES)
        .mapToObj(Case::comparing)
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each, each.grlu)));
  }

  @TestFactory
  Stream<DynamicTest> shapedNoiseIsItsPlainForm() {
    return IntStream.rangeClosed(1, SHAPES)
        .mapToObj(Case::shaped)
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each, each.grlu)));
  }

  @TestFactory
  Stream<DynamicTest> backpropIsItsPlainForm() {
    return cases()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each, new Backprop())));
  }

  @TestFactory
  Stream<DynamicTest> feedbackAlignmentIsItsPlainForm() {
    return cases()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.toString(),
                    () -> {
                      State state = new FeedbackAlignment().state(each.shape, each.seed);
                      compareBackward(each, new FeedbackAlignment(), state, backward(each, state));
                    }));
  }

  /** What a state holds in place of weights, by layer, neuron and input. */
  private static double[][][] backward(Case each, State state) {
    Weights given = new Weights(each.shape);
    for (int l = 1; l < each.shape.depth(); l++) {
      Floats matrix = state.array(FeedbackAlignment.name(l));
      given.layer(l).copy(matrix, 0, 0, matrix.length());
    }
    return new PlainNetwork(given).weights;
  }

  @TestFactory
  Stream<DynamicTest> signSymmetryIsItsPlainForm() {
    return cases()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.toString(),
                    () -> {
                      double[][][] weights =
                          new PlainNetwork(Weights.initial(each.shape, each.seed)).weights;
                      double[][][] signs = PlainBackprop.signs(weights);
                      compareBackward(each, new SignSymmetry(), State.NONE, signs);
                    }));
  }

  private static void compareBackward(
      Case each, LearningRule rule, State state, double[][][] back) {
    PlainNetwork network = new PlainNetwork(Weights.initial(each.shape, each.seed));
    PlainNetwork.Draws gumbels = draws(each, rule).gumbels;
    PlainChange change =
        PlainBackprop.step(network, back, wide(each), each.labels(), Case.RATE, gumbels);
    compare(each, rule, state, change);
  }

  @TestFactory
  Stream<DynamicTest> directFeedbackIsItsPlainForm() {
    return cases()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compareDirectFeedback(each)));
  }

  private static void compareDirectFeedback(Case each) {
    DirectFeedback rule = new DirectFeedback(0.5 + (each.seed % 3) / 4.0);
    double[][][] feedback = each.feedback();
    PlainNetwork network = new PlainNetwork(Weights.initial(each.shape, each.seed));
    PlainNetwork.Draws gumbels = draws(each, rule).gumbels;
    PlainChange change =
        PlainDirectFeedback.step(
            rule, network, feedback, wide(each), each.labels(), Case.RATE, gumbels);
    compare(each, rule, Feedbacks.state(each.shape, rule, feedback), change);
  }

  @TestFactory
  Stream<DynamicTest> learnedFeedbackIsItsPlainForm() {
    return cases()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.shape + " " + each.learned(), () -> compareFeedback(each)));
  }

  /**
   * Ranks and signs jump where two fitnesses, or one and nothing, lie as near as rounding: in about
   * one case of a hundred.
   */
  @TestFactory
  Stream<DynamicTest> evolutionIsItsPlainForm() {
    return cases()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.shape + " " + each.evolution(), () -> compareEvolution(each)));
  }

  private static void compareEvolution(Case each) {
    Evolution rule = each.evolution();
    KeyedPerturbations draws = each.draws(rule);
    PlainChange change =
        PlainEvolution.step(
            rule,
            new PlainNetwork(Weights.initial(each.shape, each.seed)),
            wide(each),
            each.labels(),
            Case.RATE,
            Case.SIGMA,
            pair ->
                rule.noiseForm() == Evolution.Noise.RANK_ONE
                    ? rankOne(each.shape, draws, pair)
                    : full(each.shape, FullNoiseWorker.key(draws, pair)),
            gumbels(each, draws));
    compare(each, rule, State.NONE, change);
  }

  @TestFactory
  Stream<DynamicTest> weightPerturbationIsItsPlainForm() {
    return cases()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> comparePerturbation(each)));
  }

  private static void comparePerturbation(Case each) {
    WeightPerturbation rule = new WeightPerturbation(each.grlu.perturbations());
    KeyedPerturbations draws = each.draws(rule);
    PlainChange change =
        PlainWeightPerturbation.step(
            rule,
            new PlainNetwork(Weights.initial(each.shape, each.seed)),
            wide(each),
            each.labels(),
            Case.RATE,
            Case.SIGMA,
            (e, p) -> full(each.shape, WeightPerturbationWorker.key(draws, e, p)),
            gumbels(each, draws));
    compare(each, rule, State.NONE, change);
  }

  /** Those that all passes of an example share. */
  private static PlainNetwork.Draws gumbels(Case each, KeyedPerturbations draws) {
    return (e, p, l) -> {
      Floats out = Floats.of(each.shape.stride(l));
      draws.gumbel(e, l, out, 0);
      return wide(out.copyOfRange(0, each.shape.units(l)));
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
    return wide(out.copyOfRange(0, n));
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
        noise.biases()[l] = wide(tile.copyOfRange(0, units));
      }
    }
    return noise;
  }

  /** Each shape with one of the variants. */
  @TestFactory
  Stream<DynamicTest> hebbianIsItsPlainForm() {
    return IntStream.rangeClosed(1, 2 * SHAPES)
        .mapToObj(Case::random)
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.shape + " " + each.hebbian(), () -> compareHebbian(each)));
  }

  private static void compareHebbian(Case each) {
    Hebbian rule = each.hebbian();
    float mean = -1.5f;
    PlainNetwork network = new PlainNetwork(Weights.initial(each.shape, each.seed));
    Draws draws = draws(each, rule);
    long stream = each.draws(rule).ownStream();
    PlainChange change =
        PlainHebbian.step(
            rule,
            network,
            wide(each),
            each.labels(),
            Case.RATE,
            Case.SIGMA,
            mean,
            draws.noise,
            draws.gumbels,
            e -> (StreamKey.child(stream, e) >>> 11) * 0x1p-53);
    State state = rule.state(each.shape, each.seed);
    if (!state.isEmpty()) {
      state.array(Hebbian.MEAN_REWARD).set(0, mean);
    }
    compare(each, rule, state, change);
    if (!state.isEmpty()) {
      assertThat((double) state.array(Hebbian.MEAN_REWARD).get(0))
          .isCloseTo(mean + 0.01 * (change.meanReward() - mean), within(1e-6));
    }
  }

  private static void compareFeedback(Case each) {
    NetworkShape shape = each.shape;
    LearnedFeedback rule = each.learned();
    double[][][] feedback = each.feedback();
    PlainNetwork network = new PlainNetwork(Weights.initial(shape, each.seed));
    PlainLearnedFeedback plain = new PlainLearnedFeedback(rule, network, feedback);
    Draws draws = draws(each, rule);
    PlainChange change =
        plain.step(wide(each), each.labels(), Case.RATE, Case.SIGMA, draws.noise, draws.gumbels);

    State state = Feedbacks.state(shape, rule, feedback);
    compare(each, rule, state, change);
    for (int l = 0; l < feedback.length; l++) {
      double[] fast = Feedbacks.flat(shape, state, l);
      double[] old = flat(feedback[l]);
      for (int i = 0; i < fast.length; i++) {
        fast[i] -= (float) old[i];
      }
      Golden.assertClose("B" + l, fast, flat(plain.feedbackChange()[l]), SHARE);
    }
  }

  private static Stream<Case> cases() {
    return IntStream.rangeClosed(1, SHAPES).mapToObj(Case::random);
  }

  private static void compare(Case each, LearningRule rule) {
    PlainNetwork network = new PlainNetwork(Weights.initial(each.shape, each.seed));
    compare(each, rule, State.NONE, plain(each, rule, network));
  }

  private static void compare(Case each, LearningRule rule, State state, PlainChange change) {
    NetworkShape shape = each.shape;
    Weights weights = Weights.initial(shape, each.seed).with(state);
    InputBatch batch = new InputBatch(shape, PixelScale.MNIST);
    batch.load(each.inputs(), each.labels());
    double reward =
        new Stepper(shape, rule, each.batch, weights.memory())
            .step(
                new StepSettings(each.seed, Case.RATE, Case.SIGMA),
                each.draws(rule),
                batch,
                weights);
    weights.fold();

    assertThat(reward).isCloseTo(change.meanReward(), within(1e-5));
    PlainNetwork before = new PlainNetwork(Weights.initial(shape, each.seed));
    PlainNetwork after = new PlainNetwork(weights);
    for (int l = 0; l < shape.depth(); l++) {
      assertClose("W" + l, before.weights[l], after.weights[l], change.weights()[l]);
      assertClose(
          "b" + l,
          new double[][] {before.biases[l]},
          new double[][] {after.biases[l]},
          new double[][] {change.biases()[l]});
    }
  }

  private record Draws(PlainNetwork.Draws noise, PlainNetwork.Draws gumbels) {}

  private static Draws draws(Case each, LearningRule rule) {
    KeyedPerturbations draws = each.draws(rule);
    PlainNetwork.Draws noise =
        (e, p, l) -> {
          Floats out = Floats.of(each.shape.stride(l) * Kernels.LANES);
          draws.noise(e, p, 1, l, Kernels.LANES, out);
          return firstLane(out, each.shape.units(l));
        };
    PlainNetwork.Draws gumbels =
        (e, p, l) -> {
          Floats out = Floats.of(each.shape.stride(l) * Kernels.LANES);
          draws.gumbels(e, p, 1, l, Kernels.LANES, out);
          return firstLane(out, each.shape.units(l));
        };
    return new Draws(noise, gumbels);
  }

  private static PlainChange plain(Case each, LearningRule rule, PlainNetwork network) {
    double[][] x = wide(each);
    Draws draws = draws(each, rule);
    if (rule instanceof Grlu grlu && grlu.compares()) {
      KeyedPerturbations keyed = each.draws(rule);
      PlainComparingGrlu.MaskedDraws masked =
          switch (grlu.noise()) {
            case ORTHOGONAL ->
                (e, p, l, mask) -> orthogonal(keyed, grlu.perturbations(), e, p, l, mask);
            case SHAPED -> (e, p, l, mask) -> classSigns(keyed, each.shape, e, l);
            default -> (e, p, l, mask) -> draws.noise.of(e, p, l);
          };
      // one draw of Gumbel numbers an example serves all of its pairs
      return new PlainComparingGrlu(grlu, network, Case.SIGMA)
          .step(x, each.labels(), Case.RATE, masked, draws.gumbels);
    }
    return rule instanceof Grlu grlu
        ? PlainGrlu.step(
            grlu, network, x, each.labels(), Case.RATE, Case.SIGMA, draws.noise, draws.gumbels)
        : PlainBackprop.step(network, x, each.labels(), Case.RATE, draws.gumbels);
  }

  private static double[][] wide(Case each) {
    return Arrays.stream(each.inputs()).map(FastRulesTest::wide).toArray(double[][]::new);
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

  private static double[] wide(float[] x) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray();
  }

  private static double[] firstLane(Floats block, int units) {
    return IntStream.range(0, units).mapToDouble(u -> block.get(u * Kernels.LANES)).toArray();
  }

  private static void assertClose(
      String what, double[][] before, double[][] after, double[][] change) {
    double[] fast = flat(after);
    double[] old = flat(before);
    for (int i = 0; i < fast.length; i++) {
      fast[i] -= old[i];
    }
    Golden.assertClose(what, fast, flat(change), SHARE);
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
