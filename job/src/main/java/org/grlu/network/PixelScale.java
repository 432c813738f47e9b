package org.grlu.network;

import java.io.Serializable;

/**
 * How a pixel becomes an input: {@code (pixel / 255 - mean) / deviation}.
 *
 * @param mean the dataset's mean pixel, of 1
 * @param deviation the dataset's standard deviation, above 0
 * @param norm what becomes of an example's inputs before the first layer reads them
 */
public record PixelScale(double mean, double deviation, InputNorm norm) implements Serializable {
  /** The published constants, MNIST's own. */
  public static final PixelScale MNIST = new PixelScale(0.1307, 0.3081);

  /** With layer norm. */
  public PixelScale(double mean, double deviation) {
    this(mean, deviation, InputNorm.LAYER);
  }

  /** The input of a pixel without ink. */
  public double base() {
    return -mean / deviation;
  }

  /** What one grey level adds. */
  public double perLevel() {
    return 1 / (255 * deviation);
  }
}
