package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.grlu.TestData;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.Test;

class LeafGridTest {
  /** A configuration and its grid. */
  record Configured(NetworkShape shape, LearningRule rule, LeafGrid grid) {}

  @Provide
  Arbitrary<Configured> configurations() {
    Arbitrary<Integer> width =
        Arbitraries.oneOf(Arbitraries.integers().between(1, 512), Arbitraries.of(2048, 4096, 9000));
    return Combinators.combine(
            width.list().ofMinSize(0).ofMaxSize(3),
            Arbitraries.of(Skip.NONE, Skip.DENSE),
            Arbitraries.integers().between(1, 3000),
            Arbitraries.integers().between(1, 300),
            Arbitraries.integers().between(0, 3))
        .as(
            (hidden, skip, batch, perturbations, kind) -> {
              List<Integer> layers = new ArrayList<>(List.of(784));
              layers.addAll(hidden);
              layers.add(10);
              NetworkShape shape = TestData.relu(skip, layers.toArray(Integer[]::new));
              LearningRule rule =
                  switch (kind) {
                    case 0 -> new Backprop();
                    case 1 -> new ShapedRewards(perturbations);
                    case 2 ->
                        new Evolution(
                            perturbations, Evolution.Noise.RANK_ONE, Evolution.Shaping.NONE);
                    default -> TestData.grlu(perturbations, NoiseKind.GAUSSIAN, Gate.ACTIVE);
                  };
              return new Configured(shape, rule, LeafGrid.of(shape, rule, batch));
            });
  }

  @Property(seed = "1", tries = 100)
  void everyPairIsInExactlyOneLeaf(@ForAll("configurations") Configured configured) {
    LeafGrid grid = configured.grid;
    int batch = grid.batch();
    int perturbations = grid.perturbations();
    BitSet seen = new BitSet(batch * perturbations);
    for (int i = 0; i < grid.leaves(); i++) {
      int number = grid.number(i);
      int block = number >> grid.blockLevel();
      int from = grid.firstPerturbation(number);
      int to = Math.min(perturbations, from + grid.blockPerturbations());
      assertThat(grid.firstExample(block + 1)).isGreaterThan(grid.firstExample(block));
      assertThat(to).isGreaterThan(from);
      for (int e = grid.firstExample(block); e < grid.firstExample(block + 1); e++) {
        int first = e * perturbations + from;
        int next = seen.nextSetBit(first);
        assertThat(next < 0 || next >= first - from + to).as("pair %d is new", first).isTrue();
        seen.set(e * perturbations + from, e * perturbations + to);
      }
    }
    assertThat(seen.cardinality()).isEqualTo(batch * perturbations);
  }

  @Property(seed = "2", tries = 300)
  void numbersAreThoseOfTheLeavesThatHoldWork(@ForAll("configurations") Configured configured) {
    LeafGrid grid = configured.grid;
    int next = 0;
    for (int number = 0; number < grid.numbers(); number++) {
      if (grid.holdsWork(number)) {
        assertThat(grid.number(next++)).isEqualTo(number);
      }
    }
    assertThat(next).isEqualTo(grid.leaves());
    assertThat(grid.number(next)).isEqualTo(grid.numbers());
    assertThat(grid.holdsWork(grid.numbers())).isFalse();
    assertThat(1 << grid.rootLevel()).isGreaterThanOrEqualTo(grid.numbers());
    assertThat(grid.numbers()).isGreaterThan(1 << grid.rootLevel() >> 1);
    assertThat(grid.firstExample(grid.exampleBlocks())).isEqualTo(grid.batch());
  }

  /**
   * 50 ms at 100 GFLOP/s, counted anew: four operations a weight and pass, a unit as 16 weights.
   */
  @Property(seed = "3", tries = 1000)
  void noLeafIsLongerThanAllowedUnlessItIsTheLeast(
      @ForAll("configurations") Configured configured) {
    LeafGrid grid = configured.grid;
    long weights = 0;
    for (int l = 0; l < configured.shape.depth(); l++) {
      long inputs = l == 0 ? 0 : configured.shape.inputs(l);
      weights += configured.shape.units(l) * (inputs + 16);
    }
    double passes = (double) configured.rule.passesPerExample() / grid.perturbations();
    double pairMillis = 4 * weights * passes / 100e9 * 1e3;
    int examples = grid.blockExamples();
    int perturbations = grid.blockPerturbations();
    boolean together = configured.rule.pairsTogether();
    assertThat(perturbations).isLessThanOrEqualTo(together ? grid.perturbations() : 64);
    boolean least = examples == 1 && (together || perturbations <= 32);
    assertThat(least || examples * perturbations * pairMillis <= 50).isTrue();
    if (examples < 8) {
      // no smaller than need be
      int before = together ? grid.perturbations() : Math.min(64, grid.perturbations());
      assertThat(2 * examples * before * pairMillis).isGreaterThan(50);
    }
  }

  private static LeafGrid grid(int batch, int perturbations, Integer... layers) {
    return LeafGrid.of(
        TestData.relu(Skip.NONE, layers),
        TestData.grlu(perturbations, NoiseKind.GAUSSIAN, Gate.ACTIVE),
        batch);
  }

  @Test
  void smallNetworksHaveLargeLeavesAndWideOnesManySmallOnes() {
    assertThat(grid(2048, 128, 784, 256, 10)).isEqualTo(new LeafGrid(2048, 128, 64, 64));
    assertThat(grid(1, 16, 784, 256, 10)).isEqualTo(new LeafGrid(1, 16, 8, 16));
    assertThat(grid(2048, 128, 784, 4096, 4096, 10)).isEqualTo(new LeafGrid(2048, 128, 1, 32));
    assertThat(grid(64, 64, 784, 4096, 4096, 10).leaves()).isEqualTo(128);
    Evolution shared = new Evolution(512, Evolution.Noise.FULL, Evolution.Shaping.NONE);
    assertThat(LeafGrid.of(TestData.relu(Skip.NONE, 784, 256, 10), shared, 128))
        .isEqualTo(new LeafGrid(128, 512, 64, 64));
  }
}
