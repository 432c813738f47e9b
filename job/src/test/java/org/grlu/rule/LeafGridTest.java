package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LeafGridTest {

  @Property(seed = "1", tries = 300)
  void everyPairIsInExactlyOneLeaf(
      @ForAll @IntRange(min = 1, max = 3000) int batch,
      @ForAll @IntRange(min = 1, max = 300) int perturbations) {
    LeafGrid grid = new LeafGrid(batch, perturbations);
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
  void numbersAreThoseOfTheLeavesThatHoldWork(
      @ForAll @IntRange(min = 1, max = 3000) int batch,
      @ForAll @IntRange(min = 1, max = 300) int perturbations) {
    LeafGrid grid = new LeafGrid(batch, perturbations);
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
    assertThat(grid.firstExample(grid.exampleBlocks())).isEqualTo(batch);
  }
}
