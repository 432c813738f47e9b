package org.grlu.network;

import org.grlu.datasets.LabelledImages;
import org.grlu.noise.StreamKey;

/**
 * How an image is changed each time that training presents it: moved by a whole number of pixels
 * from {@code -shift} to {@code shift} in each direction, all equally likely, and without each of
 * its inked pixels with probability {@code dropout} (Srivastava et al., "Dropout", 2014, of
 * inputs). Pixels that leave the image are lost. Layer norm is over what is left, so that nothing
 * is to be scaled in evaluation.
 *
 * <p>Both are functions of the key and the presentation's number in the whole training, {@code step
 * x batch size + position in the step}: the same wherever and in however many parts a step is
 * computed.
 *
 * @param dropout from 0 to below 1
 * @param shift in pixels
 * @param key of its stream
 */
public record Augmentation(double dropout, int shift, long key) {
  /** Images as they are. */
  public static final Augmentation NONE = new Augmentation(0, 0, 0);

  private static final int BITS = 32;
  private static final long LOW = 0xffffffffL;

  boolean isNone() {
    return dropout == 0 && shift == 0;
  }

  /**
   * Changes an image's values other than 0. All channels of a pixel move alike; each value is
   * dropped by itself.
   *
   * @param images of its shape
   * @param index Modified. Their numbers in the image, ascending, from {@code begin} to {@code
   *     past}
   * @param value Modified. The values
   * @return one past the last that is left
   */
  int change(
      LabelledImages images, long presentation, int[] index, float[] value, int begin, int past) {
    int channels = images.channels();
    int width = images.columns() * channels;
    int rows = images.rows();
    long own = StreamKey.child(key, presentation);
    long move = StreamKey.child(own, 0);
    int right = move(move >>> BITS) * channels;
    int down = move(move & LOW);
    // of 2^32: the chance is exact to that
    long dropped = (long) (dropout * 0x1p32);
    int end = begin;
    int row = 0;
    int rowStart = 0;
    for (int k = begin; k < past; k++) {
      int pixel = index[k];
      while (pixel - rowStart >= width) {
        rowStart += width;
        row++;
      }
      int x = pixel - rowStart + right;
      int y = row + down;
      boolean inside = x >= 0 && x < width && y >= 0 && y < rows;
      index[end] = pixel + down * width + right;
      value[end] = value[k];
      end += inside && (StreamKey.child(own, 1 + pixel) >>> BITS) >= dropped ? 1 : 0;
    }
    return end;
  }

  /** From {@code -shift} to {@code shift}, by 32 random bits. */
  private int move(long bits) {
    return (int) ((bits * (2 * shift + 1)) >>> BITS) - shift;
  }
}
