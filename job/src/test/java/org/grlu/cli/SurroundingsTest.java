package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
  @Test
  void aPathThatTheLocaleHasNoLettersFor() {
    assertThat(Surroundings.isName("gr\u00f6\u00dfe", StandardCharsets.US_ASCII)).isFalse();
    assertThat(Surroundings.isName("gr\u00f6\u00dfe", StandardCharsets.UTF_8)).isTrue();
    assertThat(Surroundings.isName("runs", StandardCharsets.US_ASCII)).isTrue();
  }

  @Test
  void anArgumentThatTheJvmCouldNotRead() {
    assertThatThrownBy(() -> Surroundings.checkArguments(List.of("--out", "gr\uFFFD\uFFFDe")))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.SURROUNDINGS))
        .hasMessageContaining("set LC_ALL");
    assertThatCode(() -> Surroundings.checkArguments(List.of("train", "a.conf")))
        .doesNotThrowAnyException();
  }

  @Test
  void tablesCanBeCompressedHere() {
    assertThat(Surroundings.libraryFault()).isNull();
  }
}
