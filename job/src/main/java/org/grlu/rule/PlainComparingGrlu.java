package org.grlu.rule;

import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;

/**
 * Computes the forms of {@link Grlu} that compare pairs with a pass without noise directly from
 * their formulas, in double precision, one example and one pair at a time. {@link ComparingWorker}
 * computes the same faster. Tests compare it with this class.
 */
final class PlainComparingGrlu {
  private static final double LEAST_POWER = 1e-9;
  private static final double LEAST_OUTPUT = 1e-6;

  private final Grlu rule;
  private final PlainNetwork network;
  private final NetworkShape shape;
  private final double sigma;

  /** The source of noise that depends on which neurons are perturbed. */
  @FunctionalInterface
  interface MaskedDraws {
    /**
     * Returns one layer's scaled noise, by neuron.
     *
     * @param mask 1 for the neurons that are perturbed; the noise on other neurons is ignored
     * @return the noise by neuron; for shaped noise instead the sign of each class, the same for
     *     all pairs
     */
    double[] of(int example, int pair, int layer, double[] mask);
  }

  /**
   * Creates a form of the rule for a network.
   *
   * @param network Not modified, here or in {@link #step}
   * @param sigma the noise scale
   */
  PlainComparingGrlu(Grlu rule, PlainNetwork network, double sigma) {
    this.rule = rule;
    this.network = network;
    this.shape = network.shape;
    this.sigma = sigma;
  }

  /**
   * Computes one step. The parameters are those of {@link PlainGrlu#step}.
   *
   * @param gumbels for top-k: the draws of perturbation 0, which all passes of an example share
   */
  PlainChange step(
      double[][] x,
      int[] labels,
      double learningRate,
      MaskedDraws noise,
      PlainNetwork.Draws gumbels) {
    PlainChange change = PlainChange.none(network);
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainNetwork.Pass clean = PlainBackprop.clean(network, x[e], e, gumbels);
      double[][] draws = new double[shape.depth()][];
      for (int l = 0; l < shape.depth() - 1; l++) {
        draws[l] = gumbels.of(e, 0, l);
      }
      Sums sums = new Sums(shape);
      for (int p = 0; p < rule.perturbations(); p++) {
        double[][] n = new double[shape.depth()][];
        for (int l = 0; l < shape.depth(); l++) {
          n[l] = noise(noise, e, p, l, clean);
        }
        PlainNetwork.Pass plus = network.pass(x[e], n, +1, rule.gate(), draws);
        PlainNetwork.Pass minus = network.pass(x[e], n, -1, rule.gate(), draws);
        double difference = (plus.reward(labels[e]) - minus.reward(labels[e])) / 2;
        rewards += plus.reward(labels[e]) + minus.reward(labels[e]);
        sums.add(plus, minus, difference, sigma * rule.hiddenNoise());
        double scale = learningRate * (shaped() ? ofDirections(clean) : 1);
        injected(change, scale, n, plus, minus, difference);
      }
      compared(change, learningRate, labels[e], clean, sums);
    }
    return change.withReward(rewards / (2.0 * x.length * rule.perturbations()));
  }

  private double[] noise(MaskedDraws draws, int e, int p, int l, PlainNetwork.Pass clean) {
    if (!rule.perturbs(shape, l)) {
      return new double[shape.units(l)];
    }
    boolean gated = rule.gate() == Gate.ACTIVE && shape.hidden(l);
    double[] mask = gated ? clean.passed()[l] : PlainNetwork.ones(shape.units(l));
    double[] noise = draws.of(e, p, l, mask).clone();
    if (shaped()) {
      return shaped(p, l, mask, noise);
    }
    for (int j = 0; j < noise.length; j++) {
      noise[j] *= rule.noise() == NoiseKind.ORTHOGONAL ? mask[j] : 1;
    }
    return noise;
  }

  private boolean shaped() {
    return rule.noise() == NoiseKind.SHAPED;
  }

  /** Returns classes / n, or 0 if no neuron is perturbed. */
  private double ofDirections(PlainNetwork.Pass clean) {
    int last = shape.depth() - 1;
    double[] mask = clean.passed()[last - 1];
    double active = PlainNetwork.mean(mask) * mask.length;
    return active == 0 ? 0 : shape.units(last) / active;
  }

  /** Returns the noise by the formula of {@link ShapedNoise}. */
  private double[] shaped(int p, int l, double[] mask, double[] signs) {
    double[] noise = new double[mask.length];
    double active = 0;
    double squares = 0;
    int from = shape.inputs(l + 1) - mask.length;
    for (int j = 0; j < mask.length; j++) {
      for (int k = 0; k < signs.length; k++) {
        double row = Integer.bitCount(p & k) % 2 == 0 ? 1 : -1;
        noise[j] += mask[j] * network.weights[l + 1][k][from + j] * signs[k] * row;
      }
      active += mask[j];
      squares += noise[j] * noise[j];
    }
    for (int j = 0; j < mask.length && squares > 0; j++) {
      noise[j] *= sigma * rule.hiddenNoise() * Math.sqrt(active / squares);
    }
    return noise;
  }

  /** Adds the updates of layers whose eligibility is their own noise, as published. */
  private void injected(
      PlainChange change,
      double learningRate,
      double[][] noise,
      PlainNetwork.Pass plus,
      PlainNetwork.Pass minus,
      double difference) {
    for (int l = 0; l < shape.depth(); l++) {
      boolean ofNoise =
          shape.hidden(l)
              ? rule.eligibility() == Eligibility.INJECTED
              : rule.outputSignal() == OutputSignal.NOISE;
      for (int j = 0; ofNoise && j < shape.units(l); j++) {
        double gate = (plus.gate()[l][j] + minus.gate()[l][j]) / 2;
        double scale = rule.scale(shape, l, learningRate, sigma, 1);
        double[] input = PlainGrlu.mean(plus.input()[l], minus.input()[l]);
        change.add(l, j, scale * noise[l][j] * gate * difference, input);
      }
    }
  }

  /**
   * Adds the updates of the other layers, each a vector times the layer's input in the pass without
   * noise.
   */
  private void compared(
      PlainChange change, double learningRate, int label, PlainNetwork.Pass clean, Sums sums) {
    int last = shape.depth() - 1;
    for (int l = 0; l < last && rule.eligibility() == Eligibility.MEASURED; l++) {
      double[] mask = clean.passed()[l];
      double count = l == 0 ? PlainNetwork.mean(mask) * mask.length : mask.length;
      for (int j = 0; j < mask.length; j++) {
        double e = mask[j] * count * sums.moved[l][j] / (sums.power[l] + LEAST_POWER);
        change.add(l, j, learningRate * e, clean.input()[l]);
      }
    }
    if (rule.outputSignal() == OutputSignal.NOISE) {
      return;
    }
    double[] softmax = PlainNetwork.softmax(clean.logits());
    int classes = softmax.length;
    for (int j = 0; j < classes; j++) {
      double o =
          rule.outputSignal() == OutputSignal.ERROR
              ? (j == label ? 1 : 0) - softmax[j]
              : classes * sums.output[j] / rule.perturbations();
      change.add(last, j, learningRate * rule.outputRate() * o, clean.input()[last]);
    }
  }

  /** Sums over an example's pairs. */
  private static final class Sums {
    /** The sum of d D, by layer and neuron. */
    final double[][] moved;

    /** The sum of |D|^2, by layer. */
    final double[] power;

    /** The sum of d O / (|O|^2 + 1e-6 sigma^2), by class. */
    final double[] output;

    Sums(NetworkShape shape) {
      moved = new double[shape.depth()][];
      power = new double[shape.depth()];
      for (int l = 0; l < moved.length; l++) {
        moved[l] = new double[shape.units(l)];
      }
      output = new double[shape.units(shape.depth() - 1)];
    }

    void add(PlainNetwork.Pass plus, PlainNetwork.Pass minus, double difference, double sigma) {
      double squares = 0;
      for (int l = 0; l < moved.length; l++) {
        squares = 0;
        for (int j = 0; j < moved[l].length; j++) {
          double change = (plus.output()[l][j] - minus.output()[l][j]) / 2;
          moved[l][j] += difference * change;
          squares += change * change;
        }
        power[l] += squares;
      }
      for (int j = 0; j < output.length; j++) {
        double change = (plus.logits()[j] - minus.logits()[j]) / 2;
        output[j] += difference * change / (squares + LEAST_OUTPUT * sigma * sigma);
      }
    }
  }
}
