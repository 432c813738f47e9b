package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with a local master opens no door to other machines: its listening sockets are read. */
class LoopbackIT {
  private static final String LISTENING = "0A";

  @TempDir private Path folder;

  @BeforeEach
  void configuration() throws IOException {
    assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")), "no /proc to read sockets from");
    Files.writeString(folder.resolve("long.conf"), Grlu.SMALL.replace("= 3", "= 100000"));
  }

  @Test
  @DisplayName("local runs open no doors: by the start script, Spark's page among what listens")
  void byTheScript() throws IOException, InterruptedException {
    Grlu grlu =
        new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu"))
            .option("--master", "local[2]")
            .conf("spark.ui.port=0")
            .quick();
    try (Grlu.Running running = grlu.start("train", "long.conf")) {
      running.waitForLine("Epoch 1/");
      // the driver's calls, its blocks, and the page
      assertThat(listening(running.pid())).hasSize(3).allMatch(LoopbackIT::isLoopback);
    }
  }

  @Test
  @DisplayName("local runs open no doors: by spark-submit alone, which leaves the page out")
  void bySparkSubmit() throws IOException, InterruptedException {
    Path submit = folder.resolve("submit");
    Files.writeString(
        submit,
        """
        #!/bin/sh
        exec java @%1$s/submit-scripts/java-options -XX:TieredStopAtLevel=1 -Dgrlu.kernels=scalar \\
          -cp '%1$s/job/target/spark/jars/*' org.apache.spark.deploy.SparkSubmit "$@"
        """
            .formatted(Grlu.HOME));
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    Grlu grlu =
        new Grlu(folder, submit)
            .option("--master", "local[2]", "--class", "org.grlu.cli.Main")
            .option(Grlu.HOME.resolve("job/target/grlu.jar").toString());
    try (Grlu.Running running = grlu.start("train", "long.conf")) {
      running.waitForLine("Epoch 1/");
      running.waitForError("Spark's web page is left out: ");
      assertThat(listening(running.pid())).hasSize(2).allMatch(LoopbackIT::isLoopback);
    }
  }

  /** Where a process listens, as the kernel writes addresses. */
  private static List<String> listening(long pid) throws IOException {
    Path process = Path.of("/proc", String.valueOf(pid));
    Set<String> own = new HashSet<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path each : open) {
        own.add(target(each));
      }
    }
    List<String> addresses = new ArrayList<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      if (!Files.isReadable(process.resolve(table))) {
        continue; // IPv6 is off
      }
      for (String line : Files.readAllLines(process.resolve(table))) {
        String[] words = line.strip().split("\\s+", -1);
        if (words[3].equals(LISTENING) && own.contains("socket:[" + words[9] + "]")) {
          addresses.add(words[1].substring(0, words[1].indexOf(':')));
        }
      }
    }
    return addresses;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  /** 127.0.0.1, the same as IPv6 writes it, or ::1; each word of four bytes is little-endian. */
  private static boolean isLoopback(String address) {
    return address.equals("0100007F")
        || address.equals("0000000000000000FFFF00000100007F")
        || address.equals("00000000000000000000000001000000");
  }
}
