package example;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.Key;
import org.grlu.rule.KeyValues;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.LearningRule;
import org.grlu.rule.NoisyRule;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleDefinition;

/** GRLU with smaller updates for layers further from the input. */
public final class DampedRule implements RuleDefinition {
  private static final String PERTURBATIONS = "rule.perturbations";
  private static final String FACTOR = "rule.damped.factor";

  @Override
  public String name() {
    return "damped";
  }

  @Override
  public String sentence() {
    return "GRLU with smaller updates for layers further from the input.";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<Key> keys() {
    return List.of(
        Key.number(FACTOR, "above 0, at most 1", v -> v > 0 && v <= 1)
            .with(0.5, "Each layer's updates are so many times those of the layer before."));
  }

  @Override
  public Set<String> uses() {
    Set<String> paths = new TreeSet<>(RuleCatalogue.OF_SOME_RULES);
    paths.add(PERTURBATIONS);
    return paths;
  }

  @Override
  public int perturbations(KeyValues values) {
    return values.whole(PERTURBATIONS);
  }

  @Override
  public LearningRule create(KeyValues values) {
    int perturbations = values.whole(PERTURBATIONS);
    Grlu grlu = new Grlu(perturbations, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false);
    return new Damped(grlu, values.number(FACTOR));
  }

  /** The rule: it travels to executors, so all of it has to be serialisable. */
  private record Damped(Grlu grlu, double factor) implements NoisyRule {
    @Override
    public double scale(
        NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
      return grlu.scale(shape, l, learningRate, noiseScale, batch) * StrictMath.pow(factor, l);
    }

    @Override
    public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
      return grlu.worker(shape, grid, memory);
    }

    @Override
    public NoiseKind noise() {
      return grlu.noise();
    }

    @Override
    public double hiddenNoise() {
      return grlu.hiddenNoise();
    }

    @Override
    public double outputNoise() {
      return grlu.outputNoise();
    }

    @Override
    public int perturbations() {
      return grlu.perturbations();
    }

    @Override
    public int passesPerExample() {
      return grlu.passesPerExample();
    }

    @Override
    public int rewardsPerExample() {
      return grlu.rewardsPerExample();
    }
  }
}
