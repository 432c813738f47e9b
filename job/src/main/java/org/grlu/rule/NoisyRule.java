package org.grlu.rule;

import org.grlu.noise.NoiseKind;

/**
 * A rule that perturbs neurons or weights. It runs P antithetic pairs of passes for each example.
 */
public interface NoisyRule extends LearningRule {
  /** Returns the distribution of the noise. */
  NoiseKind noise();

  /** Returns the factor on sigma for hidden neurons. */
  double hiddenNoise();

  /** Returns the factor on sigma for output neurons. */
  double outputNoise();

  /** Returns P, the number of antithetic pairs of each example. */
  @Override
  int perturbations();
}
