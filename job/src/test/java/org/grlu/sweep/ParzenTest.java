package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.grlu.config.Choice;
import org.grlu.config.Parameter;
import org.grlu.config.Scale;
import org.grlu.config.Space;
import org.grlu.noise.StreamKey;
import org.junit.jupiter.api.Test;

class ParzenTest {
  private static final double[][] HARTMANN_A = {
    {10, 3, 17, 3.5, 1.7, 8},
    {0.05, 10, 17, 0.1, 8, 14},
    {3, 3.5, 1.7, 10, 17, 8},
    {17, 8, 0.05, 10, 0.1, 14}
  };

  private static final double[][] HARTMANN_P = {
    {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
    {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
    {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
    {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}
  };

  private static final double[] HARTMANN_ALPHA = {1, 1.2, 3, 3.2};

  private static final int EVALUATIONS = 100;
  private static final int STARTUP = 20;
  private static final int GENERATION = 10;
  private static final int CANDIDATES = 24;
  private static final int REPETITIONS = 21;

  private static double branin(double[] x) {
    double q = x[1] - 5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0] + 5 / Math.PI * x[0] - 6;
    return q * q + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x[0]) + 10 - 0.397887;
  }

  private static double hartmann(double[] x) {
    double sum = 3.32237;
    for (int i = 0; i < HARTMANN_ALPHA.length; i++) {
      double exponent = 0;
      for (int j = 0; j < x.length; j++) {
        double distance = x[j] - HARTMANN_P[i][j];
        exponent += HARTMANN_A[i][j] * distance * distance;
      }
      sum -= HARTMANN_ALPHA[i] * Math.exp(-exponent);
    }
    return sum;
  }

  private static double rosenbrock(double[] x) {
    double sum = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      double valley = x[i + 1] - x[i] * x[i];
      sum += 100 * valley * valley + (1 - x[i]) * (1 - x[i]);
    }
    return sum;
  }

  private static Parameter interval(double low, double high, Scale scale, boolean whole) {
    return new Parameter("x", new Space.Interval(low, high, scale, whole), "", "");
  }

  private static Parameter listed(Object... values) {
    List<Choice> choices = Arrays.stream(values).map(v -> new Choice(v, Map.of("x", v))).toList();
    return new Parameter("x", new Space.Listed(choices), "", "");
  }

  /** The least of a function that is found, above its minimum. */
  private static double regret(
      ToDoubleFunction<double[]> function, List<Axis> axes, int startup, long seed) {
    Uniforms draws = new Uniforms(StreamKey.of(seed, StreamKey.Purpose.SEARCH));
    List<double[]> ranked = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    List<double[]> pending = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    while (ranked.size() < EVALUATIONS) {
      int size = ranked.isEmpty() ? startup : GENERATION;
      for (int i = 0; i < size; i++) {
        pending.add(
            ranked.isEmpty()
                ? axes.stream().mapToDouble(axis -> axis.draw(draws)).toArray()
                : proposal(new Parzen(axes, ranked, pending), draws));
      }
      for (double[] at : pending) {
        double[] x =
            IntStream.range(0, at.length)
                .mapToDouble(i -> ((Number) axes.get(i).choice(at[i]).shown()).doubleValue())
                .toArray();
        double value = function.applyAsDouble(x);
        least = Math.min(least, value);
        // after those that are as good
        int place = 0;
        while (place < values.size() && values.get(place) <= value) {
          place++;
        }
        values.add(place, value);
        ranked.add(place, at);
      }
      pending.clear();
    }
    return least;
  }

  private static double[] proposal(Parzen parzen, Uniforms draws) {
    double[] best = parzen.draw(draws);
    for (int i = 1; i < CANDIDATES; i++) {
      double[] at = parzen.draw(draws);
      best = parzen.promise(at) > parzen.promise(best) ? at : best;
    }
    return best;
  }

  private static double median(ToDoubleFunction<double[]> function, List<Axis> axes, int startup) {
    double[] regrets =
        IntStream.rangeClosed(1, REPETITIONS)
            .mapToDouble(seed -> regret(function, axes, startup, seed))
            .sorted()
            .toArray();
    return regrets[REPETITIONS / 2];
  }

  private static double ratio(
      ToDoubleFunction<double[]> function, int dimensions, double low, double high) {
    Axis axis = Axis.of(interval(low, high, Scale.LINEAR, false));
    List<Axis> axes = Collections.nCopies(dimensions, axis);
    return median(function, axes, STARTUP) / median(function, axes, EVALUATIONS);
  }

  /**
   * The medians of 21 seeds that stay the same, so that it can't fail by chance. Of other sets of
   * 21 seeds none of 40 was above 0.25 with Branin's function, and none of 20 above 0.42 with
   * Hartmann's.
   */
  @Test
  void theMedianRegretIsAtMostHalfOfThatOfRandomDraws() {
    double branin = ratio(x -> branin(new double[] {x[0] * 15 - 5, x[1] * 15}), 2, 0, 1);
    assertThat(branin).isLessThan(0.5);
    assertThat(ratio(ParzenTest::hartmann, 6, 0, 1)).isLessThan(0.5);
    assertThat(ratio(ParzenTest::rosenbrock, 4, -2.048, 2.048)).isLessThan(0.5);
  }

  @Test
  void theFunctionsAreWhatTheyAreCalled() {
    assertThat(branin(new double[] {Math.PI, 2.275})).isEqualTo(0, within(1e-5));
    double[] minimum = {0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573};
    assertThat(hartmann(minimum)).isEqualTo(0, within(1e-5));
    assertThat(rosenbrock(new double[] {1, 1, 1, 1})).isZero();
  }

  /** By a sum over all values, or over 10,000 points: kernels are densities over random draws. */
  @Test
  void theMeanOfAKernelOverRandomDrawsIsOne() {
    Axis.Width width = new Axis.Width(0.15, 0.2);
    for (Parameter parameter :
        List.of(
            interval(-1, 3, Scale.LINEAR, false),
            interval(0.001, 1, Scale.LOG, false),
            interval(1, 9, Scale.LINEAR, true),
            interval(1, 30, Scale.LOG, true),
            listed(8L, 1L, 2L, 4L),
            listed("a", "b", "c", "b"),
            listed(true, false))) {
      Axis axis = Axis.of(parameter);
      Uniforms uniforms = new Uniforms(1);
      for (int k = 0; k < 5; k++) {
        double centre = axis.at(axis.choice(axis.draw(uniforms)));
        double sum = 0;
        int points = 10_000;
        for (int i = 0; i < points; i++) {
          double u = (i + 0.5) / points;
          double at = axis instanceof Axis.Categories all ? (int) (u * all.choices().size()) : u;
          // a value's first coordinate stands for it
          double same = axis instanceof Axis.Categories ? axis.at(axis.choice(at)) : at;
          sum += axis.kernel(centre, width).ratio(same);
        }
        assertThat(sum / points).as(parameter.toString()).isEqualTo(1, within(1e-3));
      }
    }
  }

  /**
   * What a kernel draws has its density: chi-squared of 9 cells is above 35 once in 39,000 seeds by
   * chance, for each of five kernels.
   */
  @Test
  void drawsFollowTheKernelsDensity() {
    Axis.Width width = new Axis.Width(0.3, 0.4);
    int draws = 20_000;
    for (Parameter parameter :
        List.of(
            interval(1, 9, Scale.LINEAR, true),
            interval(1, 9, Scale.LOG, true),
            listed(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L),
            listed("a", "b", "c", "d", "e", "f", "g", "h", "i"),
            listed("a", "b", "c", "c", "d", "d"))) {
      Axis axis = Axis.of(parameter);
      double centre = axis.at(axis.choice(axis instanceof Axis.Categories ? 2 : 0.3));
      Axis.Kernel kernel = axis.kernel(centre, width);
      Map<Object, double[]> cells = new LinkedHashMap<>();
      Uniforms uniforms = new Uniforms(7);
      int points = 100_000;
      for (int i = 0; i < points; i++) {
        double any = axis.draw(uniforms);
        double at = axis.at(axis.choice(any));
        double ratio = kernel.ratio(at);
        cells.computeIfAbsent(axis.choice(any), c -> new double[2])[0] += ratio * draws / points;
      }
      for (int i = 0; i < draws; i++) {
        cells.get(axis.choice(kernel.draw(uniforms)))[1]++;
      }
      double squared = 0;
      for (double[] cell : cells.values()) {
        // the expectation is drawn as well: its variance, of a fifth of the draws, adds
        squared += (cell[1] - cell[0]) * (cell[1] - cell[0]) / (cell[0] * 1.2);
      }
      assertThat(squared).as(parameter.toString()).isLessThan(35);
    }
  }

  @Test
  void whatHasNoMeaningSaysNothingAndWhatIsPendingCountsAsBad() {
    Axis axis = Axis.of(interval(0, 1, Scale.LINEAR, false));
    List<Axis> both = List.of(axis, axis);
    List<double[]> results =
        IntStream.range(0, 10)
            .mapToObj(i -> new double[] {(i + 0.5) / 10, Double.NaN})
            .sorted(Comparator.comparingDouble(at -> Math.abs(at[0] - 0.75)))
            .toList();
    Parzen parzen = new Parzen(both, results, List.of());
    // the second axis changes nothing
    assertThat(parzen.promise(new double[] {0.75, 0.1}))
        .isEqualTo(parzen.promise(new double[] {0.75, 0.9}))
        .isEqualTo(parzen.promise(new double[] {0.75, Double.NaN}))
        .isGreaterThan(2 * parzen.promise(new double[] {0.25, 0.1}));
    assertThat(parzen.promise(new double[] {Double.NaN, 0.3})).isEqualTo(1);
    Parzen busy = new Parzen(both, results, List.of(new double[] {0.75, 0.5}));
    assertThat(busy.promise(new double[] {0.75, 0.5}))
        .isLessThan(0.7 * parzen.promise(new double[] {0.75, 0.5}));
  }
}
