package org.grlu.rule;

/**
 * A step's work as a grid of leaves, (block of examples) x (block of perturbations), its sizes a
 * function of batch and perturbations alone. A leaf's number is {@code exampleBlock x columns +
 * perturbationBlock}, with the columns padded to a power of two so that the aligned subtrees of the
 * first levels stay within one block of examples; leaves in the padding are empty.
 *
 * @param batch examples in a step
 * @param perturbations of each example
 */
public record LeafGrid(int batch, int perturbations) {
  private static final int MOST_PERTURBATIONS = 32;
  private static final int FEWEST_EXAMPLES = 8;
  private static final int MOST_EXAMPLES = 64;

  /** A sixteenth of the batch, as a power of two, 8 to 64: examples in one leaf. */
  public int blockExamples() {
    int block = FEWEST_EXAMPLES;
    while (block < MOST_EXAMPLES && block * 16 < batch) {
      block *= 2;
    }
    return block;
  }

  /** At most 32: perturbations in one leaf. */
  public int blockPerturbations() {
    return Math.min(perturbations, MOST_PERTURBATIONS);
  }

  /** Rows of the grid. */
  public int exampleBlocks() {
    return (batch + blockExamples() - 1) / blockExamples();
  }

  /** Columns of the grid that hold work. */
  public int perturbationBlocks() {
    return (perturbations + blockPerturbations() - 1) / blockPerturbations();
  }

  /** Levels of the tree within one block of examples: log2 of the padded columns. */
  public int blockLevel() {
    return ceilLog2(perturbationBlocks());
  }

  /** The level of the tree's root. */
  public int rootLevel() {
    return blockLevel() + ceilLog2(exampleBlocks());
  }

  /** One past the last leaf's number. */
  public int numbers() {
    return exampleBlocks() << blockLevel();
  }

  /** Leaves that hold work. */
  public int leaves() {
    return exampleBlocks() * perturbationBlocks();
  }

  /** The number of the {@code i}-th leaf that holds work; {@link #numbers} for i = leaves. */
  public int number(int i) {
    return ((i / perturbationBlocks()) << blockLevel()) + i % perturbationBlocks();
  }

  /** Whether the leaf of that number holds work. */
  public boolean holdsWork(int number) {
    return number < numbers() && (number & ((1 << blockLevel()) - 1)) < perturbationBlocks();
  }

  /** The first example of block {@code block}; the batch's size for the block after the last. */
  public int firstExample(int block) {
    return Math.min(batch, block * blockExamples());
  }

  /** The first perturbation of leaf {@code number}. */
  public int firstPerturbation(int number) {
    return (number & ((1 << blockLevel()) - 1)) * blockPerturbations();
  }

  private static int ceilLog2(int n) {
    return n <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(n - 1);
  }
}
