package org.grlu.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.grlu.config.ConfigReader;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.network.Weights;
import org.grlu.training.Checkpoint;
import org.grlu.training.LocalEngine;
import org.grlu.training.Predictor;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that ONNX Runtime runs: the same classes as by the passes that trained them. */
class OnnxModelTest {
  private static TrialSettings settings(String some) {
    return ConfigReader.read(
            null,
            List.of(
                "rule.name=backprop",
                "training { epochs = 1, batch-size = 32, learning-rate.max = 0.05 }",
                some))
        .trial();
  }

  private static Weights trained(TrialSettings settings) {
    Dataset digits = Datasets.sample();
    Dataset some =
        new Dataset(
            "digits",
            digits.train().slice(0, 640),
            digits.train().slice(0, 0),
            digits.test().slice(0, 10),
            10,
            digits.sha256());
    TrialListener silent =
        new TrialListener() {
          @Override
          public void progress(int epoch, double share, double meanReward, double rate) {}

          @Override
          public void epoch(Checkpoint checkpoint) {}
        };
    Trial trial =
        new Trial(settings, some, new LocalEngine(settings, some.train(), new Arena()), silent);
    return trial.run(Checkpoint.initial(settings, some.train())).weights();
  }

  private static byte[] onnx(TrialSettings settings, Weights weights) {
    return OnnxModel.write(settings.shape(), weights, settings.pixels(), true, "1");
  }

  private static OrtSession.Result run(OrtSession session, LabelledImages images)
      throws OrtException {
    float[] pixels = new float[images.size() * images.pixelsPerImage()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = images.pixels()[i] & 0xff;
    }
    long[] shape = {images.size(), images.pixelsPerImage()};
    return session.run(
        Map.of(
            "pixels",
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(pixels), shape)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "network.layers=[784,24,10]",
        "network { layers = [784,24,24,10], activation = top-k, k = 0.3, skip = residual }",
        "network { layers = [784,20,16,10], skip = dense, input-norm = none }",
        "network.layers=["
            + " { convolution = 6, size = 5, stride = 2, padding = 1 }, { pool = average, size = 2 },"
            + " { dense = 18 }]"
      })
  void classesAreThoseOfThePasses(String network) throws OrtException {
    TrialSettings settings = settings(network);
    Weights weights = trained(settings);
    LabelledImages digits = Datasets.sample().test();
    byte[] pixels = digits.slice(0, 500).pixels().clone();
    // of one grey level: layer norm makes zeros of it, not what rounding left
    java.util.Arrays.fill(pixels, 0, 784, (byte) 0);
    java.util.Arrays.fill(pixels, 784, 2 * 784, (byte) 77);
    byte[] labels = new byte[500];
    LabelledImages images = new LabelledImages(28, 28, pixels, labels);
    int[] expected = new int[images.size()];
    float[] probabilities = new float[images.size() * 10];
    new Predictor(settings, weights).predict(images, 0, images.size(), expected, probabilities);
    try (OrtSession session =
            OrtEnvironment.getEnvironment().createSession(onnx(settings, weights));
        OrtSession.Result result = run(session, images)) {
      long[] classes = (long[]) result.get("class").orElseThrow().getValue();
      assertThat(classes)
          .containsExactly(java.util.Arrays.stream(expected).asLongStream().toArray());
      assertThat(java.util.Arrays.stream(classes).distinct().count()).isGreaterThan(5);
      float[][] shares = (float[][]) result.get("probabilities").orElseThrow().getValue();
      for (int i = 0; i < shares.length; i++) {
        for (int j = 0; j < 10; j++) {
          assertThat(shares[i][j]).isCloseTo(probabilities[10 * i + j], within(2e-4f));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ recurrent = 8, steps = 28 }",
        "{ convolution = 2, size = 4, stride = 4, shared = false }"
      })
  void aLayerWithoutAFormIsNamed(String layer) {
    TrialSettings settings = settings("network.layers=[ " + layer + "]");
    assertThatThrownBy(() -> onnx(settings, new Weights(settings.shape())))
        .isInstanceOf(ExportException.class)
        .hasMessageStartingWith("layer 0, " + settings.shape().layer(0).text())
        .hasMessageEndingWith("have one");
  }

  @Test
  void csvHasALineForEachUnitAndNumbersThatReadAsTheSame() {
    TrialSettings settings = settings("network.layers=[784,6,10]");
    Weights weights = trained(settings);
    Map<String, byte[]> files = CsvMatrices.of(weights);
    assertThat(files.keySet()).containsExactly("W0.csv", "b0.csv", "W1.csv", "b1.csv");
    String[] lines =
        new String(files.get("W1.csv"), java.nio.charset.StandardCharsets.US_ASCII).split("\n", -1);
    assertThat(lines).hasSize(11).endsWith("");
    float[] matrix = weights.published(1);
    for (int i = 0; i < matrix.length; i++) {
      assertThat(Float.parseFloat(lines[i / 6].split(",", -1)[i % 6])).isEqualTo(matrix[i]);
    }
  }
}
