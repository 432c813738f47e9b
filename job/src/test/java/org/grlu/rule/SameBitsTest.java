package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole steps give the same bits in another JVM, with SIMD and without. */
@Tag("slow")
class SameBitsTest {

  @Test
  void stepsDependNeitherOnTheJvmNorOnTheKernels() throws Exception {
    List<String> simd = digests("-Dgrlu.kernels=simd");
    List<String> scalar = digests("-Dgrlu.kernels=scalar");
    assertThat(simd.get(0)).startsWith("simd");
    assertThat(scalar.get(0)).isEqualTo("scalar");
    assertThat(simd).hasSizeGreaterThan(200);
    assertThat(scalar.subList(1, scalar.size()))
        .containsExactlyElementsOf(simd.subList(1, simd.size()));
  }

  private static List<String> digests(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("--add-modules=jdk.incubator.vector", "-Xmx512m"));
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), StepDigests.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out.lines().toList();
  }
}
