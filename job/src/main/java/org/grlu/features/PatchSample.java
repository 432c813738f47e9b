package org.grlu.features;

import java.util.Arrays;
import org.grlu.datasets.LabelledImages;
import org.grlu.noise.StreamKey;

/**
 * Random patches of images: of random images at random places, those with a standard deviation over
 * {@value #CONTRAST}, their mean taken off, of length 1.
 */
final class PatchSample {
  private static final double CONTRAST = 0.1;

  /** Places that are tried for a patch before the one with most contrast is taken. */
  private static final int TRIES = 1000;

  /** How many are learned from, of many images; of few, so many of each. */
  private static final int PATCHES = 200_000;

  private static final int OF_AN_IMAGE = 100;

  /** The most pixels of a sample: large patches are fewer. */
  private static final int PIXELS = 20_000_000;

  private PatchSample() {}

  /** A sample to learn from. */
  static float[] of(LabelledImages images, int patch, long key) {
    long most = Math.min((long) images.size() * OF_AN_IMAGE, PIXELS / (patch * patch));
    return of(images, patch, key, (int) Math.min(PATCHES, most));
  }

  /**
   * Draws some.
   *
   * @return (count x patch x patch); of images without any contrast, zeros
   */
  static float[] of(LabelledImages images, int patch, long key, int count) {
    int length = patch * patch;
    float[] patches = new float[count * length];
    float[] one = new float[length];
    for (int i = 0; i < count; i++) {
      long stream = StreamKey.child(key, i);
      double most = 0;
      for (int t = 0; t < TRIES && most <= CONTRAST; t++) {
        cut(images, patch, StreamKey.child(stream, t), one);
        double deviation = normalise(one, 0, length) / patch;
        if (deviation > most) {
          most = deviation;
          System.arraycopy(one, 0, patches, i * length, length);
        }
      }
    }
    return patches;
  }

  private static void cut(LabelledImages images, int patch, long key, float[] out) {
    int image = below(StreamKey.child(key, 0), images.size());
    int y = below(StreamKey.child(key, 1), images.rows() - patch + 1);
    int x = below(StreamKey.child(key, 2), images.columns() - patch + 1);
    for (int i = 0; i < patch; i++) {
      int from = image * images.pixelsPerImage() + (y + i) * images.columns() + x;
      for (int j = 0; j < patch; j++) {
        out[i * patch + j] = Encoder.value(images, from + j);
      }
    }
  }

  /** A number from 0, below n. */
  private static int below(long random, int n) {
    return (int) (((random >>> 32) * n) >>> 32);
  }

  /**
   * Takes the mean off and divides by the length.
   *
   * @param x Modified; zeros where it is constant
   * @return the length, before
   */
  static double normalise(float[] x, int at, int n) {
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      sum += x[i];
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = at; i < at + n; i++) {
      double centred = x[i] - mean;
      squares += centred * centred;
    }
    double length = Math.sqrt(squares);
    if (length < 1e-6) {
      Arrays.fill(x, at, at + n, 0);
      return 0;
    }
    for (int i = at; i < at + n; i++) {
      x[i] = (float) ((x[i] - mean) / length);
    }
    return length;
  }
}
