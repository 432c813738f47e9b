package org.grlu.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.grlu.network.Convolution;
import org.grlu.network.Dense;
import org.grlu.network.Extent;
import org.grlu.network.Layer;
import org.grlu.network.Weights;
import org.grlu.reports.FirstLayer;

/** The weights of a network's first layer as pictures. */
final class FirstLayers {
  private FirstLayers() {}

  /**
   * A convolution's kernels, or the images that dense neurons look for; empty for other layers, and
   * for what is no image.
   *
   * @param image its height, width and channels; empty where they are not known
   */
  static Optional<FirstLayer> of(Weights weights, List<Integer> image) {
    Layer layer = weights.shape().layer(0);
    float[] w = weights.arrays(0).get("W");
    if (layer instanceof Convolution convolution) {
      return Optional.of(kernels(convolution, w));
    }
    boolean fits =
        image.size() == 3
            && image.get(0) > 1
            && image.get(0) * image.get(1) * image.get(2) == layer.inputs();
    return layer instanceof Dense && fits
        ? Optional.of(
            fields(
                layer.puts().channels(), w, Extent.image(image.get(0), image.get(1), image.get(2))))
        : Optional.empty();
  }

  /** W is (channels x channels that it reads x size x size), by position where not shared. */
  private static FirstLayer kernels(Convolution layer, float[] w) {
    Extent puts = layer.puts();
    int read = layer.reads().channels();
    int length = read * layer.size() * layer.size();
    int position = layer.shared() ? 0 : puts.height() / 2 * puts.width() + puts.width() / 2;
    List<float[]> units = new ArrayList<>();
    for (int i = 0; i < Math.min(FirstLayer.MOST, layer.channels()); i++) {
      int at = (position * layer.channels() + i) * length;
      units.add(Arrays.copyOfRange(w, at, at + length));
    }
    String title =
        "The kernels of the convolution's channels"
            + (layer.shared() ? "" : ", at the position in the middle");
    return new FirstLayer(
        title, "channel", layer.size(), layer.size(), read, units, layer.channels());
  }

  /** W is (units x numbers of the image, position by position). */
  private static FirstLayer fields(int count, float[] w, Extent image) {
    int numbers = image.numbers();
    int positions = image.positions();
    List<float[]> units = new ArrayList<>();
    for (int unit = 0; unit < Math.min(FirstLayer.MOST, count); unit++) {
      float[] field = new float[numbers];
      for (int i = 0; i < numbers; i++) {
        int channel = i % image.channels();
        field[channel * positions + i / image.channels()] = w[unit * numbers + i];
      }
      units.add(field);
    }
    return new FirstLayer(
        "What each neuron weighs at each pixel",
        "unit",
        image.height(),
        image.width(),
        image.channels(),
        units,
        count);
  }
}
