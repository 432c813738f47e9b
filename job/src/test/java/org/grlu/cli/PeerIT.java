package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.grlu.config.Json;
import org.grlu.datasets.LabelledImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The peers in C, where there is a compiler, and the script that compares with them. */
class PeerIT {
  private static final Path PEERS = Grlu.HOME.resolve("job/src/peers");

  @TempDir private Path folder;

  /** How a program ended, and all that it said. */
  private record End(int code, String said) {
    String last() {
      return said.substring(said.stripTrailing().lastIndexOf('\n') + 1);
    }
  }

  private static End end(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new End(process.waitFor(), said);
  }

  private static End end(String... command) throws IOException, InterruptedException {
    return end(List.of(command), Map.of());
  }

  private static End run(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PEERS.resolve("run").toString()));
    command.addAll(List.of(words));
    return end(command, Map.of());
  }

  private static boolean has(String... command) throws InterruptedException {
    try {
      return end(command).code == 0;
    } catch (IOException e) {
      // there is no such program
      return false;
    }
  }

  private String compiled(String name) throws IOException, InterruptedException {
    assumeTrue(has("gcc", "--version"), "there is no gcc to build the peers with");
    String program = folder.resolve(name).toString();
    String source = PEERS.resolve(name + ".c").toString();
    List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-march=native"));
    command.addAll(List.of("-ffast-math", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of(source, "-o", program, "-lm"));
    End end = end(command, Map.of());
    assumeFalse(
        end.said.contains("needs a processor with AVX-512"), "this processor has no AVX-512");
    assertThat(end.said).isEmpty();
    return program;
  }

  /** Files of MNIST's names and sizes, which repeat the sample's digits. */
  private void mnist() throws IOException {
    idx("train", TestData.sample().train(), 60_000);
    idx("t10k", TestData.sample().test(), 10_000);
  }

  private void idx(String name, LabelledImages digits, int count) throws IOException {
    Path images = folder.resolve(name + "-images-idx3-ubyte");
    Path labels = folder.resolve(name + "-labels-idx1-ubyte");
    byte[] grey = digits.pixels();
    try (OutputStream pixels = stream(images);
        OutputStream classes = stream(labels)) {
      pixels.write(new byte[16]);
      classes.write(new byte[8]);
      for (int i = 0; i < count; i++) {
        int digit = i % digits.size();
        pixels.write(grey, digit * digits.pixelsPerImage(), digits.pixelsPerImage());
        classes.write(digits.label(digit));
      }
    }
  }

  private static OutputStream stream(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
  }

  /** Whole or not. */
  private static double number(Map<String, Object> result, String key) {
    return ((Number) result.get(key)).doubleValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"trainer", "trainer_fused", "trainer_lazy"})
  void trainersLearn(String name) throws IOException, InterruptedException {
    String program = compiled(name);
    mnist();
    for (int p : new int[] {0, 3, 16}) {
      End end = end(program, String.valueOf(p), "1", "0.3", folder.toString());
      assertThat(end.code).as(end.said).isZero();
      Map<String, Object> result = Json.read(end.last());
      assertThat(result).containsEntry("peer", name).containsEntry("perturbations", p);
      assertThat(number(result, "micros_per_example")).isPositive();
      assertThat(number(result, "accuracy")).as("P = %d", p).isBetween(0.7, 1.0);
    }
  }

  @Test
  void peersSayInOneLineWhyTheyCannotRun() throws IOException, InterruptedException {
    String floor = compiled("floor");
    assertThat(end(floor, "0", "1", "1", "data"))
        .isEqualTo(
            new End(
                2,
                "floor: 0 1 1 data: must be PERTURBATIONS (1 to 128) BATCH (1 to 1)"
                    + " SECONDS (above 0) MNIST_DIR\n"));
    assertThat(end(floor).said).startsWith("floor: no arguments: must be ");
    assertThat(end(floor, "1", "1", "1", "data"))
        .isEqualTo(
            new End(
                4,
                "floor: data/train-images-idx3-ubyte: there is no such file;"
                    + " grlu data fetch brings MNIST to its cache\n"));
  }

  @Test
  void theScriptComparesCasesThatBenchHas() throws IOException, InterruptedException {
    End end = run("--list");
    assertThat(end.code).isZero();
    List<String> names =
        end.said.lines().map(line -> line.substring(0, line.indexOf(' '))).toList();
    assertThat(names).hasSizeGreaterThan(8).doesNotHaveDuplicates();
    assertThat(List.of(ExampleBench.names().split(", "))).containsAll(names);
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds 0, must be 1 to 999",
    "--seconds none, 'must be above 0, below 1000'",
    "--cases p2, must be of p1 p16",
    "--core first, must be the number of a core",
    "--quick, must be --cases",
    "--json --cases, --cases needs a value"
  })
  void theScriptRefusesWhatItCannotDo(String words, String allowed)
      throws IOException, InterruptedException {
    End end = run(words.split(" "));
    assertThat(end.said.lines()).singleElement().asString().startsWith("peers: --");
    assertThat(end.said).contains(allowed);
    assertThat(end.code).isEqualTo(2);
  }

  @Test
  void theScriptSaysWhichPeersItLeavesOutAndWhy() throws IOException, InterruptedException {
    assumeTrue(has("taskset", "--version"), "there is no taskset to pin programs with");
    Map<String, String> none = Map.of("CC", "no-cc", "CXX", "no-cxx", "MVN", "no-mvn");
    End end = end(List.of(PEERS.resolve("run").toString()), none);
    assertThat(end.said)
        .contains("peers: trainer_lazy is left out: there is no no-cc\n")
        .contains("peers: blas is left out: there is no no-cxx\n")
        .contains("peers: libtorch is left out: ");
    assertThat(end.last()).isEqualTo("peers: there is no peer to compare with\n");
    assertThat(end.code).isEqualTo(4);
  }
}
