package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.grlu.config.Json;
import org.grlu.reports.RunFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has a sweep. */
class SweepLockTest {
  /** A heartbeat that a test can wait for. */
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir private java.nio.file.Path folder;
  private final List<String> said = new ArrayList<>();
  private RunFolder sweep;
  private java.nio.file.Path file;

  @BeforeEach
  void create() throws IOException {
    sweep = RunFolder.in(folder.toString(), "s", new Configuration());
    sweep.create();
    file = folder.resolve("s/lock.json");
  }

  private SweepLock take() throws IOException, InterruptedException {
    return take(SweepLock.HEARTBEAT);
  }

  private SweepLock take(Duration heartbeat) throws IOException, InterruptedException {
    Path path = new Path(file.toString());
    return SweepLock.take(sweep, path, new Configuration(), heartbeat, said::add);
  }

  /** A lock that another process wrote. */
  private void other(String host, long pid, Instant heartbeat) throws IOException {
    Map<String, Object> owner = new TreeMap<>();
    owner.put("host", host);
    owner.put("pid", pid);
    owner.put("user", "ada");
    owner.put("started_at", "2024-02-29T12:00:00Z");
    owner.put("token", "theirs");
    owner.put("heartbeat", heartbeat.toString());
    sweep.write(SweepLock.FILE, (Json.of(owner) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String thisHost() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  @Test
  void aLockIsThereWhileItIsHeld() throws IOException, InterruptedException {
    try (SweepLock lock = take()) {
      assertThat(lock.lostTo()).isNull();
      assertThat(Json.read(Files.readString(file)))
          .containsEntry("host", thisHost())
          .containsEntry("pid", (int) ProcessHandle.current().pid());
    }
    assertThat(file).doesNotExist();
    assertThat(said).isEmpty();
  }

  @Test
  void aLivingOwnerIsNamed() throws IOException {
    other("elsewhere", 17, Instant.now());
    assertThatThrownBy(this::take)
        .isInstanceOf(SweepHeldException.class)
        .hasMessageContaining("is being run by process 17 of ada on elsewhere (started 2024-02-29");
    assertThat(Json.read(Files.readString(file))).containsEntry("token", "theirs");
  }

  @Test
  void aProcessThatIsGoneIsTakenOverFrom() throws IOException, InterruptedException {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    other(thisHost(), gone.pid(), Instant.now());
    try (SweepLock lock = take()) {
      assertThat(lock.lostTo()).isNull();
    }
    assertThat(said).singleElement().asString().startsWith("taken over from process ");
  }

  @Test
  void anotherHostsHeartThatStoppedIsTakenOverFrom() throws IOException, InterruptedException {
    other("elsewhere", 17, Instant.now().minusSeconds(3600));
    try (SweepLock lock = take(SHORT)) {
      assertThat(lock.lostTo()).isNull();
      assertThat(Json.read(Files.readString(file))).containsEntry("host", thisHost());
    }
    assertThat(said)
        .containsExactly(
            "taken over from process 17 of ada on elsewhere (started 2024-02-29T12:00:00Z), which is"
                + " gone");
  }

  @Test
  void anotherHostsHeartThatBeatsIsAliveWhateverItsClockSays() throws Exception {
    Instant wrong = Instant.now().minusSeconds(3600);
    other("elsewhere", 17, wrong);
    Thread beating =
        new Thread(
            () -> {
              try {
                for (int beat = 1; ; beat++) {
                  Thread.sleep(SHORT.toMillis() / 4);
                  other("elsewhere", 17, wrong.plusMillis(beat));
                }
              } catch (IOException | InterruptedException e) {
                // the test is over
              }
            });
    beating.start();
    try {
      assertThatThrownBy(() -> take(SHORT))
          .isInstanceOf(SweepHeldException.class)
          .hasMessageContaining("is being run by process 17 of ada on elsewhere");
    } finally {
      beating.interrupt();
      beating.join();
    }
    assertThat(said).isEmpty();
  }

  @Test
  void anOwnerFindsOutThatItWasTakenOver() throws IOException, InterruptedException {
    try (SweepLock lock = take(SHORT)) {
      while (lock.lostTo() == null) {
        // again and again: a heartbeat may be written just after
        other("elsewhere", 17, Instant.now());
        Thread.sleep(SHORT.toMillis());
      }
      assertThat(lock.lostTo()).startsWith("process 17 of ada on elsewhere");
    }
    assertThat(Json.read(Files.readString(file))).containsEntry("token", "theirs");
  }

  @Test
  void anotherHostsHeartInTheFutureThatDoesNotBeatIsTakenOverFrom()
      throws IOException, InterruptedException {
    other("elsewhere", 17, Instant.now().plusSeconds(3600));
    take(SHORT).close();
    assertThat(said).singleElement().asString().startsWith("taken over from process 17 of ada");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"host\":",
        "{}\n",
        "garbage}\n",
        "{\"host\": \"a\", \"pid\": \"7\", \"token\": \"t\", \"heartbeat\": \"2024-02-29T12:00:00Z\"}\n",
        "{\"host\": \"a\", \"pid\": 7, \"token\": \"t\", \"heartbeat\": \"noon\"}\n",
        "{\"host\": \"a\", \"pid\": 7, \"heartbeat\": \"2024-02-29T12:00:00Z\"}\n"
      })
  void aLockThatCannotBeUnderstoodIsNoLock(String content)
      throws IOException, InterruptedException {
    Files.writeString(file, content);
    take().close();
    assertThat(file).doesNotExist();
  }
}
