package org.grlu.rule;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grlu.TestData;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.InputBatch;
import org.grlu.network.InputNorm;
import org.grlu.network.NetworkShape;
import org.grlu.network.Passes;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;

/**
 * A problem for a readout, all of it from one seed: examples about the means of their classes, with
 * correlated inputs, and queries; of one class there may be no example.
 */
record ReadoutCase(int inputs, int classes, int examples, InputNorm norm, long seed) {
  static final int QUERIES = 21;

  static Stream<ReadoutCase> some() {
    return IntStream.rangeClosed(1, 20).mapToObj(ReadoutCase::random);
  }

  /** Some with fewer examples than a block has, some with more than two. */
  private static ReadoutCase random(int seed) {
    Random random = new Random(seed);
    return new ReadoutCase(
        3 + random.nextInt(seed % 5 == 0 ? 140 : 30),
        2 + random.nextInt(5),
        5 + random.nextInt(150),
        seed % 2 == 0 ? InputNorm.LAYER : InputNorm.NONE,
        seed);
  }

  NetworkShape shape() {
    return TestData.relu(Skip.NONE, inputs, classes);
  }

  int[] labels() {
    int seen = seed % 4 == 0 ? classes - 1 : classes;
    return new Random(seed).ints(examples, 0, seen).toArray();
  }

  /** Before layer norm, where there is any. */
  float[][] x() {
    int[] labels = labels();
    return IntStream.range(0, examples)
        .mapToObj(e -> example(labels[e], 7 * seed + 1000L * e))
        .toArray(float[][]::new);
  }

  float[][] queries() {
    return IntStream.range(0, QUERIES)
        .mapToObj(e -> example(e % classes, 11 * seed + 1000L * e))
        .toArray(float[][]::new);
  }

  private float[] example(int label, long key) {
    float[] mean = TestData.normals(seed + 31L * label, inputs);
    float[] own = TestData.normals(key, inputs);
    float shared = own[0];
    for (int i = 0; i < inputs; i++) {
      own[i] += 0.7f * mean[i] + 0.8f * shared;
    }
    return own;
  }

  /** As the first layer reads them. */
  double[][] read(float[][] x) {
    return Arrays.stream(x)
        .map(FastCase::wide)
        .map(row -> norm == InputNorm.LAYER ? PlainNetwork.normalised(row) : row)
        .toArray(double[][]::new);
  }

  /** Weights and state after one pass over the examples. */
  Weights learnt(LearningRule rule) {
    Weights weights = new Weights(shape()).with(rule.state(shape(), seed));
    InputBatch batch = batch();
    KeyedPerturbations draws = draws();
    Stepper stepper = new Stepper(shape(), rule, 1, weights.memory());
    float[][] x = x();
    int[] labels = labels();
    for (int e = 0; e < examples; e++) {
      batch.load(new float[][] {x[e]}, new int[] {labels[e]});
      draws.step(e, 0, 0);
      stepper.step(new StepSettings(e, 1, 1), draws, batch, weights);
    }
    weights.fold();
    rule.settle(shape(), weights);
    return weights;
  }

  KeyedPerturbations draws() {
    return new KeyedPerturbations(shape(), seed);
  }

  private InputBatch batch() {
    return new InputBatch(shape(), new PixelScale(0, 1, norm));
  }

  /** What the rule scores the queries by, by query and class. */
  double[][] scores(LearningRule rule, Weights weights) {
    InputBatch batch = batch();
    batch.load(queries(), new int[QUERIES]);
    Passes passes = rule.passes(shape(), QUERIES, new Arena());
    passes.prepare(weights);
    double[][] scores = new double[QUERIES][];
    // in two runs, the second of which is shorter
    for (int from : new int[] {0, 16}) {
      int to = Math.min(QUERIES, from + 16);
      passes.run(weights, batch, from, to);
      Floats logits = passes.logits();
      for (int q = from; q < to; q++) {
        int at = (q - from) * shape().stride(0);
        scores[q] = IntStream.range(0, classes).mapToDouble(c -> logits.get(at + c)).toArray();
      }
    }
    return scores;
  }
}
