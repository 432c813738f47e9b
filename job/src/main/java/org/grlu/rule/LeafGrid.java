package org.grlu.rule;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A step's work as a grid of leaves, (block of examples) x (block of perturbations), its sizes a
 * function of batch and perturbations alone. A leaf's number is {@code exampleBlock x columns +
 * perturbationBlock}, with the columns padded to a power of two so that the aligned subtrees of the
 * first levels stay within one block of examples; leaves in the padding are empty.
 *
 * @param batch examples in a step
 * @param perturbations of each example
 * @param blockPerturbations perturbations in one leaf
 */
public record LeafGrid(int batch, int perturbations, int blockPerturbations)
    implements Serializable {
  private static final int MOST_PERTURBATIONS = 64;
  private static final int FEWEST_EXAMPLES = 8;
  private static final int MOST_EXAMPLES = 64;

  /** At most 64 perturbations in a leaf. */
  public LeafGrid(int batch, int perturbations) {
    this(batch, perturbations, Math.min(perturbations, MOST_PERTURBATIONS));
  }

  /** The grid of a rule's steps. */
  public static LeafGrid of(LearningRule rule, int batch) {
    return rule.pairsTogether()
        ? new LeafGrid(batch, rule.perturbations(), rule.perturbations())
        : new LeafGrid(batch, rule.perturbations());
  }

  /** A sixteenth of the batch, as a power of two, 8 to 64: examples in one leaf. */
  public int blockExamples() {
    int block = FEWEST_EXAMPLES;
    while (block < MOST_EXAMPLES && block * 16 < batch) {
      block *= 2;
    }
    return block;
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

  /** The first example of the block, or of the first block, that a node covers. */
  public int firstBlockExample(Node node) {
    return firstExample(block(node.index() << node.level()));
  }

  /** The examples of the block, or of all blocks, that a node covers. */
  public int examples(Node node) {
    int first = block(node.index() << node.level());
    int blocks = 1 << Math.max(0, node.level() - blockLevel());
    return firstExample(first + blocks) - firstExample(first);
  }

  private int block(int number) {
    return number >> blockLevel();
  }

  /** The first perturbation of leaf {@code number}. */
  public int firstPerturbation(int number) {
    return (number & ((1 << blockLevel()) - 1)) * blockPerturbations();
  }

  /**
   * The maximal aligned subtrees of a contiguous range of leaves.
   *
   * @param from the first leaf that holds work, counted among those that do
   * @param to one past the last
   */
  public List<Node> roots(int from, int to) {
    List<Node> roots = new ArrayList<>();
    int at = number(from);
    // beyond the last leaf there is nothing: the last range may end where the root does
    int end = to == leaves() ? 1 << rootLevel() : number(to);
    while (from < to && at < end) {
      int level = at == 0 ? rootLevel() : Integer.numberOfTrailingZeros(at);
      while (at + (1 << level) > end) {
        level--;
      }
      if (at < numbers() && holdsWork(at)) {
        roots.add(new Node(level, at >> level));
      }
      at += 1 << level;
    }
    return roots;
  }

  /** The leaves of shard {@code i} of {@code shards}: its first, counted as in {@link #roots}. */
  public int shardStart(int i, int shards) {
    return (int) ((long) leaves() * i / shards);
  }

  /** A node of the tree: leaves {@code index << level} to {@code (index + 1) << level}. */
  public record Node(int level, int index) {}

  private static int ceilLog2(int n) {
    return n <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(n - 1);
  }
}
