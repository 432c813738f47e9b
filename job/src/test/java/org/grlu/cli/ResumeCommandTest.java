package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumeCommandTest {
  private static final List<String> WORDS =
      List.of(
          "sweep",
          "~/a b.conf",
          "",
          "--set",
          "report.directory=/r//x#1",
          "=zsh",
          "$HOME ${x} `id` !!",
          "it's \"quoted\"",
          "a\\b",
          "*?[x]{a,b};&|<>()",
          "two\nlines",
          "über",
          "@x",
          "a+b:c%d,e");

  @Test
  void aPastedLineHasTheSameWords() throws IOException, InterruptedException {
    String line = ResumeCommand.command(WORDS);
    String words = line.substring(line.indexOf(" sweep"));
    Process bash =
        new ProcessBuilder("bash", "-c", "printf '%s\\0'" + words)
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    assertThat(said.split("\0", -1)).startsWith(WORDS.toArray(String[]::new)).hasSize(15);
    assertThat(words).contains(" '=zsh' ");
  }
}
