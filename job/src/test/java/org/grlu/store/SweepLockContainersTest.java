package org.grlu.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.grlu.reports.RunFolder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers in containers of their own: each is process 1, on a host of the same name. */
@Tag("slow")
class SweepLockContainersTest {
  private static final List<String> CONTAINER =
      List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

  @TempDir private Path folder;

  /** Takes the lock of a folder and keeps it until it is killed. */
  static final class Driver {
    private Driver() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      Configuration hadoop = new Configuration();
      RunFolder sweep = RunFolder.in(arguments[0], "s", hadoop);
      sweep.create();
      var file = new org.apache.hadoop.fs.Path(arguments[0] + "/s", SweepLock.FILE);
      try {
        SweepLock.take(sweep, file, hadoop, SweepLock.HEARTBEAT, System.out::println);
        System.out.println("process %d has it".formatted(ProcessHandle.current().pid()));
        Thread.sleep(60_000);
      } catch (SweepHeldException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private Process driver() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    String path = System.getProperty("java.class.path");
    return contained(
        java, "-XX:-UsePerfData", "-cp", path, Driver.class.getName(), folder.toString());
  }

  private static Process contained(String... command) throws IOException {
    List<String> words = new ArrayList<>(CONTAINER);
    words.addAll(List.of(command));
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static boolean containersAreAllowed() throws InterruptedException {
    try {
      return contained("true").waitFor() == 0;
    } catch (IOException e) {
      // no such program
      return false;
    }
  }

  @Test
  @DisplayName("a live sweep is not taken over by a container whose process has the same id")
  void aSweepIsNotTakenOverFromAnotherContainersDriver() throws IOException, InterruptedException {
    assumeTrue(containersAreAllowed(), "skipped: " + String.join(" ", CONTAINER) + " fails here");
    Process first = driver();
    Process second = null;
    try {
      assertThat(first.inputReader().readLine()).isEqualTo("process 1 has it");
      second = driver();
      assertThat(second.inputReader().readLine()).contains("s is being run by process 1 of ");
    } finally {
      first.destroyForcibly();
      if (second != null) {
        second.destroyForcibly();
      }
    }
  }
}
