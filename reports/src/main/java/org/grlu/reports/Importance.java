package org.grlu.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How much each parameter of a sweep decides: the share of the variance between settings that is
 * lost when its values are shuffled, other parameters being as they are. With a small forest that
 * predicts a setting's mean, e the mean squared error on settings that the forest has not seen, e'
 * the same with the parameter's values shuffled among these, and v the variance of all settings, it
 * is {@code (e' - e) / (2 v)}: the total effect of Sobol where the forest is exact, so that shares
 * of parameters that act together add up to more than 1.
 *
 * <p>Source: permutation importance, Breiman, "Random forests" (2001). The interval is that of the
 * percentile bootstrap over settings.
 *
 * @param path of the parameter
 * @param share mean over resamples
 * @param low 2.5 % of resamples are below
 * @param high 2.5 % of resamples are above
 */
record Importance(String path, double share, double low, double high) {
  /** With fewer settings there is nothing to say. */
  static final int LEAST_SETTINGS = 12;

  /** How many settings it looks at, at most. */
  private static final int MOST_SETTINGS = 1_000;

  private static final int RESAMPLES = 60;
  private static final int TREES = 12;
  private static final int SHUFFLES = 3;

  /** Settings as numbers. */
  private record Table(double[][] rows, double[] values, boolean[] categories) {}

  /**
   * Of each parameter, the most important first; empty where there are too few settings with
   * results, or all are equally good.
   */
  static List<Importance> of(
      List<SettingResult> settings, List<SweepDescription.Parameter> parameters, Goal goal) {
    List<SettingResult> known =
        settings.stream()
            .filter(setting -> setting.rank() > 0 && !setting.waits())
            .filter(setting -> setting.reached(goal).mean() != null)
            .toList();
    int every = (known.size() + MOST_SETTINGS - 1) / MOST_SETTINGS;
    List<SettingResult> some =
        IntStream.range(0, known.size())
            .filter(i -> i % Math.max(1, every) == 0)
            .mapToObj(known::get)
            .toList();
    double[] values = some.stream().mapToDouble(s -> s.reached(goal).mean()).toArray();
    if (values.length < LEAST_SETTINGS
        || parameters.isEmpty()
        || Sample.of(values).deviation() == 0) {
      return List.of();
    }
    List<double[]> resamples = resamples(table(some, values, parameters));
    List<Importance> all = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      int of = i;
      double[] shares = resamples.stream().mapToDouble(each -> each[of]).sorted().toArray();
      all.add(
          new Importance(
              parameters.get(i).path(),
              Arrays.stream(shares).average().orElse(0),
              shares[(int) (0.025 * shares.length)],
              shares[(int) (0.975 * shares.length)]));
    }
    all.sort(Comparator.comparingDouble(each -> -each.share));
    return all;
  }

  private static Table table(
      List<SettingResult> settings, double[] values, List<SweepDescription.Parameter> parameters) {
    double[][] rows = new double[settings.size()][parameters.size()];
    boolean[] categories = new boolean[parameters.size()];
    for (int i = 0; i < categories.length; i++) {
      String column = parameters.get(i).column();
      List<Object> given =
          settings.stream()
              .map(setting -> setting.values().get(column))
              .map(value -> value == null || "".equals(value) ? null : value)
              .toList();
      List<Object> distinct = given.stream().filter(Objects::nonNull).distinct().toList();
      categories[i] = !distinct.stream().allMatch(Number.class::isInstance);
      // by their order: a tree's splits are then as fine where values are close
      List<Object> sorted =
          categories[i]
              ? distinct
              : distinct.stream()
                  .sorted(Comparator.comparingDouble(value -> ((Number) value).doubleValue()))
                  .toList();
      for (int s = 0; s < rows.length; s++) {
        rows[s][i] = given.get(s) == null ? Double.NaN : sorted.indexOf(given.get(s));
      }
    }
    return new Table(rows, values, categories);
  }

  /** Of each resample, the shares by parameter. */
  private static List<double[]> resamples(Table table) {
    Random random = new Random(1);
    int n = table.values.length;
    List<double[]> shares = new ArrayList<>();
    // of all: without the few settings that fail, those that a resample leaves out hardly differ
    double variance = variance(table.values);
    while (shares.size() < RESAMPLES) {
      int[] sample = random.ints(n, 0, n).toArray();
      boolean[] seen = new boolean[n];
      Arrays.stream(sample).forEach(i -> seen[i] = true);
      int[] unseen = IntStream.range(0, n).filter(i -> !seen[i]).toArray();
      List<RegressionTree> forest = new ArrayList<>();
      for (int t = 0; t < TREES; t++) {
        forest.add(new RegressionTree(table.rows, table.values, table.categories, sample, random));
      }
      if (unseen.length > 1) {
        shares.add(shares(table, forest, unseen, variance, random));
      }
    }
    return shares;
  }

  private static double[] shares(
      Table table, List<RegressionTree> forest, int[] unseen, double variance, Random random) {
    double[][] rows =
        Arrays.stream(unseen).mapToObj(i -> table.rows[i].clone()).toArray(double[][]::new);
    double[] values = Arrays.stream(unseen).mapToDouble(i -> table.values[i]).toArray();
    double error = error(forest, rows, values);
    double[] shares = new double[table.categories.length];
    for (int feature = 0; feature < shares.length; feature++) {
      double[] column = new double[rows.length];
      for (int i = 0; i < column.length; i++) {
        column[i] = rows[i][feature];
      }
      double[] shuffled = column.clone();
      for (int time = 0; time < SHUFFLES; time++) {
        shuffle(shuffled, random);
        set(rows, feature, shuffled);
        shares[feature] += (error(forest, rows, values) - error) / (2 * variance * SHUFFLES);
      }
      set(rows, feature, column);
    }
    return shares;
  }

  private static void set(double[][] rows, int feature, double[] column) {
    for (int i = 0; i < column.length; i++) {
      rows[i][feature] = column[i];
    }
  }

  private static void shuffle(double[] values, Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      double kept = values[i];
      values[i] = values[other];
      values[other] = kept;
    }
  }

  private static double error(List<RegressionTree> forest, double[][] rows, double[] values) {
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      double predicted = 0;
      for (RegressionTree tree : forest) {
        predicted += tree.predict(rows[i]) / forest.size();
      }
      sum += (predicted - values[i]) * (predicted - values[i]);
    }
    return sum / Math.max(1, rows.length);
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Arrays.stream(values).map(value -> Math.pow(value - mean, 2)).average().orElse(0);
  }
}
