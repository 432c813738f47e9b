package org.grlu.rule;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;

/**
 * A rule that uses whatever a rule may: noise that all examples share, on the output's biases; an
 * update from the signs of the rewards of the whole batch; state for leaves and for the update.
 */
public record ShapedRewards(int perturbations) implements LearningRule {
  private static final float SIGMA = 0.1f;

  @Override
  public boolean pairsTogether() {
    return true;
  }

  @Override
  public int passesPerExample() {
    return 2 * perturbations;
  }

  @Override
  public int rewardsPerExample() {
    return 2 * perturbations;
  }

  @Override
  public double scale(NetworkShape shape, int l, double rate, double noise, int batch) {
    return 1;
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return UpdateForm.NONE;
  }

  @Override
  public Set<StepRewards> returns() {
    return EnumSet.allOf(StepRewards.class);
  }

  /** The rewards of each label's examples. */
  @Override
  public List<Integer> ownSums(NetworkShape shape) {
    return List.of(shape.units(shape.depth() - 1));
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    int units = shape.units(shape.depth() - 1);
    return State.NONE
        .and("gain", State.Reader.LEAVES, List.of(units), Floats.of(units))
        .and("mean_reward", State.Reader.UPDATE, List.of(1), Floats.of(1));
  }

  private static Floats noise(Perturbations perturbations, int p, int units) {
    Floats noise = Floats.of(Kernels.padded(units));
    long key = StreamKey.child(perturbations.ownStream(), p);
    Kernels.best().gaussian(key, SIGMA, noise, 0, units);
    return noise;
  }

  private static void add(Floats x, int i, float more) {
    x.set(i, x.get(i) + more);
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    int last = shape.depth() - 1;
    return (step, sums, draws, weights) -> {
      Floats gain = weights.state().array("gain");
      Floats mean = weights.state().array("mean_reward");
      float total = 0;
      for (int e = 0; e < sums.ofExamples().length(); e++) {
        total += sums.ofExamples().get(e);
      }
      mean.set(0, 0.9f * mean.get(0) + 0.1f * total / (grid.batch() * rewardsPerExample()));
      float rate = (float) step.learningRate() / perturbations * (1 - 0.1f * mean.get(0));
      for (int p = 0; p < perturbations; p++) {
        double[] rewards = sums.ofPerturbations();
        float sign = (float) Math.signum(rewards[2 * p] - rewards[2 * p + 1]);
        Floats noise = noise(draws, p, gain.length());
        for (int j = 0; j < gain.length(); j++) {
          add(weights.layer(last), weights.biasAt(last) + j, rate * sign * noise.get(j));
          add(gain, j, 0.01f * Math.abs(noise.get(j)));
        }
      }
      for (int j = 0; j < gain.length(); j++) {
        add(gain, j, 1e-5f * sums.own(0).get(j));
      }
    };
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new ShapedWorker(shape, new ForwardPass(shape, grid.blockExamples(), memory));
  }

  private static final class ShapedWorker implements Worker {
    private final NetworkShape shape;
    private final ForwardPass forward;

    ShapedWorker(NetworkShape shape, ForwardPass forward) {
      this.shape = shape;
      this.forward = forward;
    }

    @Override
    public void prepare(Weights weights) {
      forward.prepare(weights);
    }

    @Override
    public void leaf(Leaf leaf, LeafSums sums) {
      sums.clear(Kernels.best());
      int from = leaf.inBatch(leaf.fromExample());
      forward.run(leaf.weights(), leaf.batch(), from, from + leaf.examples(), null);
      Floats gain = leaf.weights().state().array("gain");
      int stride = shape.stride(shape.depth() - 1);
      for (int p = leaf.fromPerturbation(); p < leaf.toPerturbation(); p++) {
        Floats noise = noise(leaf.perturbations(), p, gain.length());
        for (int r = 0; r < leaf.examples(); r++) {
          for (int member = 0; member < 2; member++) {
            int label = leaf.batch().label(from + r);
            float reward = reward(r * stride, label, noise, gain, member == 0 ? 1 : -1);
            sums.ofPerturbations()[2 * p + member] += reward;
            add(sums.own(0), label, reward);
            sums.addReward(r, reward);
          }
        }
      }
    }

    private float reward(int at, int label, Floats noise, Floats gain, int sign) {
      double total = 0;
      double right = 0;
      for (int j = 0; j < gain.length(); j++) {
        double e =
            StrictMath.exp(forward.logits().get(at + j) + sign * (1 + gain.get(j)) * noise.get(j));
        total += e;
        right = j == label ? e : right;
      }
      return (float) StrictMath.log(right / total);
    }
  }
}
