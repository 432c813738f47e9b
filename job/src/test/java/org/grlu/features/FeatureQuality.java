package org.grlu.features;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;

/**
 * Trains a slow system on the first 50,000 images of MNIST and says how well classes can be told by
 * its codes of the last 10,000 training images: by class means, by a linear discriminant and by a
 * ridge regression. Arguments are settings as {@code kind=pca size=128}.
 */
public final class FeatureQuality {
  private static final int TRAIN = 50_000;
  private static final int CLASSES = 10;

  private FeatureQuality() {}

  /** Codes with their labels. */
  private record Coded(float[] codes, int d, LabelledImages images) {
    static Coded of(Encoder encoder, LabelledImages images) {
      float[] codes = new float[images.size() * encoder.size()];
      encoder.encode(images, 0, images.size(), codes, 0);
      return new Coded(codes, encoder.size(), images);
    }

    int size() {
      return images.size();
    }
  }

  /** Takes settings; {@code first=N} for fewer images. */
  public static void main(String[] args) {
    TestSettings form = new TestSettings(FeatureSettings.Kind.HEBBIAN_PATCHES);
    form.filters = 64;
    form.grid = 4;
    form.size = 128;
    form.components = 128;
    form.whitenExamples = 20_000;
    form.epochs = 5;
    form.perturbations = 64;
    form.steps = 1500;
    int first = TRAIN;
    for (String arg : args) {
      if (arg.startsWith("first=")) {
        first = Integer.parseInt(arg.substring(6));
      } else {
        form.set(arg);
      }
    }
    LabelledImages all =
        Datasets.read("mnist", Path.of(System.getProperty("user.home"), ".cache/grlu/mnist"))
            .train();
    LabelledImages train = all.slice(0, first);
    long start = System.nanoTime();
    Encoder encoder =
        SlowSystem.train(
            form.build(),
            "quality",
            ThreadParts.one(train),
            line -> System.out.printf(Locale.ROOT, "%7.2f s  %s%n", seconds(start), line));
    System.out.printf(Locale.ROOT, "%7.2f s  trained%n", seconds(start));
    long encoding = System.nanoTime();
    Coded coded = Coded.of(encoder, train);
    System.out.printf(
        Locale.ROOT,
        "encoding: %.0f us an image%n",
        (System.nanoTime() - encoding) / 1e3 / train.size());
    if (encoder.reconstructs()) {
      LabelledImages held = all.slice(TRAIN, all.size());
      float[] pixels = Encoder.pixels(held, 0, held.size());
      float[] made = encoder.reconstruct(held, 0, held.size());
      double squares = 0;
      for (int i = 0; i < made.length; i++) {
        squares += (made[i] - pixels[i]) * (double) (made[i] - pixels[i]);
      }
      System.out.printf(Locale.ROOT, "squared error a pixel %.5f%n", squares / made.length);
    }
    report(coded, Coded.of(encoder, all.slice(TRAIN, all.size())));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void report(Coded train, Coded held) {
    int d = train.d;
    int n = train.size();
    LabelledImages codes = LabelledImages.ofFloats(1, d, 1, train.codes, new byte[n]);
    Moments moments = Moments.of(ThreadParts.one(codes), List.of(), d, n);
    double[][] mean = new double[CLASSES][d];
    int[] count = new int[CLASSES];
    for (int e = 0; e < n; e++) {
      int c = train.images.label(e);
      count[c]++;
      for (int i = 0; i < d; i++) {
        mean[c][i] += train.codes[e * d + i];
      }
    }
    for (int c = 0; c < CLASSES; c++) {
      for (int i = 0; i < d; i++) {
        mean[c][i] /= count[c];
      }
    }
    double[] bias = new double[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      bias[c] = -0.5 * dot(mean[c], mean[c]);
    }
    System.out.printf(Locale.ROOT, "class means %.2f%%%n", accuracy(held, mean, bias));
    double[] within = moments.covariance().clone();
    for (int c = 0; c < CLASSES; c++) {
      for (int i = 0; i < d; i++) {
        double a = (mean[c][i] - moments.mean()[i]) * count[c] / n;
        for (int j = 0; j < d; j++) {
          within[i * d + j] -= a * (mean[c][j] - moments.mean()[j]);
        }
      }
    }
    double[][] discriminant = solve(within, 0.01, mean);
    for (int c = 0; c < CLASSES; c++) {
      bias[c] = -0.5 * dot(discriminant[c], mean[c]);
    }
    System.out.printf(Locale.ROOT, "LDA %.2f%%%n", accuracy(held, discriminant, bias));
    double[][] cross = new double[CLASSES][d];
    for (int c = 0; c < CLASSES; c++) {
      for (int i = 0; i < d; i++) {
        cross[c][i] = (mean[c][i] - moments.mean()[i]) * count[c] / n;
      }
    }
    double[][] ridge = solve(moments.covariance(), 1e-3, cross);
    for (int c = 0; c < CLASSES; c++) {
      bias[c] = (double) count[c] / n - dot(ridge[c], moments.mean());
    }
    System.out.printf(Locale.ROOT, "ridge %.2f%%%n", accuracy(held, ridge, bias));
  }

  private static double[][] solve(double[] matrix, double ridge, double[][] right) {
    int d = right[0].length;
    DMatrixRMaj a = DMatrixRMaj.wrap(d, d, matrix.clone());
    double add = ridge * CommonOps_DDRM.trace(a) / d;
    DMatrixRMaj b = new DMatrixRMaj(d, CLASSES);
    for (int i = 0; i < d; i++) {
      a.data[i * d + i] += add;
      for (int c = 0; c < CLASSES; c++) {
        b.data[i * CLASSES + c] = right[c][i];
      }
    }
    DMatrixRMaj x = new DMatrixRMaj(d, CLASSES);
    CommonOps_DDRM.solveSPD(a, b, x);
    double[][] rows = new double[CLASSES][d];
    for (int c = 0; c < CLASSES; c++) {
      for (int i = 0; i < d; i++) {
        rows[c][i] = x.data[i * CLASSES + c];
      }
    }
    return rows;
  }

  private static double accuracy(Coded coded, double[][] w, double[] bias) {
    int right = 0;
    for (int e = 0; e < coded.size(); e++) {
      double[] scores = bias.clone();
      int best = 0;
      for (int c = 0; c < CLASSES; c++) {
        for (int i = 0; i < coded.d; i++) {
          scores[c] += w[c][i] * coded.codes[e * coded.d + i];
        }
        best = scores[c] > scores[best] ? c : best;
      }
      right += best == coded.images.label(e) ? 1 : 0;
    }
    return 100.0 * right / coded.size();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
