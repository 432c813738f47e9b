package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.grlu.TestData;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTreeTest {
  private static final NetworkShape SHAPE = TestData.relu(Skip.NONE, 784, 24, 10);

  @ParameterizedTest
  @CsvSource({"24, 80", "150, 3", "17, 100"})
  void aNodeIsTheSumOfItsChildren(int examples, int perturbations) {
    LeafGrid grid = grid(examples, perturbations);
    Kernels kernels = Kernels.best();
    Floats[] whole = perExample(grid);
    Floats[] parts = perExample(grid);
    LeafSums root = begun(grid).sum(new LeafGrid.Node(grid.rootLevel(), 0), whole);
    int level = grid.rootLevel() - 1;
    LeafSums left = begun(grid).sum(new LeafGrid.Node(level, 0), parts);
    LeafSums right = begun(grid).sum(new LeafGrid.Node(level, 1), parts);
    left.add(kernels, right, false);
    assertThat(left.matrix(1).toArray()).containsExactly(root.matrix(1).toArray());
    assertThat(left.reward).isEqualTo(root.reward);
    assertThat(parts[0].toArray()).containsExactly(whole[0].toArray());
    assertThat(parts[2].toArray()).as("rewards").containsExactly(whole[2].toArray());
  }

  @Test
  void withinABlockCoefficientsAreSummedToo() {
    LeafGrid grid = grid(24, 80);
    Floats[] unused = perExample(grid);
    Floats[] block = perExample(grid);
    begun(grid).sum(new LeafGrid.Node(1, 1), block);
    LeafSums left = begun(grid).sum(new LeafGrid.Node(0, 2), unused);
    left.add(Kernels.best(), begun(grid).sum(new LeafGrid.Node(0, 3), unused), true);
    int n = grid.blockExamples() * SHAPE.stride(0);
    assertThat(left.coefficients(0).copyOfRange(0, n))
        .containsExactly(block[0].copyOfRange(n, 2 * n));
    assertThat(unused[0].toArray()).containsOnly(0f);
  }

  /** One pair of one example adds to the weights themselves, and must look first. */
  @ParameterizedTest
  @CsvSource({"1", "2"})
  void aStepThatIsNotFiniteLeavesTheWeightsAlone(int perturbations) {
    Weights weights = Weights.initial(SHAPE, 1);
    weights.layer(0).set(weights.biasAt(0), Float.NaN);
    float[][] before = {weights.layer(0).toArray(), weights.layer(1).toArray()};
    Grlu rule = TestData.grlu(perturbations, NoiseKind.GAUSSIAN, Gate.NONE);
    KeyedPerturbations noise = new KeyedPerturbations(SHAPE, NoiseKind.GAUSSIAN, 1);
    noise.step(0, 0.1, 0.1);
    Stepper stepper = new Stepper(SHAPE, rule, 1, weights.memory());
    InputBatch batch = TestData.digits(SHAPE, 1);
    assertThat(stepper.step(new StepSettings(0, 0.1, 0.1), noise, batch, weights)).isNaN();
    assertThat(weights.layer(0).toArray()).containsExactly(before[0]);
    assertThat(weights.layer(1).toArray()).containsExactly(before[1]);
  }

  private static LeafGrid grid(int examples, int perturbations) {
    Grlu rule = TestData.grlu(perturbations, NoiseKind.GAUSSIAN, Gate.ACTIVE);
    return LeafGrid.of(SHAPE, rule, examples);
  }

  private static Grlu rule(LeafGrid grid) {
    return TestData.grlu(grid.perturbations(), NoiseKind.GAUSSIAN, Gate.ACTIVE);
  }

  /** The first layer's coefficients, none of the second, and each example's rewards. */
  private static Floats[] perExample(LeafGrid grid) {
    return new SumsLayout(SHAPE, rule(grid)).perExample(grid.batch(), new Arena());
  }

  private static StepTree begun(LeafGrid grid) {
    Grlu rule = rule(grid);
    KeyedPerturbations noise = new KeyedPerturbations(SHAPE, NoiseKind.GAUSSIAN, 1);
    noise.step(0, 0.1, 0.1);
    Arena memory = new Arena();
    LearningRule.Worker worker = rule.worker(SHAPE, grid, memory);
    StepTree tree = new StepTree(new SumsLayout(SHAPE, rule), worker, grid, memory);
    tree.begin(Weights.initial(SHAPE, 1), TestData.digits(SHAPE, grid.batch()), 0, noise);
    return tree;
  }

  @ParameterizedTest
  @CsvSource({"1", "8", "9", "200", "700"})
  void firstLayerUpdateIsTheSumOfOuterProducts(int examples) {
    LeafGrid grid = grid(examples, 1);
    InputBatch batch = TestData.digits(SHAPE, examples);
    int stride = SHAPE.stride(0);
    float[] coefficients = TestData.normals(2, examples * stride);
    float[] matrix = new float[SHAPE.layer(0).rows() * stride];
    double[] expected = new double[matrix.length];
    for (int e = 0; e < examples; e++) {
      for (int k = batch.updateFrom(e); k < batch.updateTo(e); k++) {
        for (int j = 0; j < stride; j++) {
          expected[batch.index()[k] * stride + j] +=
              (double) batch.value()[k] * coefficients[e * stride + j];
        }
      }
    }
    new FirstLayerUpdate(SHAPE, grid, new Arena())
        .add(
            batch,
            0,
            Floats.over(coefficients),
            grid.rootLevel() - grid.blockLevel(),
            0,
            Floats.over(matrix));
    for (int i = 0; i < matrix.length; i++) {
      assertThat((double) matrix[i])
          .as("element " + i)
          .isCloseTo(expected[i], within(1e-5 * (1 + Math.abs(expected[i])) * Math.sqrt(examples)));
    }
  }
}
