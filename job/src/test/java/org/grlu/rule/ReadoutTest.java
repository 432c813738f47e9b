package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputNorm;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.noise.StreamKey;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Readouts against their double forms, and these against closed solutions. */
class ReadoutTest {
  /** Products of inputs have 6e-8 of rounding, which solving multiplies: 2e-5 was seen. */
  private static final double SOLVED = 1e-4;

  private static Stream<DynamicTest> each(Consumer<ReadoutCase> test) {
    return ReadoutCase.some().map(c -> DynamicTest.dynamicTest(c.toString(), () -> test.accept(c)));
  }

  private static void assertLinear(
      ReadoutCase c, LearningRule rule, Function<double[][], PlainReadouts.Linear> plain) {
    Weights weights = c.learnt(rule);
    PlainReadouts.Linear expected = plain.apply(c.read(c.x()));
    PlainNetwork found = new PlainNetwork(weights);
    Golden.assertClose("w", FastCase.flat(found.weights[0]), FastCase.flat(expected.w()), SOLVED);
    for (int k = 0; k < c.classes(); k++) {
      if (expected.b()[k] == Readout.UNSEEN) {
        assertThat(found.biases[0][k]).isEqualTo(Readout.UNSEEN);
        found.biases[0][k] = 0;
        expected.b()[k] = 0;
      }
    }
    Golden.assertClose("b", found.biases[0], expected.b(), SOLVED);
    int[] best = best(c.scores(rule, weights));
    assertThat(best).doesNotContain(unseen(c));
  }

  /** The class that has no example; else none. */
  private static int unseen(ReadoutCase c) {
    return IntStream.range(0, c.classes())
        .filter(k -> Arrays.stream(c.labels()).noneMatch(label -> label == k))
        .findAny()
        .orElse(-1);
  }

  private static int[] best(double[][] scores) {
    return Arrays.stream(scores)
        .mapToInt(
            row ->
                IntStream.range(0, row.length)
                    .reduce(0, (best, c) -> row[c] > row[best] ? c : best))
        .toArray();
  }

  @TestFactory
  Stream<DynamicTest> classMeansAreThoseOfTheClasses() {
    return each(
        c ->
            assertLinear(
                c, new ClassMeans(), x -> PlainReadouts.classMeans(x, c.labels(), c.classes())));
  }

  @TestFactory
  Stream<DynamicTest> discriminantAnalysisIsItsPlainForm() {
    return each(
        c ->
            assertLinear(
                c, new Lda(0.01), x -> PlainReadouts.lda(x, c.labels(), c.classes(), 0.01)));
  }

  @Test
  void discriminantAnalysisOfSingleExamplesIsClassMeans() {
    ReadoutCase one = new ReadoutCase(7, 3, 1, InputNorm.NONE, 9);
    float[] means = one.learnt(new ClassMeans()).arrays(0).get("W");
    assertThat(one.learnt(new Lda(0.01)).arrays(0).get("W")).containsExactly(means);
  }

  @TestFactory
  Stream<DynamicTest> leastSquaresIsItsPlainForm() {
    return each(
        c ->
            assertLinear(
                c, new Rls(0.01), x -> PlainReadouts.rls(x, c.labels(), c.classes(), 0.01)));
  }

  /** With inputs that have a 1 more, whose weight, the bias, has no ridge. */
  @Test
  void leastSquaresIsRidgeRegression() {
    ReadoutCase c = ReadoutCase.some().skip(8).findFirst().orElseThrow();
    double[][] x = c.read(c.x());
    int d = c.inputs();
    PlainReadouts.Linear found = PlainReadouts.rls(x, c.labels(), c.classes(), 0.02);
    DMatrixRMaj normal = new DMatrixRMaj(d + 1, d + 1);
    DMatrixRMaj right = new DMatrixRMaj(d + 1, c.classes());
    double[] mean = new double[d];
    for (int e = 0; e < c.examples(); e++) {
      double[] more = Arrays.copyOf(x[e], d + 1);
      more[d] = 1;
      for (int i = 0; i <= d; i++) {
        for (int j = 0; j <= d; j++) {
          normal.add(i, j, more[i] * more[j]);
        }
        right.add(i, c.labels()[e], more[i]);
      }
      for (int i = 0; i < d; i++) {
        mean[i] += x[e][i] / c.examples();
      }
    }
    double trace = 0;
    for (int i = 0; i < d; i++) {
      trace += normal.get(i, i) / c.examples() - mean[i] * mean[i];
    }
    for (int i = 0; i < d; i++) {
      normal.add(i, i, c.examples() * 0.02 * trace / d);
    }
    DMatrixRMaj solved = new DMatrixRMaj(d + 1, c.classes());
    CommonOps_DDRM.solve(normal, right, solved);
    for (int k = 0; k < c.classes(); k++) {
      for (int i = 0; i < d; i++) {
        assertThat(found.w()[k][i]).isCloseTo(solved.get(i, k), within(1e-9));
      }
      assertThat(found.b()[k]).isCloseTo(solved.get(d, k), within(1e-9));
    }
  }

  @TestFactory
  Stream<DynamicTest> leastSquaresToldByARewardIsItsPlainForm() {
    return each(
        c -> {
          boolean few = c.seed() % 3 == 0;
          NoiseKind noise = few ? NoiseKind.GAUSSIAN : NoiseKind.RADEMACHER;
          int pairs = few ? 1 : 16;
          double lambda = few ? 12 * c.inputs() : 10;
          Weights weights = c.learnt(new GrluRls(pairs, noise, lambda));
          double[][] expected =
              PlainReadouts.grluRls(
                  c.read(c.x()), c.labels(), c.classes(), lambda, e -> draws(c, e, pairs, noise));
          PlainNetwork found = new PlainNetwork(weights);
          Golden.assertClose("w", FastCase.flat(found.weights[0]), FastCase.flat(expected), SOLVED);
          assertThat(found.biases[0]).containsOnly(0);
          assertSymmetric(c, weights.state().array(Inverse.MATRIX));
        });
  }

  private static void assertSymmetric(ReadoutCase c, Floats inverse) {
    int stride = Kernels.padded(c.inputs());
    for (int i = 0; i < c.inputs(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(inverse.get(i * stride + j)).isEqualTo(inverse.get(j * stride + i));
      }
    }
  }

  private static double[][] draws(ReadoutCase c, int e, int pairs, NoiseKind noise) {
    KeyedPerturbations draws = c.draws();
    draws.step(e, 0, 0);
    double[][] rows = new double[pairs][];
    for (int p = 0; p < pairs; p++) {
      Floats out = Floats.of(Kernels.padded(c.classes()));
      long key = StreamKey.child(draws.ownStream(), p);
      if (noise == NoiseKind.GAUSSIAN) {
        Kernels.best().gaussian(key, 1f, out, 0, c.classes());
      } else {
        Kernels.best().rademacher(key, 1f, out, 0, c.classes());
      }
      rows[p] = IntStream.range(0, c.classes()).mapToDouble(out::get).toArray();
    }
    return rows;
  }

  /** As many pairs as classes, each of one class's noise alone, tell the exact error. */
  @Test
  void ofTheExactErrorItIsRidgeRegressionWithoutABias() {
    ReadoutCase c = ReadoutCase.some().skip(4).findFirst().orElseThrow();
    double[][] x = c.read(c.x());
    double[][] unit = new double[c.classes()][c.classes()];
    IntStream.range(0, c.classes()).forEach(k -> unit[k][k] = Math.sqrt(c.classes()));
    double[][] found = PlainReadouts.grluRls(x, c.labels(), c.classes(), 3, e -> unit);
    DMatrixRMaj all = new DMatrixRMaj(x);
    DMatrixRMaj onehot = new DMatrixRMaj(c.examples(), c.classes());
    for (int e = 0; e < c.examples(); e++) {
      onehot.set(e, c.labels()[e], 1);
    }
    DMatrixRMaj products = new DMatrixRMaj(c.inputs(), c.inputs());
    DMatrixRMaj right = new DMatrixRMaj(c.inputs(), c.classes());
    DMatrixRMaj solved = new DMatrixRMaj(c.inputs(), c.classes());
    CommonOps_DDRM.multTransA(all, all, products);
    CommonOps_DDRM.multTransA(all, onehot, right);
    CommonOps_DDRM.addEquals(products, 3, CommonOps_DDRM.identity(c.inputs()));
    CommonOps_DDRM.solve(products, right, solved);
    for (int k = 0; k < c.classes(); k++) {
      for (int i = 0; i < c.inputs(); i++) {
        assertThat(found[k][i]).isCloseTo(solved.get(i, k), within(1e-9));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> prototypesAreTheirPlainForm() {
    return each(
        c -> {
          int each = 1 + (int) (c.seed() % 7);
          Prototypes rule = new Prototypes(each);
          double[][] expected =
              PlainReadouts.prototypes(
                  c.read(c.x()), c.labels(), c.classes(), each, c.read(c.queries()));
          Golden.assertClose(
              "scores",
              FastCase.flat(seen(c, c.scores(rule, c.learnt(rule)))),
              FastCase.flat(seen(c, expected)),
              1e-5);
        });
  }

  /** Without the class that no example is of, whose score is below all others. */
  private static double[][] seen(ReadoutCase c, double[][] scores) {
    int unseen = unseen(c);
    for (double[] row : scores) {
      if (unseen >= 0) {
        assertThat(row[unseen]).isEqualTo(Readout.UNSEEN);
        row[unseen] = 0;
      }
    }
    return scores;
  }

  @TestFactory
  Stream<DynamicTest> storedExamplesScoreAsTheirPlainForm() {
    return each(
        c -> {
          int capacity = c.seed() % 2 == 0 ? 40 : 200;
          Hopfield rule = new Hopfield(20, capacity);
          double[][] found = c.scores(rule, c.learnt(rule));
          double[][] expected =
              PlainReadouts.hopfield(
                  c.read(c.x()), c.labels(), c.classes(), 20, capacity, c.read(c.queries()));
          for (int q = 0; q < found.length; q++) {
            double[] share = shares(found[q]);
            Golden.assertClose("scores", share, shares(expected[q]), 1e-4);
          }
        });
  }

  /** Divided by their sum; what is below 0 has none. */
  private static double[] shares(double[] z) {
    double[] positive = Arrays.stream(z).map(v -> Math.max(0, v)).toArray();
    double sum = Arrays.stream(positive).sum();
    return Arrays.stream(positive).map(v -> v / sum).toArray();
  }

  /** A plain sum of floats is off by 1e-5 and more of it. */
  @Test
  void sumsOfManyTermsAreExact() {
    Floats sum = Floats.of(16);
    Floats rest = Floats.of(16);
    Floats x = Floats.of(16);
    double exact = 0;
    float plain = 0;
    for (int k = 0; k < 100_000; k++) {
      float term = TestData.normals(k, 1)[0] + 2;
      x.fill(0, 16, term);
      ExactSums.add(x, 0, sum, rest, 0, 16);
      exact += term;
      plain += term;
    }
    assertThat(ExactSums.get(sum, rest, 3)).isCloseTo(exact, within(1e-11 * exact));
    assertThat(Math.abs(plain - exact)).isGreaterThan(1e-7 * exact);
  }
}
