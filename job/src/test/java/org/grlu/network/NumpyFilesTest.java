package org.grlu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that NumPy wrote (src/test/resources, make_fixtures.py), and ours in NumPy's hands. */
class NumpyFilesTest {
  private static final NetworkShape SHAPE = TestData.relu(Skip.NONE, 6, 5, 3);

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = NumpyFilesTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "float32-C-stored",
        "float32-C-deflated",
        "float32-F-stored",
        "float32-F-deflated",
        "float64-C-stored",
        "float64-C-deflated",
        "float64-F-stored",
        "float64-F-deflated",
        "others-beside",
        "python2",
        "version2",
        "version3",
        "stream-stored",
        "stream-deflated",
        "comment",
        "zip64",
        "zip64-stream"
      })
  void filesOfNumpyAreRead(String name) throws IOException {
    ModelFile file = ModelFile.read(resource(name + ".npz"));
    assertThat(file.layers()).isEqualTo(List.of(6, 5, 3));
    Weights weights = file.weights(SHAPE);
    float[] w0 = new float[30];
    float[] w1 = new float[15];
    for (int i = 0; i < w0.length; i++) {
      w0[i] = i * 0.125f - 2;
    }
    for (int i = 0; i < w1.length; i++) {
      w1[i] = i * 0.25f - 1;
    }
    assertThat(weights.published(0)).containsExactly(w0);
    assertThat(weights.bias(0)).containsExactly(-1f, -0.5f, 0f, 0.5f, 1f);
    assertThat(weights.published(1)).containsExactly(w1);
    assertThat(weights.bias(1)).containsExactly(-0.5f, 0.5f, 1.5f);
  }

  @ParameterizedTest
  @CsvSource({
    "float16-C-stored, <f2",
    "big-endian, >f4",
    "whole-numbers, <i4",
    "missing-b1, b1",
    "nan, layer 1",
    "infinite, layer 1",
    "cube, shape",
    "wide-bias, b0",
    "flat-weights, W0",
    "other-names, W0",
    "scalar, shape",
    "pickled-W0, 'array W0: type |O (pickled objects), must be <f4 or <f8'",
    "structured-W0, 'array W0: type structured, must be <f4 or <f8'",
    "bzip2, 'W0.npy: is packed by method 12, must be stored (0) or deflated (8)'"
  })
  void unfitFilesAreRefusedWithWhatIsWrong(String name, String said) throws IOException {
    byte[] bytes = resource(name + ".npz");
    assertThatThrownBy(() -> ModelFile.read(bytes).weights(SHAPE))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }

  @Test
  void numpyReadsOurFiles(@TempDir Path folder) throws Exception {
    assumeTrue(python(folder, "import numpy").equals("0\n"), "python3 with NumPy is not there");
    Weights weights = Weights.initial(SHAPE, 1);
    double[][] table = {{1, 2.5}, {-3, 1e-300}};
    Files.write(
        folder.resolve("ours.npz"),
        ModelFile.write(
            weights, Map.of("table", table), Map.of("words", List.of("a", "über \uD83D\uDE00"))));
    String program =
        """
        import numpy, hashlib
        f = numpy.load('ours.npz')
        assert f['table'].tolist() == [[1, 2.5], [-3, 1e-300]], f['table']
        assert f['words'].tolist() == ['a', '\\u00fcber \\U0001F600'], f['words']
        assert [f[n].shape for n in ('W0', 'b0', 'W1', 'b1')] == [(5, 6), (5,), (3, 5), (3,)]
        assert all(f[n].dtype == numpy.dtype('<f4') for n in ('W0', 'b0', 'W1', 'b1'))
        d = hashlib.sha256(b''.join(f[n].tobytes() for n in ('W0', 'b0', 'W1', 'b1')))
        print(d.hexdigest())
        """;
    assertThat(python(folder, program)).isEqualTo(weights.sha256() + "\n0\n");
  }

  /** What a program prints, then its exit code on a line. */
  private static String python(Path folder, String program) throws Exception {
    try {
      Process process =
          new ProcessBuilder("python3", "-c", program)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said + process.waitFor() + "\n";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
