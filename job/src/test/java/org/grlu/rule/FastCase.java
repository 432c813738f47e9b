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
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/**
 * A case for fast rules against plain ones, all of it from one seed: a random shape, batch and form
 * of GRLU.
 *
 * <p>The fast ones compute in floats, which have 6e-8 of rounding. A change is a sum over draws of
 * noise x reward difference x input: the difference of two rewards of about 2 that lie 0.1 apart
 * has some 2e-6 of its own size, and sums of terms of both signs lose up to another digit. So
 * errors are measured against the layer's largest change; 1.2e-5 of it was seen.
 */
record FastCase(NetworkShape shape, Grlu grlu, int batch, long seed) {
  static final double SHARE = 5e-5;
  private static final int SHAPES = 30;
  static final double SIGMA = 0.1;
  private static final NoiseKind[] INDEPENDENT = {NoiseKind.GAUSSIAN, NoiseKind.RADEMACHER};
  private static final NoiseKind[] ANYWHERE = {
    NoiseKind.GAUSSIAN, NoiseKind.RADEMACHER, NoiseKind.ORTHOGONAL
  };
  static final double RATE = 0.5;

  private static FastCase random(long seed) {
    return random(new Random(seed), seed);
  }

  /** The same with a form that compares pairs with a pass without noise. */
  private static FastCase comparing(long seed) {
    Random random = new Random(-seed);
    FastCase any = random(random, seed);
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
    return new FastCase(any.shape, grlu, any.batch, seed);
  }

  /** The same with noise that is made of the outgoing weights. */
  private static FastCase shaped(long seed) {
    Random random = new Random(-seed);
    FastCase any = random(random, seed);
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
    return new FastCase(new NetworkShape(layers, activation, k, skip), grlu, any.batch, seed);
  }

  private static FastCase random(Random random, long seed) {
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
            random.nextBoolean(),
            Eligibility.INJECTED,
            OutputSignal.NOISE,
            1,
            seed % 3 == 0 ? Scope.LABEL : Scope.ALL);
    NetworkShape shape = new NetworkShape(layers, activation, k, skip);
    return new FastCase(shape, grlu, 1 + random.nextInt(11), seed);
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

  static Stream<FastCase> some() {
    return IntStream.rangeClosed(1, SHAPES).mapToObj(FastCase::random);
  }

  static Stream<FastCase> many() {
    return IntStream.rangeClosed(1, 2 * SHAPES).mapToObj(FastCase::random);
  }

  static Stream<FastCase> comparing() {
    return IntStream.rangeClosed(1, 2 * SHAPES).mapToObj(FastCase::comparing);
  }

  static Stream<FastCase> shaped() {
    return IntStream.rangeClosed(1, SHAPES).mapToObj(FastCase::shaped);
  }

  void compare(LearningRule rule, State state, PlainChange change) {
    Weights weights = Weights.initial(shape, seed).with(state);
    InputBatch batch = new InputBatch(shape, PixelScale.MNIST);
    batch.load(inputs(), labels());
    double reward =
        new Stepper(shape, rule, this.batch, weights.memory())
            .step(new StepSettings(seed, RATE, SIGMA), draws(rule), batch, weights);
    weights.fold();

    assertThat(reward).isCloseTo(change.meanReward(), within(1e-5));
    PlainNetwork before = new PlainNetwork(Weights.initial(shape, seed));
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

  record Draws(PlainNetwork.Draws noise, PlainNetwork.Draws gumbels) {}

  Draws plainDraws(LearningRule rule) {
    KeyedPerturbations draws = draws(rule);
    PlainNetwork.Draws noise =
        (e, p, l) -> {
          Floats out = Floats.of(shape.stride(l) * Kernels.LANES);
          draws.noise(e, p, 1, l, Kernels.LANES, out);
          return firstLane(out, shape.units(l));
        };
    PlainNetwork.Draws gumbels =
        (e, p, l) -> {
          Floats out = Floats.of(shape.stride(l) * Kernels.LANES);
          draws.gumbels(e, p, 1, l, Kernels.LANES, out);
          return firstLane(out, shape.units(l));
        };
    return new Draws(noise, gumbels);
  }

  double[][] wideInputs() {
    return Arrays.stream(inputs()).map(FastCase::wide).toArray(double[][]::new);
  }

  static double[] wide(float[] x) {
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

  static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
