package org.grlu.rule;

import org.grlu.noise.NoiseKind;

/** A rule that perturbs neurons or weights: P antithetic pairs of passes for each example. */
public interface NoisyRule extends LearningRule {
  /** The distribution of the noise. */
  NoiseKind noise();

  /** The factor on sigma for hidden neurons. */
  double hiddenNoise();

  /** The factor on sigma for output neurons. */
  double outputNoise();

  /** P: columns of the grid. */
  @Override
  int perturbations();
}
