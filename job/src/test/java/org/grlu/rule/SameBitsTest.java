package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.grlu.training.ConsolidationDigests;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole steps give the same bits in another JVM, with SIMD and without. */
@Tag("slow")
class SameBitsTest {

  @Test
  void stepsDependNeitherOnTheJvmNorOnTheKernels() throws Exception {
    List<String> simd = digests(StepDigests.class, "-Dgrlu.kernels=simd");
    List<String> scalar = digests(StepDigests.class, "-Dgrlu.kernels=scalar");
    assertThat(simd.get(0)).startsWith("simd");
    assertThat(scalar.get(0)).isEqualTo("scalar");
    assertThat(simd).hasSizeGreaterThan(200);
    assertThat(scalar.subList(1, scalar.size()))
        .containsExactlyElementsOf(simd.subList(1, simd.size()));
  }

  /** EJML's solutions among them, by an interpreter and by compiled code. */
  @Test
  void readoutsDependOnNeither() throws Exception {
    List<String> simd = digests(ReadoutDigests.class, "-Dgrlu.kernels=simd");
    assertThat(simd).hasSizeGreaterThan(20).doesNotHaveDuplicates();
    assertThat(digests(ReadoutDigests.class, "-Dgrlu.kernels=scalar", "-Xint"))
        .containsExactlyElementsOf(simd);
  }

  @Test
  void consolidationDependsOnNeither() throws Exception {
    List<String> simd = digests(ConsolidationDigests.class, "-Dgrlu.kernels=simd");
    assertThat(simd).hasSize(4).doesNotHaveDuplicates();
    assertThat(digests(ConsolidationDigests.class, "-Dgrlu.kernels=scalar"))
        .containsExactlyElementsOf(simd);
  }

  private static List<String> digests(Class<?> main, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("--add-modules=jdk.incubator.vector", "-Xmx512m"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out.lines().toList();
  }
}
