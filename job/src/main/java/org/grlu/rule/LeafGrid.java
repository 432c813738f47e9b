package org.grlu.rule;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.grlu.network.NetworkShape;

/**
 * Divides a step's work into a grid of leaves, (blocks of examples) x (blocks of perturbations).
 * The sizes follow from the configuration alone. A leaf's number is {@code exampleBlock x columns +
 * perturbationBlock}. The number of columns is padded to a power of two, so that the aligned
 * subtrees of the lowest levels stay within one block of examples. Leaves in the padding hold no
 * work.
 *
 * <p>A leaf has at most 64 perturbations. Its number of examples is a sixteenth of the batch, as a
 * power of two from 8 to 64. It is 64 if the examples share the noise. If such a leaf has more
 * operations than {@link #MOST_OPERATIONS}, its examples are halved, down to one. Then its
 * perturbations are halved, down to {@value #FEWEST_PERTURBATIONS}. A rule that needs all
 * perturbations of an example together keeps them in one leaf.
 *
 * @param batch the number of examples in a step
 * @param perturbations the number of perturbations of each example
 * @param blockExamples the number of examples in one leaf
 * @param blockPerturbations the number of perturbations in one leaf
 */
public record LeafGrid(int batch, int perturbations, int blockExamples, int blockPerturbations)
    implements Serializable {
  private static final int MOST_PERTURBATIONS = 64;

  /**
   * The fewest perturbations to which a leaf is halved. A leaf with fewer takes as long, because it
   * then waits for the memory of the weights and of the update's matrix.
   */
  private static final int FEWEST_PERTURBATIONS = 32;

  private static final int FEWEST_EXAMPLES = 8;
  private static final int MOST_EXAMPLES = 64;

  /** The number of examples whose terms an expansion adds in one chain. */
  private static final int CHAIN = 64;

  /**
   * The most operations of a leaf: 50 ms at a nominal 100 GFLOP/s. The limit lets a step of a wide
   * network use a cluster.
   */
  static final double MOST_OPERATIONS = 5e9;

  /**
   * The operations of a pass for each weight: a multiplication and an addition in the forward pass,
   * and the same for the update.
   */
  private static final double OPERATIONS = 4;

  /** The cost of a neuron's noise and activation, expressed as a number of weights. */
  private static final int UNIT = 16;

  /**
   * Returns the grid for the steps of a rule.
   *
   * @param batch the number of examples in a step
   */
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

  /**
   * Returns the cost of one pass, expressed as a number of weights. Layers that read images cost no
   * product, because all passes of an example share it.
   */
  private static double weights(NetworkShape shape) {
    double weights = 0;
    for (int l = 0; l < shape.depth(); l++) {
      double product = shape.layer(l).readsImages() ? 0 : shape.layer(l).operations();
      weights += product + (double) shape.units(l) * UNIT;
    }
    return weights;
  }

  /** Returns the number of blocks of examples, which are the grid's rows. */
  public int exampleBlocks() {
    return (batch + blockExamples() - 1) / blockExamples();
  }

  /** Returns the number of blocks of perturbations, which are the grid's columns that hold work. */
  public int perturbationBlocks() {
    return (perturbations + blockPerturbations() - 1) / blockPerturbations();
  }

  /**
   * Returns the number of the tree's levels within one block of examples, log2 of the padded number
   * of columns.
   */
  public int blockLevel() {
    return ceilLog2(perturbationBlocks());
  }

  /**
   * Returns the lowest level at which coefficients may be expanded into a matrix. A node of this
   * level has at least {@value #CHAIN} examples, or all of the step's. For fewer examples, a matrix
   * would be larger than the coefficients in almost any network. The terms of the examples under
   * such a node are added in one chain.
   */
  public int expansionLevel() {
    int level = blockLevel();
    while (level < rootLevel() && blockExamples << (level - blockLevel()) < CHAIN) {
      level++;
    }
    return level;
  }

  /** Returns the level of the tree's root. */
  public int rootLevel() {
    return blockLevel() + ceilLog2(exampleBlocks());
  }

  /** Returns one past the last leaf's number. */
  public int numbers() {
    return exampleBlocks() << blockLevel();
  }

  /** Returns the number of leaves that hold work. */
  public int leaves() {
    return exampleBlocks() * perturbationBlocks();
  }

  /**
   * Returns the number of the {@code i}-th leaf that holds work. Returns {@link #numbers} if i is
   * {@link #leaves}.
   */
  public int number(int i) {
    return ((i / perturbationBlocks()) << blockLevel()) + i % perturbationBlocks();
  }

  /** Returns whether the leaf of that number holds work. */
  public boolean holdsWork(int number) {
    return number < numbers() && (number & ((1 << blockLevel()) - 1)) < perturbationBlocks();
  }

  /**
   * Returns the position in the step of the first example of block {@code block}. Returns the batch
   * size for the block after the last.
   */
  public int firstExample(int block) {
    return Math.min(batch, block * blockExamples());
  }

  /**
   * Returns the position in the step of the first example of the first block that a node covers,
   * even in part.
   */
  public int firstBlockExample(Node node) {
    return firstExample(block(node.index() << node.level()));
  }

  /** Returns the number of examples in all blocks that a node covers, even in part. */
  public int examples(Node node) {
    int first = block(node.index() << node.level());
    int blocks = 1 << Math.max(0, node.level() - blockLevel());
    return firstExample(first + blocks) - firstExample(first);
  }

  private int block(int number) {
    return number >> blockLevel();
  }

  /** Returns whether any leaf that a node covers holds work. */
  boolean holdsWork(Node node) {
    return holdsWork(node.index() << node.level());
  }

  /** Returns the first perturbation of leaf {@code number}. */
  public int firstPerturbation(int number) {
    return (number & ((1 << blockLevel()) - 1)) * blockPerturbations();
  }

  /**
   * Returns the roots of the maximal aligned subtrees of a contiguous range of leaves.
   *
   * @param from the first leaf, counted among the leaves that hold work
   * @param to one past the last leaf, counted likewise
   */
  public List<Node> roots(int from, int to) {
    List<Node> roots = new ArrayList<>();
    int at = number(from);
    // no leaf follows the last one, so the last range may end where the root does
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

  /**
   * Returns the first leaf of shard {@code i} of {@code shards}, counted among the leaves that hold
   * work.
   */
  public int shardStart(int i, int shards) {
    return (int) ((long) leaves() * i / shards);
  }

  /**
   * A node of the tree, which covers the leaves with numbers from {@code index << level} to {@code
   * (index + 1) << level} (exclusive).
   */
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
