package org.grlu.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetFetcherSettingsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://mirror.example/mnist",
        "HTTPS://mirror.example/mnist/",
        "http://localhost:8080/mnist",
        "http://127.0.0.1/",
        "http://[::1]:80/"
      })
  void takesHttpsAndLoopback(String mirror) {
    assertThat(settings(List.of("mirrors"), mirror, SECOND, SECOND, "npm").mirrors()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://mirror.example/mnist",
        "http://127.0.0.1.mirror.example/",
        "http://localhost.mirror.example/",
        "http://user@mirror.example/",
        "ftp://127.0.0.1/",
        "file:///etc",
        "mnist"
      })
  void refusesOtherMirrors(String mirror) {
    assertThatThrownBy(() -> settings(List.of("mirrors"), mirror, SECOND, SECOND, "npm"))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("mirror " + mirror + "; must start with https://");
  }

  @Test
  void refusesUnknownSources() {
    for (List<String> sources : List.of(List.<String>of(), List.of("cache", "torrent"))) {
      assertThatThrownBy(() -> settings(sources, "https://a.example", SECOND, SECOND, "npm"))
          .isInstanceOf(DatasetException.class)
          .hasMessage("sources " + sources + "; must be one or more of cache, mirrors, npm");
    }
  }

  @Test
  void refusesTimeoutsThatNeverEnd() {
    // 0 would mean "for ever" to the JDK's connections.
    for (Duration wrong :
        List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofMillis(-1), Duration.ofDays(30))) {
      assertThatThrownBy(() -> settings(List.of("npm"), "https://a.example", wrong, SECOND, "npm"))
          .isInstanceOf(DatasetException.class)
          .hasMessageStartingWith("connect timeout " + wrong);
      assertThatThrownBy(() -> settings(List.of("npm"), "https://a.example", SECOND, wrong, "npm"))
          .isInstanceOf(DatasetException.class)
          .hasMessageStartingWith("read timeout " + wrong);
    }
  }

  @Test
  void refusesABlankNpmCommand() {
    assertThatThrownBy(() -> settings(List.of("npm"), "https://a.example", SECOND, SECOND, " "))
        .isInstanceOf(DatasetException.class);
  }

  private static DatasetFetcher.Settings settings(
      List<String> sources, String mirror, Duration connect, Duration read, String npm) {
    return new DatasetFetcher.Settings(
        Folder.local(Path.of("cache")), sources, List.of(URI.create(mirror)), connect, read, npm);
  }
}
