package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.grlu.TestData;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.InputBatch;
import org.grlu.network.ModelFile;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.junit.jupiter.api.Test;

/** What a rule may ask for beyond what GRLU and backprop do. */
class RuleSeamTest {
  private static final NetworkShape SHAPE = TestData.relu(Skip.RESIDUAL, 784, 20, 20, 10);
  private static final int BATCH = 150;

  private static Weights after(LearningRule rule, State state) {
    Weights weights = Weights.initial(SHAPE, 1).with(state);
    InputBatch batch = TestData.digits(SHAPE, BATCH);
    KeyedPerturbations draws = new KeyedPerturbations(SHAPE, 1);
    draws.step(0, 0, 0);
    StepSettings step = new StepSettings(0, 1, 0);
    assertThat(new Stepper(SHAPE, rule, BATCH, weights.memory()).step(step, draws, batch, weights))
        .isNegative();
    weights.fold();
    return weights;
  }

  @Test
  void coefficientsOfADeepLayerExpandToItsGradient() {
    int last = SHAPE.depth() - 1;
    float[] before = Weights.initial(SHAPE, 1).published(last);
    float[] expected = after(new Backprop(), State.NONE).published(last);
    float[] found = after(new OutputErrors(), State.NONE).published(last);
    for (int i = 0; i < found.length; i++) {
      // sums of 150 products of order 0.01, in 32 bits
      assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
    }
    assertThat(found).isNotEqualTo(before);
  }

  @Test
  void rewardsOfExamplesOfPerturbationsAndOfLabelsHaveOneSum() {
    LearningRule rule = new ShapedRewards(70);
    assertThat(LeafGrid.of(SHAPE, rule, BATCH).perturbationBlocks()).isEqualTo(1);
    State state = rule.state(SHAPE, 1);
    Weights weights = Weights.initial(SHAPE, 1).with(state);
    InputBatch batch = TestData.digits(SHAPE, BATCH);
    KeyedPerturbations draws = new KeyedPerturbations(SHAPE, 1);
    draws.step(0, 0, 0);
    LeafGrid grid = LeafGrid.of(SHAPE, rule, BATCH);
    SumsLayout layout = new SumsLayout(SHAPE, rule);
    Arena memory = weights.memory();
    StepTree tree = new StepTree(layout, rule.worker(SHAPE, grid, memory), grid, memory);
    tree.begin(weights, batch, 0, draws);
    Floats[] perExample = layout.perExample(BATCH, memory);
    LeafSums sums = tree.sum(new LeafGrid.Node(grid.rootLevel(), 0), perExample);
    double ofExamples = 0;
    for (float reward : layout.ofExamples(perExample).toArray()) {
      ofExamples += reward;
    }
    double ofPerturbations = 0;
    for (double reward : sums.ofPerturbations()) {
      ofPerturbations += reward;
    }
    double ofLabels = 0;
    for (float reward : sums.own(0).toArray()) {
      ofLabels += reward;
    }
    // 21,000 rewards near -2.3, in 32 bits but for those of perturbations
    assertThat(ofLabels).isCloseTo(sums.reward, within(0.5));
    assertThat(ofExamples).isCloseTo(sums.reward, within(0.5));
    assertThat(ofPerturbations).isCloseTo(sums.reward, within(1e-6));
  }

  @Test
  void stateChangesWithTheWeightsAndStandsInTheModelFile() {
    LearningRule rule = new ShapedRewards(4);
    String initial = rule.state(SHAPE, 1).sha256();
    Weights weights = after(rule, rule.state(SHAPE, 1));
    assertThat(weights.state().sha256()).isNotEqualTo(initial);
    ModelFile file = ModelFile.read(ModelFile.write(weights, Map.of()));
    assertThat(file.has("gain") && file.has("mean_reward")).isTrue();
    Weights read = file.weights(SHAPE, rule.state(SHAPE, 1));
    assertThat(read.state().sha256()).isEqualTo(weights.state().sha256());
    assertThat(read.sha256()).isEqualTo(weights.sha256());
  }
}
