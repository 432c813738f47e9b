package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.math.TopK;
import org.grlu.network.Activation;
import org.grlu.network.Dense;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/**
 * Runs both members' passes of a block of antithetic pairs of one example, and computes once what
 * the members share. Each pair has a lane. All that differs between pairs is (units x lanes).
 * Vectors then need no padding in narrow layers, and sums over units need no sums within a vector.
 *
 * <p>The noise is added after a layer's activation, so all pairs share the first layer's product.
 * The outputs of a pair are {@code s + h} and {@code s - h}. The next layer therefore needs {@code
 * W s} and {@code W h}. If s does not depend on the perturbation, as after a first ReLU layer, W s
 * is computed once. Layer norm is applied after the product, {@code z = scale (W x - mean (W 1)) +
 * b}. Its mean and scale follow from the sums of s, h, s^2, s h and h^2.
 */
final class PairsPass {
  private final Kernels kernels = Kernels.best();
  private final Grlu rule;
  private final boolean gated;

  /**
   * Whether all pairs share the first layer's mask and the Gumbel draws of a pass without noise.
   */
  private final boolean compares;

  private final NetworkShape shape;
  private final int depth;
  private final int last;

  /** The number of lanes of a full block, for which buffers are allocated. */
  private final int capacity;

  /** The input of each layer, by layer. */
  final PairSource[] sources;

  /**
   * The pass through each layer. After {@link #run}, the noise in it is multiplied by the mean
   * gate.
   */
  final DensePairs[] layers;

  private final TopK[] topK;

  /** The orthogonal noise of each layer; null for other kinds of noise. */
  final OrthogonalNoise[] orthogonal;

  /** The shaped noise; null for other kinds of noise. */
  final ShapedNoise shaped;

  /** The random signs of {@link #shaped}, one bit for each class. */
  private final long[] signs;

  /** Whether the first layer's orthogonal noise is needed in lanes, beside its sums. */
  private final boolean firstInLanes;

  /**
   * The product of the layer that all pairs share, by example of a block, (widest stride) each. All
   * leaves of the block read these products.
   */
  private final Floats[] products;

  /**
   * The first example of the block whose {@link #products} are complete; {@link #NONE} at the start
   * of a step.
   */
  private int productsFrom = NONE;

  private static final int NONE = -1;

  /** A mask, (units x lanes). The buffers below have this shape unless they say otherwise. */
  private final Floats maskPlus;

  private final Floats maskMinus;
  private final Floats scores;
  private final Floats draws;
  private final Floats plus;
  private final Floats minus;

  private final Floats rewardPlus;
  private final Floats rewardMinus;

  /** Half the reward difference of each pair, by lane; zero in lanes without a perturbation. */
  final Floats difference;

  /**
   * The difference of the members' logits, x(+) - x(-), (units x lanes); null unless the output
   * signal is measured.
   */
  final Floats change;

  /**
   * Allocates scratch memory for one thread.
   *
   * @param rule the rule, which says which layers have noise and of which kind
   */
  PairsPass(Grlu rule, NetworkShape shape, LeafGrid grid, Arena memory) {
    this.rule = rule;
    this.gated = rule.gate() == Gate.ACTIVE;
    this.compares = rule.compares();
    this.shape = shape;
    this.capacity = Kernels.padded(grid.blockPerturbations());
    this.depth = shape.depth();
    this.last = depth - 1;
    this.topK = new TopK[depth];
    int widest = Kernels.LANES;
    sources = new PairSource[depth];
    boolean relu = shape.activation() == Activation.RELU;
    for (int l = 0; l < depth; l++) {
      widest = Math.max(widest, shape.stride(l));
      topK[l] = new TopK(kernels, capacity, memory);
    }
    int block = capacity * widest;
    draws = memory.of(block);
    DensePairs.Scratch scratch =
        new DensePairs.Scratch(memory.of(block), memory.of(block), memory.of(widest), draws);
    orthogonal = orthogonal(rule, shape);
    shaped =
        rule.noise() == NoiseKind.SHAPED
            ? new ShapedNoise(shape, rule.perturbations(), memory)
            : null;
    signs = new long[OrthogonalNoise.words(widest)];
    firstInLanes = orthogonal == null || firstInLanes(rule, shape);
    layers = new DensePairs[depth];
    for (int l = 0; l < depth; l++) {
      boolean transforms = l == 1 && orthogonal != null;
      OrthogonalProduct product =
          transforms
              ? new OrthogonalProduct(orthogonal[0], rule.perturbations(), shape.units(1), memory)
              : null;
      layers[l] =
          new DensePairs(
              (Dense) shape.layer(l), shape, sources, scratch, capacity, product, memory);
    }
    for (int i = 1; i < depth; i++) {
      Floats h = i == 1 ? layers[0].noise : memory.of(capacity * shape.layers().get(i));
      sources[i] =
          new PairSource(shape.layers().get(i), capacity, i == 1 && (relu || compares), h, memory);
    }
    if (shape.skip() == Skip.DENSE) {
      sources[0] = new PairSource(shape.inputs(0), capacity, true, null, memory);
    }
    products = new Floats[grid.blockExamples()];
    for (int i = 0; i < products.length; i++) {
      products[i] = memory.of(widest);
    }
    maskPlus = memory.of(block);
    maskMinus = memory.of(block);
    scores = memory.of(block);
    plus = memory.of(block);
    minus = memory.of(block);
    rewardPlus = memory.of(capacity);
    rewardMinus = memory.of(capacity);
    difference = memory.of(capacity);
    change = rule.outputSignal() == OutputSignal.MEASURED ? memory.of(block) : null;
  }

  private static OrthogonalNoise[] orthogonal(Grlu rule, NetworkShape shape) {
    if (rule.noise() != NoiseKind.ORTHOGONAL) {
      return null;
    }
    OrthogonalNoise[] noise = new OrthogonalNoise[shape.depth()];
    for (int l = 0; l < noise.length; l++) {
      noise[l] = new OrthogonalNoise(l, shape.units(l), rule.perturbations());
    }
    return noise;
  }

  /**
   * Returns whether a layer uses the first layer's noise in another way than in the second layer's
   * product.
   */
  private static boolean firstInLanes(Grlu rule, NetworkShape shape) {
    return shape.depth() == 1
        || rule.form(shape, 1) == UpdateForm.MATRIX
        || shape.residual(1)
        || (shape.skip() == Skip.DENSE && shape.depth() > 2);
  }

  /** Reads what passes need of the weights, after each change of the weights. */
  void prepare(Weights weights) {
    productsFrom = NONE;
    for (int l = 0; l < depth; l++) {
      layers[l].prepare(weights.layer(l));
    }
  }

  /**
   * Runs both members' passes of an example's pairs, and fills {@link #difference}.
   *
   * @param example the position of the example in the step
   * @param clean the pass without noise over the leaf's examples; null if the rule needs none
   * @return the sum of the rewards of all passes
   */
  double run(Leaf leaf, int example, ForwardPass clean) {
    Weights weights = leaf.weights();
    InputBatch batch = leaf.batch();
    int fromExample = leaf.fromExample();
    int row = example - fromExample;
    int lanes = Kernels.padded(leaf.pairs());
    for (int l = 0; l < depth; l++) {
      if (rule.perturbs(shape, l)) {
        draw(leaf, example, l, clean, lanes);
      }
    }
    int inBatch = leaf.inBatch(example);
    if (sources[0] != null) {
      Floats s = sources[0].s;
      s.copy(batch.raw(), inBatch * s.length(), 0, s.length());
      sources[0].measure(kernels, lanes);
    }
    for (int l = 0; l < depth; l++) {
      if (!layers[l].sharesProduct()) {
        layers[l].linear(weights.layer(l), leaf.pairs(), lanes, plus, minus);
        if (l < last) {
          activate(leaf, example, l, lanes);
        }
      } else if (clean != null) {
        share(clean, row, l, lanes);
      } else {
        if (productsFrom != fromExample) {
          batch.firstLayer(kernels, weights, inBatch, products[row], 0);
        }
        activateShared(leaf, example, l, lanes, products[row]);
      }
    }
    if (example == leaf.toExample() - 1) {
      productsFrom = fromExample;
    }
    return rewards(batch.label(inBatch), leaf.pairs(), lanes);
  }

  private void draw(Leaf leaf, int example, int l, ForwardPass clean, int lanes) {
    Floats noise = layers[l].noise;
    if (shaped != null) {
      int at = (example - leaf.fromExample()) * shape.stride(l);
      leaf.perturbations().signs(example, l, signs);
      float sigma = leaf.perturbations().deviation(l);
      shaped.fill(signs[0], sigma, clean.mask(l), at, leaf.weights().layer(last), noise);
      return;
    }
    if (orthogonal == null) {
      leaf.perturbations().noise(example, leaf.fromPerturbation(), leaf.pairs(), l, lanes, noise);
      if (l == last) {
        int inBatch = leaf.inBatch(example);
        rule.scope().limit(noise, shape.units(l), lanes, leaf.batch(), inBatch);
      }
      return;
    }
    Floats mask = gated && shape.hidden(l) ? clean.mask(l) : null;
    int row = example - leaf.fromExample();
    orthogonal[l].draw(leaf.perturbations(), example, mask, row * shape.stride(l));
    if (l > 0 || firstInLanes) {
      orthogonal[l].fill(lanes, noise);
    }
  }

  /** Copies layer l's values from the pass without noise, and multiplies its noise by its mask. */
  private void share(ForwardPass clean, int row, int l, int lanes) {
    int stride = shape.stride(l);
    Floats noise = layers[l].noise;
    if (l == last) {
      scores.copy(clean.logits(), row * stride, 0, stride);
      perturb(scores, noise, shape.units(l), lanes);
      return;
    }
    PairSource next = sources[l + 1];
    next.s.copy(clean.source(l + 1), row * stride, 0, stride);
    if (orthogonal != null) {
      next.measureMean(kernels, lanes);
      return;
    }
    if (gated) {
      maskPlus.copy(clean.mask(l), row * stride, 0, stride);
      kernels.scaleRows(noise, maskPlus, noise, shape.units(l), lanes);
    }
    next.measure(kernels, lanes);
  }

  /**
   * Computes layer l's activation, or the logits, from its product, which all pairs share.
   * Multiplies its noise by the gate.
   */
  private void activateShared(Leaf leaf, int example, int l, int lanes, Floats product) {
    int units = shape.units(l);
    Floats noise = layers[l].noise;
    if (l == last) {
      perturb(product, noise, units, lanes);
      return;
    }
    Floats s = sources[l + 1].s;
    if (shape.activation() == Activation.RELU) {
      kernels.positive(product, maskPlus, shape.stride(l));
      kernels.multiply(product, maskPlus, s, shape.stride(l));
      if (gated) {
        kernels.scaleRows(noise, maskPlus, noise, units, lanes);
      }
    } else {
      leaf.perturbations()
          .gumbels(example, leaf.fromPerturbation(), leaf.pairs(), l, lanes, scores);
      kernels.addToRows(product, scores, units, lanes);
      topK[l].mask(scores, units, lanes, shape.kept(l), maskPlus);
      kernels.scaleRows(maskPlus, product, s, units, lanes);
      if (gated) {
        kernels.multiply(noise, maskPlus, noise, units * lanes);
      }
    }
    sources[l + 1].measure(kernels, lanes);
  }

  /**
   * Computes hidden layer l's activation, noise and skip connection. Fills source l + 1, and
   * multiplies the noise by the mean gate.
   */
  private void activate(Leaf leaf, int example, int l, int lanes) {
    int n = shape.units(l) * lanes;
    if (shape.activation() == Activation.RELU) {
      kernels.positive(plus, maskPlus, n);
      kernels.positive(minus, maskMinus, n);
    } else {
      drawGumbels(leaf, example, l, lanes);
      rank(plus, l, lanes, maskPlus);
      rank(minus, l, lanes, maskMinus);
    }
    PairSource next = sources[l + 1];
    Floats noise = layers[l].noise;
    kernels.activatePair(plus, maskPlus, minus, maskMinus, gated, noise, n, next.s, next.h);
    if (shape.residual(l)) {
      PairSource x = sources[l];
      if (x.shared) {
        kernels.addToRows(x.s, next.s, shape.units(l), lanes);
      } else {
        kernels.add(x.s, next.s, n);
      }
      kernels.add(x.h, next.h, n);
    }
    next.measure(kernels, lanes);
  }

  private void drawGumbels(Leaf leaf, int example, int l, int lanes) {
    if (!compares) {
      leaf.perturbations().gumbels(example, leaf.fromPerturbation(), leaf.pairs(), l, lanes, draws);
      return;
    }
    leaf.perturbations().gumbel(example, l, scores, 0);
    kernels.clear(draws, shape.units(l) * lanes);
    kernels.addToRows(scores, draws, shape.units(l), lanes);
  }

  /** Computes the top-k mask of z, which ranks z plus {@link #draws}. */
  private void rank(Floats z, int l, int lanes, Floats mask) {
    int n = shape.units(l) * lanes;
    scores.copy(z, 0, 0, n);
    kernels.add(draws, scores, n);
    topK[l].mask(scores, shape.units(l), lanes, shape.kept(l), mask);
  }

  /** Computes the perturbed logits from the logits that all pairs share. */
  private void perturb(Floats z, Floats noise, int units, int lanes) {
    plus.copy(noise, 0, 0, units * lanes);
    kernels.addToRows(z, plus, units, lanes);
    kernels.clear(minus, units * lanes);
    kernels.addScaled(-1f, noise, 0, minus, 0, units * lanes);
    kernels.addToRows(z, minus, units, lanes);
  }

  /** Fills {@link #difference} from the perturbed logits. Returns the sum of all rewards. */
  private double rewards(int label, int rows, int lanes) {
    int units = shape.units(last);
    if (change != null) {
      change.copy(plus, 0, 0, units * lanes);
      kernels.addScaled(-1f, minus, 0, change, 0, units * lanes);
    }
    kernels.labelProbability(plus, units, lanes, label, rewardPlus);
    kernels.labelProbability(minus, units, lanes, label, rewardMinus);
    kernels.log(rewardPlus, Rewards.FLOOR, rewardPlus, lanes);
    kernels.log(rewardMinus, Rewards.FLOOR, rewardMinus, lanes);
    double total = 0;
    for (int r = 0; r < rows; r++) {
      difference.set(r, (rewardPlus.get(r) - rewardMinus.get(r)) * 0.5f);
      total += (double) rewardPlus.get(r) + rewardMinus.get(r);
    }
    difference.fill(rows, lanes, 0f);
    return total;
  }
}
