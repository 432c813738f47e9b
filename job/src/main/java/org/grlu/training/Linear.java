package org.grlu.training;

/**
 * A value that moves along a line over training: {@code min + (max - min) (1 - t)}, with t from 0
 * to 1. The value rises where {@code max} is below {@code min}, and is constant where both are
 * equal.
 *
 * @param max the value at t = 0
 * @param min the value at t = 1
 */
public record Linear(double max, double min) implements Course {
  @Override
  public double at(double t) {
    return min + (max - min) * (1 - t);
  }
}
