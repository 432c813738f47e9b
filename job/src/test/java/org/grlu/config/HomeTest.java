package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HomeTest {
  @ParameterizedTest
  @CsvSource({
    "~, /h",
    "~/x, /h/x",
    "/a/~, /a/~",
    "a~b, a~b",
    "./~/x, ./~/x",
    "s3a://b/~, s3a://b/~"
  })
  void onlyALeadingTildeIsTheHomeDirectory(String given, String meant) {
    assertThat(Home.expand("key", given, "/h", "/other")).isEqualTo(meant);
  }

  @Test
  void aUserThatTheMachineDoesNotKnowHasTheVariable() {
    assertThat(Home.expand("key", "~/x", "?", "/v")).isEqualTo("/v/x");
    assertThat(Home.expand("key", "~/x", null, "/v")).isEqualTo("/v/x");
    assertThat(Home.expand("key", "/x", "?", null)).isEqualTo("/x");
    assertThatThrownBy(() -> Home.expand("key", "~/x", "?", null))
        .isInstanceOf(UncheckedIOException.class)
        .cause()
        .hasMessage(
            "key ~/x: there is no home directory here: set HOME, or write the path in full");
  }

  @ParameterizedTest
  @ValueSource(strings = {"~bob", "~bob/x", "~~", "~+/x"})
  void anotherUsersHomeIsRefused(String given) {
    assertThatThrownBy(() -> Home.expand("key", given, "/h", "/h"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("key " + given + ": must be written in full");
  }
}
