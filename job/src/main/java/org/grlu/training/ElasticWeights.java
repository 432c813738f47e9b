package org.grlu.training;

import java.util.List;
import java.util.stream.IntStream;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.network.InputBatch;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.StepSettings;
import org.grlu.rule.Stepper;

/**
 * Elastic weight consolidation (Kirkpatrick et al., "Overcoming catastrophic forgetting in neural
 * networks", 2017). Each weight w is pulled back to w*, its value at the end of the last task. The
 * pull grows with F, which says how much the likelihoods of earlier tasks' labels depend on the
 * weight. After each task,
 *
 * <pre>
 *   F += mean over {@value #EXAMPLES} of its examples of (d log p_label / d w)^2,   w* = w
 * </pre>
 *
 * <p>The gradient is backpropagation's, whatever the learning rule. The examples are drawn by the
 * seed, without repetition, from the new examples of the task's last pass. They have no input
 * dropout and no shift. After each step of a later task, biases included,
 *
 * <pre>
 *   w -= min(lambda F  learning rate  batch size, 1/2) (w - w*)
 * </pre>
 *
 * <p>F and w* are part of the state, so checkpoints hold them.
 */
final class ElasticWeights implements Consolidation {
  /** The most examples of a task that F is estimated from. */
  static final int EXAMPLES = 1000;

  /**
   * The learning rate of the steps that measure a gradient. It is large, so that a change is not
   * lost when weights are rounded. It is a power of two, so that dividing by it is exact.
   */
  private static final double RATE = 1024;

  /** The largest share of its distance to w* that a weight moves in one step. */
  private static final float MOST = 0.5f;

  private final ExampleStream stream;
  private final TrialSettings settings;
  private final LabelledImages train;
  private final int layers;
  private final String[] importance;
  private final String[] anchor;
  private final long key;

  // for the gradient
  private final Weights copy;
  private final Stepper exact;
  private final InputBatch batch;
  private final KeyedPerturbations perturbations;

  private final EachRow pulls;
  private final EachRow squares;

  // the state's arrays by layer, and the factor that rows are changed with
  private final Floats[] f;
  private final Floats[] to;
  private float factor;

  ElasticWeights(TrialSettings settings, LabelledImages train) {
    NetworkShape shape = settings.shape();
    this.settings = settings;
    this.stream = settings.training().options().stream();
    this.train = train;
    this.layers = shape.depth();
    this.importance =
        IntStream.range(0, layers).mapToObj(l -> importance(l)).toArray(String[]::new);
    this.anchor = IntStream.range(0, layers).mapToObj(l -> anchor(l)).toArray(String[]::new);
    this.key = StreamKey.of(settings.training().seed(), StreamKey.Purpose.CONSOLIDATION);
    this.copy = new Weights(shape);
    this.exact = new Stepper(shape, Diagnostics.exact(settings), 1, copy.memory());
    this.batch = settings.inputs();
    this.perturbations = settings.perturbations(key);
    this.pulls = new EachRow(shape, this::pull);
    this.squares = new EachRow(shape, this::addSquares);
    this.f = new Floats[layers];
    this.to = new Floats[layers];
  }

  /** Returns the name of layer l's F in {@link State}, (rows of its weights x stride). */
  static String importance(int l) {
    return "ewc_importance_" + l;
  }

  /** Returns the name of layer l's w* in {@link State}, (rows of its weights x stride). */
  static String anchor(int l) {
    return "ewc_weights_" + l;
  }

  /** Returns a rule's state with the arrays F and w*, all zero. */
  static State state(State ofRule, NetworkShape shape) {
    State state = ofRule;
    for (int l = 0; l < shape.depth(); l++) {
      Layer layer = shape.layer(l);
      List<Integer> size = List.of(layer.rows(), layer.stride());
      for (String name : List.of(importance(l), anchor(l))) {
        state = state.and(name, State.Reader.UPDATE, size, Floats.of(layer.length()));
      }
    }
    return state;
  }

  private void find(State state) {
    for (int l = 0; l < layers; l++) {
      f[l] = state.array(importance[l]);
      to[l] = state.array(anchor[l]);
    }
  }

  @Override
  public void after(int epoch, StepSettings step, Weights weights) {
    if (stream.task(epoch) == 0) {
      return;
    }
    find(weights.state());
    factor = (float) (stream.ewc() * step.learningRate() * settings.training().batchSize());
    pulls.of(weights);
  }

  private void pull(int l, Floats w, int at, int n) {
    float[] x = w.array();
    float[] by = f[l].array();
    float[] target = to[l].array();
    int ofX = w.at() + at;
    int ofF = f[l].at() + at;
    int ofTarget = to[l].at() + at;
    for (int i = 0; i < n; i++) {
      float share = Math.min(factor * by[ofF + i], MOST);
      x[ofX + i] -= share * (x[ofX + i] - target[ofTarget + i]);
    }
  }

  @Override
  public void end(int epoch, Presentation order, Weights weights) {
    if (stream.task(epoch + 1) == stream.task(epoch)) {
      return;
    }
    find(weights.state());
    for (int l = 0; l < layers; l++) {
      to[l].copy(weights.layer(l), 0, 0, to[l].length());
    }
    int[] chosen = chosen(epoch, order);
    factor = 1f / chosen.length;
    StepSettings step = new StepSettings(0, RATE, 0);
    for (int i = 0; i < chosen.length; i++) {
      copy.copy(weights);
      batch.load(train, chosen, i, 1);
      long draw = (long) epoch * EXAMPLES + i;
      settings.seek(perturbations, new StepSettings(draw, RATE, 0));
      exact.step(step, perturbations, batch, copy);
      squares.of(copy);
    }
  }

  /** Returns the numbers of up to {@value #EXAMPLES} new examples, drawn from an epoch's. */
  private int[] chosen(int epoch, Presentation order) {
    int apart = stream.replay() > 0 ? 2 : 1;
    int presented = order.steps(epoch) * settings.training().batchSize();
    int fresh = (presented + apart - 1) / apart;
    int[] all = Permutation.of(StreamKey.child(key, epoch), fresh);
    return IntStream.range(0, Math.min(EXAMPLES, fresh))
        .map(i -> order.numbers()[all[i] * apart])
        .toArray();
  }

  /**
   * Adds the squares of the gradient to F. The gradient is the change that a step has made to w*,
   * divided by the step's learning rate.
   */
  private void addSquares(int l, Floats w, int at, int n) {
    float[] x = w.array();
    float[] sum = f[l].array();
    float[] before = to[l].array();
    int ofX = w.at() + at;
    int ofF = f[l].at() + at;
    int ofBefore = to[l].at() + at;
    float inverse = (float) (1 / RATE);
    for (int i = 0; i < n; i++) {
      float g = inverse * (x[ofX + i] - before[ofBefore + i]);
      sum[ofF + i] += factor * (g * g);
    }
  }
}
