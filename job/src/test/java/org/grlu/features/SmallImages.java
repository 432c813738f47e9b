package org.grlu.features;

import org.grlu.TestData;
import org.grlu.datasets.LabelledImages;

/** Digits of 9 x 9 pixels: each third row and column of those that come with the program. */
final class SmallImages {
  static final int SIDE = 9;
  private static final int EACH = 3;

  private SmallImages() {}

  /** The first ones, without labels. */
  static LabelledImages of(int count) {
    LabelledImages digits = TestData.sample().train();
    byte[] pixels = new byte[count * SIDE * SIDE];
    int to = 0;
    for (int e = 0; e < count; e++) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++, to++) {
          int from = (y * EACH + 1) * digits.columns() + x * EACH + 1;
          pixels[to] = digits.pixels()[e * digits.pixelsPerImage() + from];
        }
      }
    }
    return new LabelledImages(SIDE, SIDE, pixels, new byte[count]);
  }
}
