package org.grlu.training;

import org.grlu.datasets.Dataset;
import org.grlu.datasets.ImageCode;
import org.grlu.datasets.LabelledImages;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/**
 * Copies of all images, one for each of T tasks, with a different permutation of the pixels in each
 * copy ("permuted MNIST": Goodfellow et al., "An Empirical Investigation of Catastrophic
 * Forgetting", 2013). Of n images, copy t of image i is example {@code t n + i}. Copy 0 is the
 * image itself. A pixel x of 0 to 255 becomes {@code x / 255}.
 */
final class Permuted implements ImageCode {
  private static final long serialVersionUID = 1;

  /**
   * For each task and each value of an example, the pixel of the image that the value comes from.
   */
  private final int[][] from;

  private final int values;

  Permuted(int tasks, long seed, int values) {
    this.values = values;
    long key = StreamKey.child(StreamKey.of(seed, StreamKey.Purpose.INPUT), -1);
    from = new int[tasks][];
    for (int t = 0; t < tasks; t++) {
      from[t] = t == 0 ? identity(values) : Permutation.of(StreamKey.child(key, t), values);
    }
  }

  private static int[] identity(int n) {
    int[] same = new int[n];
    for (int i = 0; i < n; i++) {
      same[i] = i;
    }
    return same;
  }

  /** Returns the dataset with T permuted copies of all images in each of its sets. */
  static Dataset of(Dataset dataset, int tasks, long seed) {
    Permuted code = new Permuted(tasks, seed, dataset.pixelsPerImage());
    return new Dataset(
        dataset.name(),
        LabelledImages.ofCodes(dataset.train(), code, tasks),
        LabelledImages.ofCodes(dataset.validation(), code, tasks),
        LabelledImages.ofCodes(dataset.test(), code, tasks),
        dataset.classes(),
        dataset.sha256());
  }

  @Override
  public String id() {
    return "permuted";
  }

  @Override
  public int size() {
    return values;
  }

  @Override
  public void encode(LabelledImages images, int first, int count, float[] out, int at) {
    for (int e = 0; e < count; e++) {
      int image = (first + e) % images.size();
      int[] places = from[(first + e) / images.size()];
      for (int i = 0; i < values; i++) {
        int pixel = image * values + places[i];
        out[at + e * values + i] =
            images.areFloats() ? images.features()[pixel] : (images.pixels()[pixel] & 0xff) / 255f;
      }
    }
  }
}
