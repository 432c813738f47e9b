package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other JVMs than those that Spark and its Hadoop know. */
class JvmIT {
  private static final Path JVMS = Path.of("/usr/lib/jvm");

  @TempDir private Path folder;

  private Grlu grlu(Path jvm) throws IOException {
    return new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu"))
        .file("small.conf", Grlu.SMALL)
        .option("--master", "local[1]")
        .with("JAVA_HOME", jvm.toString());
  }

  @Test
  @DisplayName("unsupported JVMs: later ones than Hadoop knows are refused in a line")
  void later() throws IOException, InterruptedException {
    Optional<Path> later = Optional.empty();
    if (Files.isDirectory(JVMS)) {
      try (Stream<Path> all = Files.list(JVMS)) {
        later = all.filter(JvmIT::isLater).findFirst();
      }
    }
    assumeTrue(later.isPresent(), "no Java 24 or later in " + JVMS);
    Grlu grlu = grlu(later.get());
    grlu.run("train", "small.conf", "--out", "none")
        .saysOnly(4, "does not work with this Spark's Hadoop", "a Java from 17 to 22");
    grlu.run("show", "abc", "--in", "none").saysOnly(4, "a Java from 17 to 22");
    assertThat(folder.resolve("none")).doesNotExist();
    // Hadoop has no part in these
    grlu.run("config", "small.conf").succeeds();
  }

  private static boolean isLater(Path jvm) {
    Path release = jvm.resolve("release");
    return Files.isReadable(release)
        && Grlu.lines(release).stream()
            .anyMatch(line -> line.matches("JAVA_VERSION=\"(2[4-9]|[3-9]\\d).*"));
  }

  @Test
  @DisplayName("unsupported JVMs: an earlier one than the jar is for is refused by the script")
  void earlier() throws IOException, InterruptedException {
    Path java = folder.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\nexit 1\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    for (String version : new String[] {"11.0.2", "1.8.0_402"}) {
      Files.writeString(
          folder.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
      grlu(folder.resolve("jdk"))
          .run("train", "small.conf")
          .saysOnly(4, "Java " + (version.startsWith("11") ? "11" : "8") + " in ", "JAVA_HOME");
    }
  }
}
