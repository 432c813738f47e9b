package org.grlu.network;

import org.grlu.datasets.InkedPixels;
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
   * What is left of an image's inked pixels.
   *
   * @param index Modified. Gets their numbers in the image, from {@code at}
   * @param value Modified. Gets their grey levels
   * @return one past the last
   */
  int pixels(
      LabelledImages images, int image, long presentation, int[] index, float[] value, int at) {
    InkedPixels ink = images.inked();
    char[] position = ink.position();
    byte[] level = ink.level();
    int rows = images.rows();
    int columns = images.columns();
    long own = StreamKey.child(key, presentation);
    long move = StreamKey.child(own, 0);
    int right = move(move >>> BITS);
    int down = move(move & LOW);
    // of 2^32: the chance is exact to that
    long dropped = (long) (dropout * 0x1p32);
    int end = at;
    int row = 0;
    int rowStart = 0;
    int past = ink.start(image + 1);
    for (int k = ink.start(image); k < past; k++) {
      int pixel = position[k];
      while (pixel - rowStart >= columns) {
        rowStart += columns;
        row++;
      }
      int x = pixel - rowStart + right;
      int y = row + down;
      boolean inside = x >= 0 && x < columns && y >= 0 && y < rows;
      index[end] = pixel + down * columns + right;
      value[end] = level[k] & 0xff;
      end += inside && (StreamKey.child(own, 1 + pixel) >>> BITS) >= dropped ? 1 : 0;
    }
    return end;
  }

  /** From {@code -shift} to {@code shift}, by 32 random bits. */
  private int move(long bits) {
    return (int) ((bits * (2 * shift + 1)) >>> BITS) - shift;
  }
}
