package org.grlu.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ArrayFile;

/**
 * The layers of an autoencoder, from pixels less their mean through the code and back: as one row
 * of numbers when they come from a part, as stages when they are frozen.
 *
 * @param sizes from the pixels to the pixels
 */
record AutoencoderLayers(int[] sizes) {
  static final String MEAN = "mean";
  private static final String WEIGHTS = "_weights";
  private static final String BIAS = "_bias";

  /** Arrays of the decoder, its last layer's and that of the hidden one before it. */
  private static final String DECODER = "decoder";

  private static final String HIDDEN = "decoder_hidden";

  /** The mean squared error a pixel in each epoch, of an example before it is learned from. */
  static final String ERRORS = "squared_errors";

  static AutoencoderLayers of(int pixels, int hidden, int size) {
    return new AutoencoderLayers(
        hidden == 0
            ? new int[] {pixels, size, pixels}
            : new int[] {pixels, hidden, size, hidden, pixels});
  }

  int count() {
    return sizes.length - 1;
  }

  /** What a layer does to its sums: the code and the output are linear. */
  Linear.Shape shape(int layer) {
    boolean plain = layer == count() - 1 || layer == count() / 2 - 1;
    return plain ? Linear.Shape.PLAIN : Linear.Shape.LEAKY;
  }

  /**
   * One row of all numbers.
   *
   * @param weights of each layer, (inputs x outputs, padded)
   */
  double[] pack(List<Floats> weights, List<Floats> biases, double[] mean, double[] errors) {
    double[] all = new double[length() + mean.length + errors.length];
    int at = 0;
    for (int l = 0; l < count(); l++) {
      int stride = Kernels.padded(sizes[l + 1]);
      for (int j = 0; j < sizes[l + 1]; j++) {
        for (int i = 0; i < sizes[l]; i++) {
          all[at++] = weights.get(l).get(i * stride + j);
        }
      }
      for (int j = 0; j < sizes[l + 1]; j++) {
        all[at++] = biases.get(l).get(j);
      }
    }
    System.arraycopy(mean, 0, all, at, mean.length);
    System.arraycopy(errors, 0, all, at + mean.length, errors.length);
    return all;
  }

  private int length() {
    int length = 0;
    for (int l = 0; l < count(); l++) {
      length += sizes[l + 1] * (sizes[l] + 1);
    }
    return length;
  }

  /** The errors of the epochs, out of a packed row. */
  double[] errors(double[] packed) {
    return Arrays.copyOfRange(packed, length() + sizes[0], packed.length);
  }

  /** The encoder's stages out of a packed row: the first takes the mean off. */
  List<Stage> stages(double[] packed) {
    List<Stage> stages = new ArrayList<>();
    for (int l = 0; l < count() / 2; l++) {
      ArrayFile.Matrix w = weights(packed, l);
      float[] bias = bias(packed, l).values();
      for (int j = 0; l == 0 && j < w.rows(); j++) {
        double sum = bias[j];
        for (int i = 0; i < w.columns(); i++) {
          sum -= w.values()[j * w.columns() + i] * packed[length() + i];
        }
        bias[j] = (float) sum;
      }
      stages.add(new Linear(w.columns(), w.rows(), shape(l), w.values(), bias));
    }
    return stages;
  }

  /** The decoder's arrays, the mean image and the errors. */
  Map<String, ArrayFile.Matrix> beside(double[] packed) {
    Map<String, ArrayFile.Matrix> beside = new LinkedHashMap<>();
    for (int l = count() / 2; l < count(); l++) {
      String name = l == count() - 1 ? DECODER : HIDDEN;
      beside.put(name + WEIGHTS, weights(packed, l));
      beside.put(name + BIAS, bias(packed, l));
    }
    beside.put(MEAN, row(packed, length(), sizes[0]));
    double[] errors = errors(packed);
    beside.put(ERRORS, row(errors, 0, errors.length));
    return beside;
  }

  private ArrayFile.Matrix weights(double[] packed, int layer) {
    float[] values = row(packed, at(layer), sizes[layer + 1] * sizes[layer]).values();
    return new ArrayFile.Matrix(sizes[layer + 1], sizes[layer], values);
  }

  private ArrayFile.Matrix bias(double[] packed, int layer) {
    return row(packed, at(layer + 1) - sizes[layer + 1], sizes[layer + 1]);
  }

  private int at(int layer) {
    int at = 0;
    for (int l = 0; l < layer; l++) {
      at += sizes[l + 1] * (sizes[l] + 1);
    }
    return at;
  }

  private static ArrayFile.Matrix row(double[] values, int from, int n) {
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      floats[i] = (float) values[from + i];
    }
    return new ArrayFile.Matrix(1, n, floats);
  }

  /** The stages of a decoder out of what stands beside an encoder; none where there is none. */
  static List<Stage> decoder(Map<String, ArrayFile.Matrix> beside) {
    List<Stage> stages = new ArrayList<>();
    for (String name : List.of(HIDDEN, DECODER)) {
      ArrayFile.Matrix w = beside.get(name + WEIGHTS);
      if (w != null) {
        Linear.Shape shape = name.equals(HIDDEN) ? Linear.Shape.LEAKY : Linear.Shape.PLAIN;
        float[] bias = beside.get(name + BIAS).values();
        stages.add(new Linear(w.columns(), w.rows(), shape, w.values(), bias));
      }
    }
    return stages;
  }
}
