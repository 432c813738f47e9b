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
 * How good a rule's estimates of the gradient are at some weights, whatever the rule: each of the
 * first E = {@value #EXAMPLES} training examples is learned K = {@value #DRAWS} times, each time
 * from the same weights and state with other random numbers. The change of layer l is the estimate
 * x[e][k]; what {@link Backprop} changes is the gradient g[e] (under top-k the mean over the draws'
 * masks). Images are as they are, without input dropout or shift, no weight decays, and no
 * optimiser changes the estimates. Weights and biases count together. With m[e] the mean of x[e][k]
 * over k, for each layer:
 *
 * <pre>
 *   variance[e]        = (sum over k of |x[e][k]|^2 - K |m[e]|^2) / (K - 1)
 *   alignment_example  = mean over e and k of  x[e][k].g[e] / (|x[e][k]| |g[e]|)
 *   alignment_mean     = M.G / (|G| sqrt(|M|^2 - sum variance[e] / K)),  M = sum m[e], G = sum g[e]
 *   signal_to_noise    = sqrt(sum (|m[e]|^2 - variance[e] / K) / sum variance[e])
 *   update_ratio       = mean over e and k of  learning rate |x[e][k]| / |W|
 * </pre>
 *
 * <p>Subtracting variance / K takes out of a mean's square what the finite number of draws puts
 * into it, so that an unbiased rule's alignment_mean is about 1; it is NaN where less than a
 * quarter of the square is left. A mean square is not below 0.
 *
 * <p>In a network of several kinds of layers {@link SharedWeights} tells of the same examples
 * whether neurons that share weights agree, and what signal_to_noise should be.
 *
 * <p>The cost is {@code E K} steps of one example with their comparison: 2 to 4 per cent of an
 * epoch of 50,000 examples. Memory is six times that of the weights.
 */
final class Diagnostics {
  private static final int EXAMPLES = 32;
  private static final int DRAWS = 16;

  /** Large, that a change is not lost in the weights' rounding; a power of two. */
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

  /** The rule whose estimate is the gradient itself. */
  static LearningRule exact(TrialSettings settings) {
    return settings.shape().isMixed() ? new MixedBackprop() : new Backprop();
  }

  /**
   * Diagnoses the weights that an epoch has left.
   *
   * @param epoch from 0
   * @param first of the epoch's steps: noise and learning rate are its
   * @param weights Not modified. Folded
   * @param deadUnits by hidden layer
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
   * All that is done with one example.
   *
   * @param draw the number of its first
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
