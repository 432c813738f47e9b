package org.grlu.export;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.grlu.network.Parameter;
import org.grlu.network.Weights;

/**
 * A network's arrays as text, a file each: a line for each first index, its numbers in row-major
 * order with commas between them, each the shortest decimal that reads as the same 32-bit float. A
 * bias has one number a line. There is no heading.
 */
public final class CsvMatrices {
  private CsvMatrices() {}

  /**
   * The files' contents by name: W0.csv, b0.csv, W1.csv, ...
   *
   * @param weights folded
   */
  public static Map<String, byte[]> of(Weights weights) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int l = 0; l < weights.shape().depth(); l++) {
      Map<String, float[]> arrays = weights.arrays(l);
      for (Parameter each : weights.shape().layer(l).parameters()) {
        String text = lines(arrays.get(each.name()), each.shape().get(0));
        files.put(each.name() + l + ".csv", text.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return files;
  }

  private static String lines(float[] values, int lines) {
    int columns = values.length / lines;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      text.append(values[i]).append(i % columns == columns - 1 ? '\n' : ',');
    }
    return text.toString();
  }
}
