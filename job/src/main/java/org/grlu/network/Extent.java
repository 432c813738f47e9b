package org.grlu.network;

import java.io.Serializable;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * How the numbers of an image or of a layer lie in memory: position by position, the channels of
 * one together. Where vectors run along channels each position is padded with zeros; number i is
 * then at {@link #place}.
 *
 * @param height of the map; 1 where there is none
 * @param width of the map; for a recurrent layer's neurons the steps
 * @param channels of a position
 * @param packed whether positions follow each other without padding, as those of images do
 */
public record Extent(int height, int width, int channels, boolean packed) implements Serializable {
  /** Of an image, (height x width x channels). */
  public static Extent image(int height, int width, int channels) {
    return new Extent(height, width, channels, true);
  }

  /** Of a map whose positions are padded. */
  static Extent map(int height, int width, int channels) {
    return new Extent(height, width, channels, false);
  }

  /** Of a list of numbers. */
  static Extent flat(int numbers) {
    return new Extent(1, 1, numbers, true);
  }

  public int positions() {
    return height * width;
  }

  /** How many numbers there are, padding not among them. */
  public int numbers() {
    return positions() * channels;
  }

  /** From one position to the next. */
  int step() {
    return packed ? channels : Kernels.padded(channels);
  }

  /** One past the last number's place. */
  public int places() {
    return (positions() - 1) * step() + channels;
  }

  /** Places, padded. */
  public int span() {
    return Kernels.padded(places());
  }

  /** Where number {@code i} is. */
  public int place(int i) {
    return i / channels * step() + i % channels;
  }

  /** Sets what is padding to zero in a row that starts at {@code at}. */
  public void clearPadding(Floats x, int at) {
    if (step() > channels) {
      for (int p = 0; p < positions(); p++) {
        x.fill(at + p * step() + channels, at + (p + 1) * step(), 0f);
      }
    }
  }
}
