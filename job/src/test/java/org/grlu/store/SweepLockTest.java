package org.grlu.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.grlu.config.Json;
import org.grlu.reports.RunFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
    other(host, pid, heartbeat, Map.of());
  }

  private void other(String host, long pid, Instant heartbeat, Map<String, Object> mark)
      throws IOException {
    Map<String, Object> owner = new TreeMap<>(mark);
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
          .containsEntry("pid", (int) ProcessHandle.current().pid())
          .containsAllEntriesOf(marked(own()));
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

  /** This process's mark; the test is skipped where there is none. */
  private static ProcessMark own() {
    Optional<ProcessMark> own = ProcessMark.own();
    assumeTrue(own.isPresent(), "skipped: /proc does not say boot, namespace and start here");
    return own.get();
  }

  /** What an owner of that mark writes besides its process id. */
  private static Map<String, Object> marked(ProcessMark mark) {
    Map<String, Object> read = new TreeMap<>();
    mark.putInto(read);
    read.put("start_ticks", (int) mark.startTicks());
    return read;
  }

  private static long gonePid() throws IOException, InterruptedException {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    return gone.pid();
  }

  @Test
  void aProcessThatIsGoneIsTakenOverFromAtOnce() throws IOException, InterruptedException {
    other(thisHost(), gonePid(), Instant.now(), marked(own()));
    try (SweepLock lock = take()) {
      assertThat(lock.lostTo()).isNull();
    }
    assertThat(said).singleElement().asString().startsWith("taken over from process ");
  }

  @Test
  void aProcessWhoseIdAnotherGotSinceIsTakenOverFromAtOnce() throws Exception {
    ProcessMark own = own();
    ProcessMark before =
        new ProcessMark(own.bootId(), own.namespace(), own.pid(), own.startTicks() - 1);
    other(thisHost(), own.pid(), Instant.now(), marked(before));
    take().close();
    assertThat(said).singleElement().asString().startsWith("taken over from process ");
  }

  @Test
  void aProcessThatOnlyWaitsForItsParentIsGone() throws Exception {
    ProcessMark own = own();
    // the shell becomes a sleep, which never asks how its child ended; the child ends thereafter
    Process parent =
        new ProcessBuilder("sh", "-c", "exec 3<&0; cat <&3 & echo $!; exec sleep 60").start();
    try {
      long pid = Long.parseLong(parent.inputReader().readLine());
      java.nio.file.Path name = java.nio.file.Path.of("/proc", Long.toString(parent.pid()), "comm");
      while (!Files.readString(name).strip().equals("sleep")) {
        Thread.sleep(5);
      }
      parent.getOutputStream().close();
      java.nio.file.Path stat = java.nio.file.Path.of("/proc", Long.toString(pid), "stat");
      String line = Files.readString(stat);
      while (!line.contains(") Z ")) {
        Thread.sleep(5);
        line = Files.readString(stat);
      }
      long start = Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[19]);
      assertThat(new ProcessMark(own.bootId(), own.namespace(), pid, start).isGone(own)).isTrue();
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  @Test
  void anotherContainersProcessIsAliveWhileItsHeartBeats() throws Exception {
    ProcessMark own = own();
    // containers of one host name, in which the drivers have the same process id; and one that this
    // container has no process of
    ProcessMark elsewhere =
        new ProcessMark(own.bootId(), "pid:[1]", own.pid(), own.startTicks() - 1);
    for (long pid : new long[] {own.pid(), gonePid()}) {
      other(thisHost(), pid, Instant.now(), marked(elsewhere));
      assertThatThrownBy(this::take)
          .isInstanceOf(SweepHeldException.class)
          .hasMessageContainingAll("is being run by process " + pid, "31 seconds after that");
    }
    other(thisHost(), own.pid(), Instant.now().minusSeconds(3600), marked(elsewhere));
    take(SHORT).close();
    assertThat(said).singleElement().asString().startsWith("taken over from process ");
  }

  @Test
  void anotherMachinesProcessIsAliveWhileItsHeartBeats() throws Exception {
    ProcessMark own = own();
    ProcessMark elsewhere =
        new ProcessMark("another boot", own.namespace(), own.pid(), own.startTicks() - 1);
    other(thisHost(), own.pid(), Instant.now(), marked(elsewhere));
    assertThatThrownBy(this::take).isInstanceOf(SweepHeldException.class);
  }

  @Test
  void anOwnerThatSaysNoMoreThanItsProcessIdIsAliveWhileItsHeartBeats() throws Exception {
    other(thisHost(), gonePid(), Instant.now());
    assertThatThrownBy(this::take).isInstanceOf(SweepHeldException.class);
    other(thisHost(), gonePid(), Instant.now().minusSeconds(3600));
    take(SHORT).close();
    assertThat(said).singleElement().asString().startsWith("taken over from process ");
  }

  @Test
  void twoTakersOfOneProcessDoNotTakeFromEachOther() throws IOException, InterruptedException {
    try (SweepLock lock = take()) {
      assertThatThrownBy(this::take).isInstanceOf(SweepHeldException.class);
      assertThat(lock.lostTo()).isNull();
    }
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

  @Tag("slow")
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
