package org.grlu.rule;

/** Constants of the global reward, {@code log(softmax(logits)[label] + FLOOR)}. */
final class Rewards {
  /** Keeps the logarithm finite where the right label has no probability at all. */
  static final float FLOOR = 1e-10f;

  private Rewards() {}
}
