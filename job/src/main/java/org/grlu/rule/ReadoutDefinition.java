package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/**
 * The definition of a {@link Readout}.
 *
 * @param name the value of {@code rule.name} that selects the rule
 * @param sentence one sentence that says what the rule is
 * @param form the description of the rule that {@code grlu rules} shows
 * @param keys the rule's own keys
 * @param uses the paths of keys of other rules that the rule reads
 * @param rule creates the rule from the values of its keys
 * @param numbers the number of elements in the largest array of the rule's state
 */
record ReadoutDefinition(
    String name,
    String sentence,
    RuleForm form,
    List<Key> keys,
    Set<String> uses,
    Function<KeyValues, Readout> rule,
    Size numbers)
    implements RuleDefinition {
  private static final String RIDGE = "rule.ridge";
  private static final String LAMBDA = "rule.lambda";
  private static final String PROTOTYPES = "rule.prototypes";
  private static final String BETA = "rule.beta";
  private static final String CAPACITY = "rule.capacity";
  private static final String PERTURBATIONS = "rule.perturbations";
  private static final String NOISE = "rule.noise";

  /**
   * The least ridge. The rounding errors of sums of products in 32 bits must be small compared with
   * it.
   */
  private static final double LEAST_RIDGE = 1e-5;

  /** Computes a size from a network and the values of a rule's keys. */
  @FunctionalInterface
  interface Size {
    long of(NetworkShape shape, KeyValues values);
  }

  private static final Size MATRIX = (shape, values) -> squared(shape.inputs(0));

  static final List<RuleDefinition> ALL =
      List.of(
          new ReadoutDefinition(
              "class-means",
              "Class means: the nearest of the classes' means, of sums that each example joins.",
              form("the label", "one addition", "as the least that learns", "Rocchio 1971"),
              List.of(),
              Set.of(),
              values -> new ClassMeans(),
              (shape, values) -> (long) shape.units(0) * shape.inputs(0)),
          new ReadoutDefinition(
              "lda",
              "Linear discriminant analysis of sums that each example joins, solved at an epoch's"
                  + " end.",
              form(
                  "the label, and the products of all pairs of inputs",
                  "d^2 multiplications, d being the number of inputs; d^3 at an epoch's end",
                  "for the best of one pass where neurons may know each other's inputs",
                  "Fisher 1936; Hayes and Kanan 2020, arXiv:1909.01520"),
              List.of(
                  Key.number(
                      RIDGE,
                      "at least " + LEAST_RIDGE + ", at most 1",
                      v -> v >= LEAST_RIDGE && v <= 1)),
              Set.of(),
              values -> new Lda(values.number(RIDGE)),
              MATRIX),
          new ReadoutDefinition(
              "rls",
              "Recursive least squares in closed form: regression of the label on the inputs, of"
                  + " sums that each example joins.",
              form(
                  "the label, and the products of all pairs of inputs",
                  "d^2 multiplications, d being the number of inputs; d^3 at an epoch's end",
                  "beside lda, from which it differs by what it makes of the same sums",
                  "Plackett 1950"),
              List.of(),
              Set.of(RIDGE),
              values -> new Rls(values.number(RIDGE)),
              MATRIX),
          new ReadoutDefinition(
              "grlu-rls",
              "Recursive least squares whose error a reward tells: noise on the outputs in"
                  + " antithetic pairs, decorrelated inputs.",
              form(
                  "one scalar, the reward -1/2 |onehot - outputs|^2; each weight the inputs,"
                      + " decorrelated by those before",
                  "2 P passes of the outputs, 2 d^2 multiplications for d inputs",
                  "where classes come one after another, and inputs are correlated",
                  "this project, after Plackett 1950 and Williams 1992"),
              List.of(Key.number(LAMBDA, "above 0, at most 1e9", v -> v > 0 && v <= 1e9)),
              Set.of(PERTURBATIONS, NOISE),
              values ->
                  new GrluRls(
                      values.whole(PERTURBATIONS),
                      values.choice(NoiseKind.class, NOISE),
                      values.number(LAMBDA)),
              MATRIX),
          new ReadoutDefinition(
              "prototypes",
              "Prototypes: some means for each class, of which the nearest to an example learns.",
              form(
                  "the label; each prototype whether it is the nearest of the label's",
                  "K distances, K being rule.prototypes",
                  "for classes of several kinds, also one after another",
                  "MacQueen 1967; Rumelhart and Zipser 1985"),
              List.of(Key.whole(PROTOTYPES, 1, 10_000)),
              Set.of(),
              values -> new Prototypes(values.whole(PROTOTYPES)),
              (shape, values) ->
                  (long) shape.units(0) * values.whole(PROTOTYPES) * shape.inputs(0)),
          new ReadoutDefinition(
              "hopfield",
              "A Hopfield memory: it stores examples, and those near to an image say its class.",
              form(
                  "the label",
                  "nothing; an image that is evaluated is compared with all that is stored",
                  "for a few examples of each class",
                  "Ramsauer et al. 2021, arXiv:2008.02217"),
              List.of(
                  Key.number(BETA, "above 0, at most 1000", v -> v > 0 && v <= 1000),
                  Key.whole(CAPACITY, 1, 1_000_000)),
              Set.of(),
              values -> new Hopfield(values.number(BETA), values.whole(CAPACITY)),
              (shape, values) -> (long) values.whole(CAPACITY) * shape.inputs(0)));

  private static RuleForm form(String told, String cost, String when, String source) {
    return new RuleForm("", told, cost, when, source);
  }

  private static long squared(long d) {
    return d * d;
  }

  @Override
  public List<RuleForm> forms() {
    return List.of(form);
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean oneByOne() {
    return true;
  }

  @Override
  public List<String> faults(KeyValues values, NetworkShape shape, double leastNoiseScale) {
    List<String> faults = new ArrayList<>();
    if (shape.depth() > 1) {
      faults.add(
          "network.layers = %s: must be two, inputs and classes, under rule.name = %s, which is for networks without hidden layers"
              .formatted(shape.layers(), name));
    } else if (numbers.of(shape, values) > Weights.MOST / 4) {
      faults.add(
          "rule.name = %s: must keep at most %d numbers in one array; with network.layers = %s and the values of its keys it keeps %d"
              .formatted(name, Weights.MOST / 4, shape.layers(), numbers.of(shape, values)));
    }
    if (uses.contains(NOISE) && !Set.of("gaussian", "rademacher").contains(values.text(NOISE))) {
      faults.add(
          "%s = %s: must be gaussian or rademacher under rule.name = %s"
              .formatted(NOISE, values.text(NOISE), name));
    }
    return faults;
  }

  @Override
  public LearningRule create(KeyValues values) {
    return rule.apply(values);
  }
}
