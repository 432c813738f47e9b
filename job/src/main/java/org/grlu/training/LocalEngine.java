package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.Augmentation;
import org.grlu.network.InputBatch;
import org.grlu.network.Weights;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.StepSettings;
import org.grlu.rule.Stepper;

/** Computes each step in the calling thread. */
public final class LocalEngine implements StepEngine {
  private final TrialSettings settings;
  private final LabelledImages images;
  private final Augmentation augmentation;
  private final InputBatch batch;
  private final KeyedPerturbations perturbations;
  private final Stepper stepper;

  /**
   * Creates an engine for one trial.
   *
   * @param images the training images
   * @param memory the memory that the trial's weights are in
   */
  public LocalEngine(TrialSettings settings, LabelledImages images, Arena memory) {
    this.settings = settings;
    this.images = images;
    this.augmentation = settings.augmentation();
    this.batch = settings.inputs();
    this.perturbations = settings.perturbations();
    this.stepper =
        new Stepper(settings.shape(), settings.rule(), settings.training().batchSize(), memory);
  }

  @Override
  public double step(StepSettings step, int[] order, int from, Weights weights) {
    int count = settings.training().batchSize();
    batch.load(images, order, from, count, augmentation, step.number() * count);
    settings.seek(perturbations, step);
    return stepper.step(step, perturbations, batch, weights);
  }

  @Override
  public Floats rewards() {
    return stepper.ofExamples();
  }

  @Override
  public StepTimes takeTimes() {
    return StepTimes.NONE;
  }

  @Override
  public double cpuSecondsElsewhere() {
    return 0;
  }
}
