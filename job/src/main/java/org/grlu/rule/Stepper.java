package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** Computes whole steps in one thread. */
public final class Stepper {
  private final Arena memory;
  private final LearningRule rule;
  private final LeafGrid grid;
  private final UpdateScale scale;
  private final SumsLayout layout;
  private final LearningRule.Worker worker;
  private final StepTree tree;
  private final StepUpdate update;
  private final Floats[] perExample;
  private final Floats[] sums;
  private final LeafGrid.Node root;
  private final RowThreads thisThread = new RowThreads(1);

  /**
   * The scale of each layer in steps whose only leaf adds to the weights themselves; null in other
   * steps.
   */
  private final float[] scales;

  /**
   * Creates a stepper for steps of one shape, rule and batch size.
   *
   * @param batch the number of examples of each step
   * @param memory where buffers are allocated. It must be the memory of the weights, because each
   *     step settles it
   */
  public Stepper(NetworkShape shape, LearningRule rule, int batch, Arena memory) {
    this.memory = memory;
    this.rule = rule;
    this.grid = LeafGrid.of(shape, rule, batch);
    this.scale = new UpdateScale(shape, rule, grid);
    this.layout = new SumsLayout(shape, rule);
    this.worker = rule.worker(shape, grid, memory);
    this.tree = new StepTree(layout, worker, grid, memory);
    this.update = rule.update(shape, grid, memory);
    boolean onePair = batch == 1 && grid.perturbations() == 1;
    boolean inPlace = onePair && worker.addsScaled() && update instanceof WeightUpdate;
    this.scales = inPlace ? new float[shape.depth()] : null;
    this.root = new LeafGrid.Node(grid.rootLevel(), 0);
    this.perExample = layout.perExample(batch, memory);
    this.sums = new Floats[layout.size()];
  }

  /**
   * Computes one step.
   *
   * @param step the number, learning rate and noise scale of the step
   * @param perturbations the step's random numbers
   * @param batch Not modified. It holds as many examples as the constructor was told
   * @param weights Modified if the rewards are finite
   * @return the mean reward; NaN if a pass was not finite, and the weights are then unchanged
   */
  public double step(
      StepSettings step, Perturbations perturbations, InputBatch batch, Weights weights) {
    memory.settle();
    if (scales != null) {
      for (int l = 0; l < scales.length; l++) {
        scales[l] = scale.of(l, step);
      }
      tree.onto(weights, scales);
    }
    tree.begin(weights, batch, 0, perturbations);
    LeafSums total = tree.sum(root, perExample);
    if (!Double.isFinite(total.reward)) {
      return Double.NaN;
    }
    for (int i = 0; i < layout.size(); i++) {
      if (!layout.slot(i).perExample()) {
        sums[i] = scales == null ? total.array(i) : null;
      } else if (layout.slot(i).expands()) {
        scale.apply(i, step, perExample[i], 0, perExample[i].length());
      }
    }
    ForwardPass clean = grid.leaves() == 1 ? worker.clean() : null;
    StepSums all =
        new StepSums(
            layout, perExample, sums, total.ofPerturbations(), () -> batch, clean, thisThread);
    update.apply(step, all, perturbations, weights);
    return total.reward / ((double) grid.batch() * rule.rewardsPerExample());
  }

  /**
   * Returns the sum of each example's rewards over its passes in the last step, (batch), in the
   * order of the step. The result is valid until the next step.
   */
  public Floats ofExamples() {
    return layout.ofExamples(perExample);
  }
}
