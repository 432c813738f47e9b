package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
  private static void refused(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.SURROUNDINGS))
        .hasMessageContainingAll(words, "set LC_ALL");
  }

  @Test
  void aPathThatTheLocaleHasNoLettersFor() {
    refused(() -> Surroundings.checkPath("gr\u00f6\u00dfe", StandardCharsets.US_ASCII), "US-ASCII");
    assertThatCode(() -> Surroundings.checkPath("gr\u00f6\u00dfe", StandardCharsets.UTF_8))
        .doesNotThrowAnyException();
    assertThatCode(() -> Surroundings.checkPath("runs", StandardCharsets.US_ASCII))
        .doesNotThrowAnyException();
  }

  @Test
  void anArgumentThatTheJvmCouldNotRead() {
    refused(() -> Surroundings.checkArguments(List.of("--out", "gr\uFFFD\uFFFDe")), "gr");
    assertThatCode(() -> Surroundings.checkArguments(List.of("train", "a.conf")))
        .doesNotThrowAnyException();
  }

  @Test
  void tablesCanBeCompressedHere() {
    assertThat(Surroundings.libraryFault()).isNull();
  }
}
