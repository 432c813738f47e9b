package org.grlu.training;

/**
 * A value that falls (or rises) along a line over training: {@code min + (max - min) (1 - t)} with
 * t from 0 to 1. A constant is a line from a value to itself.
 */
public record Linear(double max, double min) implements Course {
  @Override
  public double at(double t) {
    return min + (max - min) * (1 - t);
  }
}
