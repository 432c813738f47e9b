package org.grlu.features;

import java.util.ArrayList;
import java.util.List;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/**
 * An autoencoder by backpropagation and Adam (0.9, 0.999, 1e-8): what those without are measured
 * by. Its loss is {@code |xhat - (x - mu)|^2}, the mean of a batch of 128; the rate of step t of T
 * is {@code rate min(1, 2 (1 - t / T) + 0.02)}.
 *
 * @param hidden neurons of the layers before and after the code; 0 for a linear autoencoder
 */
record BackpropAutoencoder(int size, int hidden, double rate, int epochs, long key)
    implements Parts.Part {
  private static final int BATCH = 128;
  private static final float MEMORY = 0.9f;
  private static final float SQUARES_MEMORY = 0.999f;
  private static final float EPSILON = 1e-8f;

  /** What {@link AutoencoderLayers} packs. */
  @Override
  public double[] of(LabelledImages images, int number) {
    return new Training(images).run();
  }

  /** Parameters with what Adam knows of them. */
  private static final class Learned {
    private final Floats values;
    private final Floats gradient;
    private final float[] first;
    private final float[] second;

    Learned(int n) {
      values = Floats.of(n);
      gradient = Floats.of(n);
      first = new float[n];
      second = new float[n];
    }

    /** A step; {@code factor} and {@code root} hold the rate and the corrections of the start. */
    void step(float factor, float root) {
      step(values.array(), gradient.array(), first, second, factor, root);
    }

    private static void step(
        float[] w, float[] g, float[] first, float[] second, float factor, float root) {
      for (int i = 0; i < w.length; i++) {
        first[i] = MEMORY * first[i] + (1 - MEMORY) * g[i];
        second[i] = SQUARES_MEMORY * second[i] + (1 - SQUARES_MEMORY) * g[i] * g[i];
        w[i] -= factor * first[i] / ((float) Math.sqrt(second[i]) * root + EPSILON);
      }
    }
  }

  private final class Training {
    private final Kernels kernels = Kernels.best();
    private final LabelledImages images;
    private final AutoencoderLayers layers;
    private final int batch;
    private final double[] mean;
    private final List<Learned> weights = new ArrayList<>();
    private final List<Learned> biases = new ArrayList<>();

    /** Of each layer's inputs and the last one's outputs, (batch x values), padded. */
    private final List<Floats> values = new ArrayList<>();

    /** What the loss changes by with each layer's outputs, and the weights' transposes. */
    private final List<Floats> deltas = new ArrayList<>();

    private final List<Floats> transposed = new ArrayList<>();

    Training(LabelledImages images) {
      this.images = images;
      layers = AutoencoderLayers.of(images.pixelsPerImage(), hidden, size);
      batch = Math.min(BATCH, images.size());
      mean = Moments.mean(images, 0);
      values.add(Floats.of(batch * wide(0)));
      for (int l = 0; l < layers.count(); l++) {
        int inputs = layers.sizes()[l];
        Learned w = new Learned(inputs * wide(l + 1));
        long draws = StreamKey.child(StreamKey.child(key, 0), l);
        for (int i = 0; i < inputs; i++) {
          float[] row =
              Normals.of(StreamKey.child(draws, i), Math.sqrt(1.0 / inputs), layers.sizes()[l + 1]);
          w.values.copy(Floats.over(row), 0, i * wide(l + 1), row.length);
        }
        weights.add(w);
        biases.add(new Learned(wide(l + 1)));
        values.add(Floats.of(batch * wide(l + 1)));
        deltas.add(Floats.of(batch * wide(l + 1)));
        transposed.add(Floats.of(layers.sizes()[l + 1] * wide(l)));
      }
    }

    /** Values of layer boundary {@code l}, padded. */
    private int wide(int l) {
      return Kernels.padded(layers.sizes()[l]);
    }

    double[] run() {
      int each = images.size() / batch;
      int steps = epochs * each;
      double[] errors = new double[epochs];
      for (int epoch = 0; epoch < epochs; epoch++) {
        int[] order =
            Permutation.of(StreamKey.child(StreamKey.child(key, 1), epoch), images.size());
        for (int i = 0; i < each; i++) {
          look(order, i * batch);
          forward();
          errors[epoch] += error();
          backward();
          update(epoch * each + i, steps);
        }
        errors[epoch] /= (double) each * batch * mean.length;
      }
      return layers.pack(
          weights.stream().map(w -> w.values).toList(),
          biases.stream().map(b -> b.values).toList(),
          mean,
          errors);
    }

    private void look(int[] order, int from) {
      float[] to = values.get(0).array();
      for (int e = 0; e < batch; e++) {
        int image = order[from + e];
        for (int i = 0; i < mean.length; i++) {
          float value = Encoder.value(images, image * mean.length + i);
          to[e * wide(0) + i] = (float) (value - mean[i]);
        }
      }
    }

    private void forward() {
      for (int l = 0; l < layers.count(); l++) {
        int wide = wide(l + 1);
        Floats out = values.get(l + 1);
        for (int e = 0; e < batch; e++) {
          out.copy(biases.get(l).values, 0, e * wide, wide);
        }
        Floats in = values.get(l);
        Floats w = weights.get(l).values;
        kernels.multiplyAdd(
            batch, wide, layers.sizes()[l], in, 0, wide(l), 1, w, 0, wide, out, 0, wide);
        layers.shape(l).apply(out.array(), 0, batch * wide);
      }
    }

    /** The batch's squared error; its derivative becomes the last delta. */
    private double error() {
      int last = layers.count();
      float[] out = values.get(last).array();
      float[] in = values.get(0).array();
      float[] delta = deltas.get(last - 1).array();
      double squares = 0;
      for (int i = 0; i < delta.length; i++) {
        float e = out[i] - in[i];
        delta[i] = 2 * e / batch;
        squares += (double) e * e;
      }
      return squares;
    }

    private void backward() {
      for (int l = layers.count() - 1; l >= 0; l--) {
        int inputs = layers.sizes()[l];
        int wide = wide(l + 1);
        Floats delta = deltas.get(l);
        Learned w = weights.get(l);
        kernels.clear(w.gradient, inputs * wide);
        kernels.multiplyAdd(
            inputs, wide, batch, values.get(l), 0, 1, wide(l), delta, 0, wide, w.gradient, 0, wide);
        kernels.columnSums(delta, batch, wide, biases.get(l).gradient);
        if (l > 0) {
          sendBack(l);
        }
      }
    }

    private void sendBack(int l) {
      int wide = wide(l);
      int outputs = layers.sizes()[l + 1];
      float[] w = weights.get(l).values.array();
      float[] turned = transposed.get(l).array();
      for (int i = 0; i < layers.sizes()[l]; i++) {
        for (int j = 0; j < outputs; j++) {
          turned[j * wide + i] = w[i * wide(l + 1) + j];
        }
      }
      Floats to = deltas.get(l - 1);
      kernels.clear(to, batch * wide);
      kernels.multiplyAdd(
          batch,
          wide,
          outputs,
          deltas.get(l),
          0,
          wide(l + 1),
          1,
          transposed.get(l),
          0,
          wide,
          to,
          0,
          wide);
      layers.shape(l - 1).derive(values.get(l).array(), to.array());
    }

    private void update(int t, int steps) {
      double now = rate * Math.min(1, 2 * (1 - (double) t / steps) + 0.02);
      double factor = now / (1 - StrictMath.pow(MEMORY, t + 1));
      double root = 1 / Math.sqrt(1 - StrictMath.pow(SQUARES_MEMORY, t + 1));
      for (int l = 0; l < layers.count(); l++) {
        weights.get(l).step((float) factor, (float) root);
        biases.get(l).step((float) factor, (float) root);
      }
    }
  }
}
