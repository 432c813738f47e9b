package org.grlu.rule;

import java.util.stream.IntStream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/**
 * {@link Grlu} in a network with several kinds of layers. The formulas are the same. They are
 * summed over the neurons s that share weights, which are at the positions of a convolution or the
 * time steps of a recurrent layer:
 *
 * <pre>
 *   dW = learning rate / P  sum over examples, pairs and s of  (noise[s] gate[s] d) outer u[s]
 * </pre>
 *
 * where gate and u are those of a pass without noise. Dense networks use the means over the pair
 * instead. In a recurrent layer, the noise is added before the activation and has no gate. Layers
 * that do not learn are not perturbed.
 *
 * @param rule the settings, with injected eligibility and Gaussian or Rademacher noise
 */
public record MixedGrlu(Grlu rule) implements NoisyRule {
  @Override
  public NoiseKind noise() {
    return rule.noise();
  }

  @Override
  public double hiddenNoise() {
    return rule.hiddenNoise();
  }

  @Override
  public double outputNoise() {
    return rule.outputNoise();
  }

  @Override
  public int perturbations() {
    return rule.perturbations();
  }

  /** Returns the number of the pairs' passes and one more, which is without noise. */
  @Override
  public int passesPerExample() {
    return 2 * rule.perturbations() + 1;
  }

  @Override
  public int rewardsPerExample() {
    return 2 * rule.perturbations();
  }

  @Override
  public boolean pairsTogether() {
    return rule.outputSignal() != OutputSignal.NOISE;
  }

  /** Returns whether layer {@code l} is perturbed. */
  boolean perturbs(NetworkShape shape, int l) {
    return rule.perturbs(shape, l) && MixedLearning.perturbs(shape, l);
  }

  private boolean learns(NetworkShape shape, int l) {
    return perturbs(shape, l) || (!shape.hidden(l) && rule.outputSignal() != OutputSignal.NOISE);
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    double factor = perturbs(shape, l) && rule.normaliseNoise() ? shape.layer(l).noise() : 1;
    return rule.scale(shape, l, learningRate, noiseScale, batch) / (factor * factor);
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return learns(shape, l) ? MixedLearning.form(shape, l) : UpdateForm.NONE;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new MixedWorker(shape, grid, memory);
  }

  /** Computes a leaf: its examples, each with its block of pairs. */
  private final class MixedWorker implements Worker {
    private final Kernels kernels = Kernels.best();
    private final NetworkShape shape;
    private final int last;
    private final int lowest;
    private final MixedLearning learning;
    private final MixedPairs pairs;
    private final Floats change;

    MixedWorker(NetworkShape shape, LeafGrid grid, Arena memory) {
      this.shape = shape;
      last = shape.depth() - 1;
      lowest = IntStream.range(0, last).filter(l -> perturbs(shape, l)).findFirst().orElse(last);
      learning = new MixedLearning(shape, grid.blockExamples(), memory);
      boolean gated = rule.gate() == Gate.ACTIVE;
      int most = Math.min(MixedPairs.MOST, grid.blockPerturbations());
      pairs = new MixedPairs(shape, learning.clean, gated, l -> perturbs(shape, l), most, memory);
      change = memory.of(shape.stride(last));
    }

    @Override
    public void prepare(Weights weights) {}

    @Override
    public void leaf(Leaf leaf, LeafSums sums) {
      sums.clear(kernels);
      learning.run(leaf);
      for (int r = 0; r < leaf.examples(); r++) {
        double reward = example(leaf, r);
        sums.addReward(r, reward);
        if (!Double.isFinite(reward)) {
          // a step with such a reward changes nothing
          return;
        }
        for (int l = 0; l <= last; l++) {
          if (learns(shape, l)) {
            int at = r * shape.stride(l);
            learning.clean.layer(l).accumulate(r, learning.signal[l], at, sums.matrix(l));
          }
        }
      }
    }

    /** Fills the signals of a row, and returns the sum of its rewards. */
    private double example(Leaf leaf, int row) {
      boolean told = rule.outputSignal() == OutputSignal.ERROR;
      for (int l = 0; l <= last; l++) {
        int at = row * shape.stride(l);
        learning.signal[l].fill(at, at + shape.stride(l), 0f);
      }
      if (told) {
        learning.error(leaf, row);
      }
      double reward = 0;
      for (int from = leaf.fromPerturbation(); from < leaf.toPerturbation(); ) {
        int to = Math.min(leaf.toPerturbation(), from + MixedPairs.MOST);
        reward += pairs.run(leaf, leaf.fromExample() + row, row, from, to);
        for (int l = 0; l <= last; l++) {
          int span = shape.stride(l);
          if (pairs.noise[l] != null) {
            kernels.rowTimes(
                pairs.difference,
                0,
                1,
                to - from,
                pairs.noise[l],
                0,
                span,
                learning.signal[l],
                row * span);
          }
        }
        if (rule.outputSignal() == OutputSignal.MEASURED) {
          measured(leaf, to - from, learning.signal[last], row * shape.stride(last));
        }
        from = to;
      }
      return reward;
    }

    /**
     * Adds {@code classes / P sum over pairs of d O / (|O|^2 + 1e-6 sigma^2)} to the output's
     * signal. sigma is the noise's standard deviation on the lowest layer with noise. A pair that
     * changed no logit adds nothing.
     */
    private void measured(Leaf leaf, int count, Floats signal, int at) {
      int classes = shape.units(last);
      float floor = OutputLearning.leastPower(leaf.perturbations().deviation(lowest));
      float share = (float) classes / rule.perturbations();
      for (int p = 0; p < count; p++) {
        pairs.change(p, count, change);
        float squares = floor;
        for (int k = 0; k < classes; k++) {
          squares = Math.fma(change.get(k), change.get(k), squares);
        }
        float factor = squares == 0f ? 0f : share * pairs.difference.get(p) / squares;
        kernels.addScaled(factor, change, 0, signal, at, shape.stride(last));
      }
    }
  }
}
