package org.grlu.rule;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.grlu.network.NetworkShape;

/**
 * A step's work as a grid of leaves, (block of examples) x (block of perturbations), its sizes a
 * function of the configuration alone. A leaf's number is {@code exampleBlock x columns +
 * perturbationBlock}, with the columns padded to a power of two so that the aligned subtrees of the
 * first levels stay within one block of examples; leaves in the padding are empty.
 *
 * <p>A leaf has at most 64 perturbations, and a sixteenth of the batch, as a power of two from 8 to
 * 64; 64 in any case where they share the noise. Where that is more work than {@link
 * #MOST_OPERATIONS}, the examples are halved down to one, then the perturbations down to {@value
 * #FEWEST_PERTURBATIONS}, unless the rule asks for all of them together.
 *
 * @param batch examples in a step
 * @param perturbations of each example
 * @param blockExamples in one leaf
 * @param blockPerturbations in one leaf
 */
public record LeafGrid(int batch, int perturbations, int blockExamples, int blockPerturbations)
    implements Serializable {
  private static final int MOST_PERTURBATIONS = 64;

  /** Fewer take as long: the product waits for the weights then, and the update for the matrix. */
  private static final int FEWEST_PERTURBATIONS = 32;

  private static final int FEWEST_EXAMPLES = 8;
  private static final int MOST_EXAMPLES = 64;
  private static final int CHAIN = 64;

  /** 50 ms at a nominal 100 GFLOP/s, so that a step of a wide network can use a cluster. */
  static final double MOST_OPERATIONS = 5e9;

  /** Of a pass, for each weight: a multiplication and an addition forward, and for the update. */
  private static final double OPERATIONS = 4;

  /** A neuron's noise and activation, in weights. */
  private static final int UNIT = 16;

  /** The grid of a rule's steps. */
  public static LeafGrid of(NetworkShape shape, LearningRule rule, int batch) {
    int all = rule.perturbations();
    double pair = OPERATIONS * weights(shape) * rule.passesPerExample() / all;
    int examples = rule.sharesNoise() ? MOST_EXAMPLES : FEWEST_EXAMPLES;
    while (examples < MOST_EXAMPLES && examples * 16 < batch) {
      examples *= 2;
    }
    int perturbations = rule.pairsTogether() ? all : Math.min(all, MOST_PERTURBATIONS);
    while (examples > 1 && examples * perturbations * pair > MOST_OPERATIONS) {
      examples /= 2;
    }
    while (!rule.pairsTogether()
        && perturbations > FEWEST_PERTURBATIONS
        && perturbations * pair > MOST_OPERATIONS) {
      perturbations = Integer.highestOneBit(perturbations - 1);
    }
    return new LeafGrid(batch, all, examples, perturbations);
  }

  /** What a pass multiplies; all passes of an example share the product of what reads images. */
  private static double weights(NetworkShape shape) {
    double weights = 0;
    for (int l = 0; l < shape.depth(); l++) {
      double product = shape.layer(l).readsImages() ? 0 : shape.layer(l).operations();
      weights += product + (double) shape.units(l) * UNIT;
    }
    return weights;
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

  /**
   * The least level at which coefficients are expanded: of {@value #CHAIN} examples, as far as
   * there are so many. Below it a matrix would be larger than they are in almost any network, and
   * their terms are added in one chain.
   */
  public int expansionLevel() {
    int level = blockLevel();
    while (level < rootLevel() && blockExamples << (level - blockLevel()) < CHAIN) {
      level++;
    }
    return level;
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

  /** Whether any leaf that a node covers holds work. */
  boolean holdsWork(Node node) {
    return holdsWork(node.index() << node.level());
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
  public record Node(int level, int index) {
    Node left() {
      return new Node(level - 1, 2 * index);
    }

    Node right() {
      return new Node(level - 1, 2 * index + 1);
    }
  }

  private static int ceilLog2(int n) {
    return n <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(n - 1);
  }
}
