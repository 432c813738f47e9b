package org.grlu.training;

/**
 * A value that moves along half a cosine over training: {@code min + (max - min) (1 + cos(pi t)) /
 * 2}, with t from 0 to 1 (Loshchilov and Hutter, "SGDR", 2017, equation 5, without restarts). The
 * value rises where {@code max} is below {@code min}.
 *
 * @param max the value at t = 0
 * @param min the value at t = 1
 */
public record Cosine(double max, double min) implements Course {
  @Override
  public double at(double t) {
    return min + (max - min) * (1 + StrictMath.cos(Math.PI * t)) / 2;
  }
}
