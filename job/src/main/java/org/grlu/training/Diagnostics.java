package org.grlu.training;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Activation;
import org.grlu.network.InputBatch;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;
import org.grlu.rule.Backprop;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LearningRule;
import org.grlu.rule.MixedBackprop;
import org.grlu.rule.NoisyRule;
import org.grlu.rule.SharedWeights;
import org.grlu.rule.StepSettings;
import org.grlu.rule.Stepper;

/**
 * Measures how well a rule estimates the gradient at given weights, for any rule. Each of the first
 * E = {@value #EXAMPLES} training examples is learned K = {@value #DRAWS} times. Each time starts
 * from the same weights and state, with other random numbers. The change of layer l is the estimate
 * x[e][k]. The change that {@link Backprop} makes is the gradient g[e]; under top-k it is the mean
 * over the masks of the K draws. Examples have no input dropout and no shift. No weight decays, and
 * no optimiser changes the estimates. Weights and biases of a layer count together, as one vector.
 * With m[e] the mean of x[e][k] over k, each layer has:
 *
 * <pre>
 *   variance[e]        = (sum over k of |x[e][k]|^2 - K |m[e]|^2) / (K - 1)
 *   alignment_example  = mean over e and k of  x[e][k].g[e] / (|x[e][k]| |g[e]|)
 *   alignment_mean     = M.G / (|G| sqrt(|M|^2 - sum variance[e] / K)),  M = sum m[e], G = sum g[e]
 *   signal_to_noise    = sqrt(sum (|m[e]|^2 - variance[e] / K) / sum variance[e])
 *   update_ratio       = mean over e and k of  learning rate |x[e][k]| / |W|
 * </pre>
 *
 * <p>A finite number of draws adds variance / K to the square of a mean. The formulas subtract it,
 * so that alignment_mean of an unbiased rule is about 1. alignment_mean is NaN where less than a
 * quarter of the square is left. A square that would be below 0 counts as 0.
 *
 * <p>In a network of several kinds of layers, {@link SharedWeights} computes from the same examples
 * whether neurons that share weights agree, and which signal_to_noise follows.
 *
 * <p>The cost is {@code E K} steps of one example, with their comparison: 2 to 4 per cent of an
 * epoch of 50,000 examples. The memory is six times that of the weights.
 */
final class Diagnostics {
  private static final int EXAMPLES = 32;
  private static final int DRAWS = 16;

  /**
   * The learning rate of the measured steps. It is large, so that a change is not lost when weights
   * are rounded. It is a power of two, so that dividing by it is exact.
   */
  private static final double RATE = 1024;

  private final TrialSettings settings;
  private final LabelledImages images;
  private final int examples;
  private final int gradients;
  private final int[] order;
  private final Weights copy;
  private final Stepper rule;
  private final Stepper exact;
  private final InputBatch batch;
  private final KeyedPerturbations perturbations;
  private final List<LayerEstimates> layers;

  /** Null in a network of dense layers alone, where no weight is shared. */
  private final SharedWeights shared;

  /**
   * Allocates memory for one trial.
   *
   * @param images the training set
   */
  Diagnostics(TrialSettings settings, LabelledImages images) {
    this.settings = settings;
    this.images = images;
    this.examples = Math.min(EXAMPLES, images.size());
    this.gradients = settings.shape().activation() == Activation.RELU ? 1 : DRAWS;
    this.order = IntStream.range(0, examples).toArray();
    State state = settings.rule().state(settings.shape(), settings.training().seed());
    this.copy = new Weights(settings.shape()).with(state);
    LearningRule estimator = settings.rule().estimator();
    this.rule = new Stepper(settings.shape(), estimator, 1, copy.memory());
    this.exact = new Stepper(settings.shape(), exact(settings), 1, copy.memory());
    this.batch = settings.inputs();
    long seed = StreamKey.of(settings.training().seed(), StreamKey.Purpose.DIAGNOSTICS);
    this.perturbations = settings.perturbations(seed);
    this.layers =
        IntStream.range(0, settings.shape().depth())
            .mapToObj(l -> new LayerEstimates(settings.shape().layer(l), copy.memory()))
            .toList();
    this.shared =
        settings.shape().isMixed()
            ? new SharedWeights(settings.shape(), estimator, copy.memory())
            : null;
  }

  /** Returns the rule whose estimate is the exact gradient. */
  static LearningRule exact(TrialSettings settings) {
    return settings.shape().isMixed() ? new MixedBackprop() : new Backprop();
  }

  /**
   * Diagnoses the weights at the end of an epoch.
   *
   * @param epoch the epoch, from 0
   * @param first the epoch's first step, whose noise scale and learning rate are used
   * @param weights Not modified. Folded
   * @param deadUnits the share of dead neurons of each hidden layer, which is passed on
   * @return the diagnosis, without its CPU time; without estimates where the rule needs noise and
   *     the noise scale is 0, or where a pass was not finite
   */
  Diagnosis of(int epoch, StepSettings first, Weights weights, List<Double> deadUnits) {
    StepSettings step = new StepSettings(first.number(), RATE, first.noiseScale());
    layers.forEach(LayerEstimates::begin);
    if (shared != null) {
      shared.begin();
    }
    boolean known =
        settings.rule().estimator() instanceof NoisyRule ? first.noiseScale() > 0 : true;
    for (int e = 0; known && e < examples; e++) {
      known = example(e, (long) epoch * EXAMPLES * DRAWS + (long) e * DRAWS, step, weights);
    }
    if (!known) {
      return Diagnosis.none(layers.size(), deadUnits);
    }
    int estimates = examples * DRAWS;
    double rate = first.learningRate() / RATE;
    List<Double> ratios =
        IntStream.range(0, layers.size())
            .mapToObj(
                l -> rate * layers.get(l).norm(estimates) / layers.get(l).norm(weights.layer(l)))
            .toList();
    return new Diagnosis(
        each(LayerEstimates::alignmentOfExample),
        each(layer -> layer.alignmentOfMean(DRAWS)),
        each(LayerEstimates::signalToNoise),
        ratios,
        deadUnits,
        ofShared(l -> shared.conflictRatio(l)),
        ofShared(l -> shared.expectedSignalToNoise(l)),
        Double.NaN);
  }

  private List<Double> ofShared(IntToDoubleFunction value) {
    return IntStream.range(0, layers.size())
        .mapToDouble(l -> shared == null ? Double.NaN : value.applyAsDouble(l))
        .boxed()
        .toList();
  }

  private List<Double> each(ToDoubleFunction<LayerEstimates> value) {
    return layers.stream().mapToDouble(value).boxed().toList();
  }

  /**
   * Adds the gradient and all estimates of one example.
   *
   * @param draw the number of the example's first draw of random numbers
   * @return whether every pass was finite
   */
  private boolean example(int e, long draw, StepSettings step, Weights weights) {
    batch.load(images, order, e, 1);
    copy.copy(weights);
    layers.forEach(layer -> layer.example(batch));
    if (shared != null) {
      shared.add(weights, batch);
    }
    if (e == 0) {
      step(rule, step, draw);
      for (int l = 0; l < layers.size(); l++) {
        if (layers.get(l).changesOthers(copy.layer(l), weights.layer(l))) {
          layers.get(l).keepEveryRow();
          layers.get(l).example(batch);
        }
      }
      copy.copy(weights);
    }
    boolean finite = true;
    for (int k = 0; k < gradients; k++) {
      finite &= step(exact, step, draw + k);
      for (int l = 0; l < layers.size(); l++) {
        layers.get(l).addGradient(copy.layer(l), weights.layer(l));
      }
    }
    layers.forEach(LayerEstimates::gradientIsWhole);
    for (int k = 0; k < DRAWS; k++) {
      copy.state().copy(weights.state());
      finite &= step(rule, step, draw + k);
      for (int l = 0; l < layers.size(); l++) {
        layers.get(l).addEstimate(copy.layer(l), weights.layer(l));
      }
    }
    layers.forEach(layer -> layer.estimatesAreWhole(DRAWS));
    return finite;
  }

  private boolean step(Stepper stepper, StepSettings step, long draw) {
    settings.seek(perturbations, new StepSettings(draw, RATE, step.noiseScale()));
    return !Double.isNaN(stepper.step(step, perturbations, batch, copy));
  }
}
