package org.grlu.network;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.grlu.math.Floats;

/**
 * An array of a layer's weights as files and digests have it.
 *
 * @param name W for what is multiplied by the layer's input, R by its own last state, b for biases
 * @param shape row-major
 * @param place by number in the array: where it is in the layer's memory
 */
public record Parameter(String name, List<Integer> shape, IntUnaryOperator place) {
  public int count() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** Its values. */
  float[] of(Floats w) {
    float[] values = new float[count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = w.get(place.applyAsInt(i));
    }
    return values;
  }

  /**
   * Takes over its values.
   *
   * @param w Modified.
   */
  void set(Floats w, float[] values) {
    if (values.length != count()) {
      throw new IllegalArgumentException(
          "array %s of shape %s: %d values".formatted(name, shape, values.length));
    }
    for (int i = 0; i < values.length; i++) {
      w.set(place.applyAsInt(i), values[i]);
    }
  }
}
