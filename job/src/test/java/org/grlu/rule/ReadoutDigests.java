package org.grlu.rule;

import java.util.Arrays;
import java.util.List;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/** Prints the digests of what readouts learn in some cases. */
public final class ReadoutDigests {
  private ReadoutDigests() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    for (ReadoutCase c : ReadoutCase.some().filter(c -> c.seed() % 5 == 0).toList()) {
      for (LearningRule rule : rules()) {
        Weights weights = c.learnt(rule);
        System.out.printf(
            "%s %s %s %s %s%n",
            c,
            rule,
            weights.sha256(),
            weights.state().sha256(),
            Arrays.deepHashCode(c.scores(rule, weights)));
      }
    }
  }

  private static List<LearningRule> rules() {
    return List.of(
        new ClassMeans(),
        new Lda(0.01),
        new Rls(0.001),
        new GrluRls(16, NoiseKind.RADEMACHER, 10),
        new GrluRls(3, NoiseKind.GAUSSIAN, 100),
        new Prototypes(5),
        new Hopfield(30, 70));
  }
}
