package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bench says of itself, and how it ends before its time. */
class BenchIT {
  @TempDir private Path folder;

  @Test
  @DisplayName(
      "SIGTERM of bench: exit code 143, no exception, no folder left; it says how long it takes")
  void terminated() throws IOException, InterruptedException {
    Path mnist = Path.of(System.getProperty("user.home"), ".cache/grlu/mnist");
    assumeTrue(Files.exists(mnist.resolve("train-images-idx3-ubyte")), "MNIST is not in " + mnist);
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    for (String form : new String[] {"--stepped", "--sweep"}) {
      Grlu grlu = Grlu.in(folder).quick().with("TMPDIR", temporary.toString());
      Path logs = folder.resolve("logs" + form);
      try (Grlu.Running running = grlu.with("GRLU_LOG_DIR", logs.toString()).start("bench", form)) {
        running.waitFor(() -> hasStarted(logs));
        // into its jobs
        Thread.sleep(4000);
        ProcessHandle.of(running.pid()).orElseThrow().destroy();
        Grlu.Result ended = running.end();
        assertThat(ended.code()).isEqualTo(143);
        assertThat(ended.err())
            .anyMatch(line -> line.startsWith("measures for about "))
            .noneMatch(line -> line.startsWith("grlu: ") || line.startsWith("\tat "));
      }
    }
    assertThat(Grlu.names(temporary)).noneMatch(name -> name.startsWith("grlu-bench"));
  }

  private static boolean hasStarted(Path logs) {
    try {
      for (String log : Grlu.names(logs)) {
        if (Files.readString(logs.resolve(log))
            .contains("SecurityManager: authentication disabled")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
