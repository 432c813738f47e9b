package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.grlu.config.ConfigReader;
import org.grlu.network.ModelFile;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir private Path folder;
  private Weights weights;
  private Path run;

  /** A run's folder: a model, and its configuration beside it. */
  @BeforeEach
  void model() throws IOException {
    NetworkShape shape =
        ConfigReader.read(null, List.of("network.layers=[784,5,10]")).trial().shape();
    weights = Weights.initial(shape, 7);
    run = Files.createDirectory(folder.resolve("run"));
    Files.write(run.resolve("model.npz"), ModelFile.write(weights, Map.of("e", new double[1][2])));
    Files.writeString(run.resolve("resolved.conf"), "grlu.network.layers = [784, 5, 10]");
  }

  private Said export(Path model, String format, String out) {
    return Said.of(
        "export", model.toString(), "--format", format, "--out", folder.resolve(out).toString());
  }

  /** Read by nothing but the format's description. */
  @Test
  void npzHasTheArraysOfTheNetworkAlone() throws IOException {
    assertThat(export(run, "npz", "m.npz").out())
        .containsExactly("npz of 784-5-10 in " + folder.resolve("m.npz"));
    try (ZipFile zip = new ZipFile(folder.resolve("m.npz").toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName))
          .containsExactly("W0.npy", "b0.npy", "W1.npy", "b1.npy");
      ByteBuffer bytes =
          ByteBuffer.wrap(zip.getInputStream(zip.getEntry("W1.npy")).readAllBytes())
              .order(ByteOrder.LITTLE_ENDIAN);
      byte[] magic = new byte[8];
      bytes.get(magic);
      assertThat(magic).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
      byte[] header = new byte[bytes.getShort()];
      bytes.get(header);
      assertThat(new String(header, StandardCharsets.US_ASCII))
          .contains("'descr': '<f4'", "'fortran_order': False", "'shape': (10, 5)");
      for (float weight : weights.published(1)) {
        assertThat(bytes.getFloat()).isEqualTo(weight);
      }
      assertThat(bytes.hasRemaining()).isFalse();
    }
  }

  @Test
  void csvIsAFolderAndOnnxAFile() throws IOException {
    assertThat(export(run.resolve("model.npz"), "csv", "csv").code()).isEqualTo(ExitCode.DONE);
    assertThat(folder.resolve("csv/b0.csv")).hasContent("0.0\n0.0\n0.0\n0.0\n0.0");
    assertThat(export(run, "csv", "csv").err())
        .containsExactly(
            "grlu: --out %s: is there already; must be a new folder"
                .formatted(folder.resolve("csv")));
    Said onnx = export(run, "onnx", "m.onnx");
    assertThat(onnx.err()).containsExactly("configuration: " + run.resolve("resolved.conf"));
    assertThat(Files.size(folder.resolve("m.onnx"))).isGreaterThan(4 * 784 * 5);
  }

  @Test
  void whatIsNotThereIsSaidInALine() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(export(empty, "onnx", "o").err())
        .containsExactly("grlu: " + empty + ": there is no model.npz in this folder");
    Said none =
        Said.of("export", "0123abcd", "--format", "npz", "--out", "o", "--in", empty.toString());
    assertThat(none.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(none.err()).containsExactly("grlu: 0123abcd: there is no such trial in " + empty);
    assertThat(export(run, "pickle", "o").code()).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void completionKnowsEveryCommandAndItsOptions() {
    List<String> script = Said.of("completion", "bash").out();
    assertThat(String.join("\n", script))
        .contains(Main.commandLine().getSubcommands().keySet())
        .contains("'--format'", "'--retry-failed'");
  }
}
