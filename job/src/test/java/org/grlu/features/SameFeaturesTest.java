package org.grlu.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Slow systems have the same bits in another JVM, interpreted, and by any number of threads. */
@Tag("slow")
class SameFeaturesTest {

  @Test
  void systemsDependNeitherOnTheCompilerNorOnTheKernelsNorOnThreads() throws Exception {
    Process interpreted = interpreted();
    List<String> one = FeatureDigests.digests(1);
    assertThat(one).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    assertThat(FeatureDigests.digests(2)).isEqualTo(one);
    assertThat(FeatureDigests.digests(7)).isEqualTo(one);
    String out = new String(interpreted.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(interpreted.waitFor()).isZero();
    assertThat(out.lines().toList()).isEqualTo(one);
  }

  private static Process interpreted() throws Exception {
    return new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-Xint",
            "-Dgrlu.kernels=scalar",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            FeatureDigests.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
