package org.grlu.features;

import java.util.List;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/**
 * A linear autoencoder by global reward, with no backpropagation: {@code h = W1 (x - mu) + b1},
 * {@code xhat = W2 h + b2}, reward {@code -1/2 |x - mu - xhat|^2}. Each pair perturbs the code by
 * {@code +-s xi_p} in two passes. With {@code e = x - mu - xhat} their rewards differ by exactly
 * {@code 2 s d_p}, {@code d_p = e . (W2 xi_p)}, which is what the pass of the noise gives; then
 * {@code dW1 = eta 1/P sum_p d_p xi_p (x - mu)^T}. The decoder sees its own error, {@code dW2 = eta
 * e h^T}; or it has noise zeta_p on its outputs too, {@code d_p = e . (W2 xi_p + zeta_p)} and
 * {@code dW2 = eta 1/P sum_p d_p zeta_p h^T}. One example a step; the rate falls linearly to 0.
 *
 * @param decoderByNoise whether the decoder learns by noise as the encoder does
 */
record GrluAutoencoder(
    int size, boolean decoderByNoise, double rate, int epochs, int pairs, long key)
    implements Parts.Part {
  private static final double DECODER_VARIANCE = 0.5;

  /** What {@link AutoencoderLayers} packs. */
  @Override
  public double[] of(LabelledImages images, int number) {
    return new Training(images).run();
  }

  private final class Training {
    private final Kernels kernels = Kernels.best();
    private final LabelledImages images;
    private final int pixels;
    private final int wide;
    private final int codeWide;
    private final int lanes = Kernels.padded(pairs);
    private final double[] mean;

    /** (pixels x code), padded; the decoder's (code x pixels), padded. */
    private final Floats encoder;

    private final Floats decoder;
    private final Floats encoderBias;
    private final Floats decoderBias;
    private final Floats x;
    private final Floats h;
    private final Floats error;

    /** (code x pairs), padded, and what comes of it, (pixels x pairs). */
    private final Floats noise;

    private final Floats moved;
    private final Floats outputNoise;
    private final Floats differences = Floats.of(lanes);
    private final Floats codeStep;
    private final Floats outputStep;
    private final int[] low = new int[lanes];
    private final int[] high = new int[lanes];

    Training(LabelledImages images) {
      this.images = images;
      pixels = images.pixelsPerImage();
      wide = Kernels.padded(pixels);
      codeWide = Kernels.padded(size);
      mean = Moments.mean(images, 0);
      encoder = Floats.of(pixels * codeWide);
      decoder = Floats.of(size * wide);
      encoderBias = Floats.of(codeWide);
      decoderBias = Floats.of(wide);
      x = Floats.of(wide);
      h = Floats.of(codeWide);
      error = Floats.of(wide);
      noise = Floats.of(size * lanes);
      moved = Floats.of(pixels * lanes);
      outputNoise = Floats.of(decoderByNoise ? pixels * lanes : 0);
      codeStep = Floats.of(codeWide);
      outputStep = Floats.of(wide);
      for (int i = 0; i < pixels; i++) {
        double deviation = Math.sqrt(1.0 / pixels);
        encoder.copy(Floats.over(Normals.of(stream(0, i), deviation, size)), 0, i * codeWide, size);
      }
      for (int k = 0; k < size; k++) {
        double deviation = Math.sqrt(DECODER_VARIANCE / size);
        decoder.copy(Floats.over(Normals.of(stream(1, k), deviation, pixels)), 0, k * wide, pixels);
      }
    }

    private long stream(int use, int i) {
      return StreamKey.child(StreamKey.child(key, use), i);
    }

    double[] run() {
      int n = images.size();
      double[] errors = new double[epochs];
      // nothing comes back from what is no number
      for (int epoch = 0;
          epoch < epochs && Double.isFinite(errors[Math.max(0, epoch - 1)]);
          epoch++) {
        int[] order = Permutation.of(stream(2, epoch), n);
        long draws = stream(3, epoch);
        for (int t = 0; t < n; t++) {
          double left = 1 - (epoch * (double) n + t) / ((double) epochs * n);
          look(order[t]);
          pass();
          errors[epoch] += squares();
          compare(StreamKey.child(draws, t));
          learn((float) (rate * left));
        }
        errors[epoch] /= (double) n * pixels;
      }
      return AutoencoderLayers.of(pixels, 0, size)
          .pack(List.of(encoder, decoder), List.of(encoderBias, decoderBias), mean, errors);
    }

    private void look(int image) {
      float[] to = x.array();
      for (int i = 0; i < pixels; i++) {
        to[i] = (float) (Encoder.value(images, image * pixels + i) - mean[i]);
      }
    }

    private void pass() {
      h.copy(encoderBias, 0, 0, codeWide);
      kernels.rowTimes(x, 0, 1, pixels, encoder, 0, codeWide, h, 0);
      kernels.clear(error, wide);
      kernels.rowTimes(h, 0, 1, size, decoder, 0, wide, error, 0);
      float[] e = error.array();
      float[] bias = decoderBias.array();
      float[] target = x.array();
      for (int i = 0; i < wide; i++) {
        e[i] = target[i] - (e[i] + bias[i]);
      }
    }

    private double squares() {
      double sum = 0;
      for (int i = 0; i < pixels; i++) {
        double e = error.get(i);
        sum += e * e;
      }
      return sum;
    }

    /** The pairs' noise, what it does to the output, and by how much rewards differ. */
    private void compare(long draws) {
      draw(StreamKey.child(draws, 0), size, noise);
      kernels.clear(moved, pixels * lanes);
      kernels.multiplyAdd(
          pixels, lanes, size, decoder, 0, 1, wide, noise, 0, lanes, moved, 0, lanes);
      if (decoderByNoise) {
        draw(StreamKey.child(draws, 1), pixels, outputNoise);
        kernels.add(outputNoise, moved, pixels * lanes);
      }
      kernels.clear(differences, lanes);
      kernels.rowTimes(error, 0, 1, pixels, moved, 0, lanes, differences, 0);
    }

    private void draw(long draws, int units, Floats out) {
      for (int p = 0; p < lanes; p++) {
        long pair = StreamKey.child(draws, p);
        low[p] = (int) pair;
        high[p] = (int) (pair >>> 32);
      }
      kernels.gaussians(low, high, 1, units, lanes, out);
    }

    private void learn(float step) {
      kernels.rowProducts(noise, size, lanes, differences, pairs, codeStep, 0);
      scale(codeStep, step / pairs);
      if (decoderByNoise) {
        kernels.rowProducts(outputNoise, pixels, lanes, differences, pairs, outputStep, 0);
        scale(outputStep, step / pairs);
      } else {
        outputStep.copy(error, 0, 0, wide);
        scale(outputStep, step);
      }
      kernels.multiplyAdd(
          pixels, codeWide, 1, x, 0, 1, 1, codeStep, 0, codeWide, encoder, 0, codeWide);
      kernels.multiplyAdd(size, wide, 1, h, 0, 1, 1, outputStep, 0, wide, decoder, 0, wide);
      kernels.add(codeStep, encoderBias, codeWide);
      kernels.add(outputStep, decoderBias, wide);
    }

    private void scale(Floats values, float factor) {
      float[] array = values.array();
      for (int i = 0; i < array.length; i++) {
        array[i] *= factor;
      }
    }
  }
}
