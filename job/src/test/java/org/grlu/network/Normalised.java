package org.grlu.network;

import org.grlu.TestData;
import org.grlu.datasets.LabelledImages;

/** Layer norm of images by its definition, in double. */
final class Normalised {
  private Normalised() {}

  static double[] digit(int number) {
    return image(TestData.sample().train(), number);
  }

  static double[] image(LabelledImages images, int number) {
    int n = images.pixelsPerImage();
    double[] x = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      int pixel = Byte.toUnsignedInt(images.pixels()[number * n + i]);
      x[i] = (pixel / 255.0 - PixelScale.MNIST.mean()) / PixelScale.MNIST.deviation();
      mean += x[i] / n;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / n;
    }
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - mean) / (Math.sqrt(variance) + 1e-8);
    }
    return x;
  }
}
