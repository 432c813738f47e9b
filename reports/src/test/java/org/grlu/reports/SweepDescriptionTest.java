package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepDescriptionTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "null | must be an object with a name and a search",
        "[] | ",
        "{ | ",
        "{\"search\": \"grid\", \"rankBy\": \"test_accuracy\"} | must be an object with a name and a search",
        "{\"name\": \"a\", \"search\": \"grid\"} | rankBy = null: must be",
        "{\"name\": \"a\", \"search\": \"grid\", \"rankBy\": \"test_accuracy\", \"parameters\": [{}]} | each parameter must have a path",
        "{\"name\": \"a\", \"search\": \"grid\", \"rankBy\": \"test_accuracy\", \"parameters\": [null]} | parameters: must not have null"
      })
  void whatIsNoDescriptionIsNamed(String content, String why) throws IOException {
    Files.write(
        folder.resolve(SweepDescription.FILE), content.strip().getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> SweepReport.read(folder.toString(), new Configuration()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("sweep.json in " + folder + ": ")
        .hasMessageContaining(why == null ? "" : why)
        .hasMessageNotContaining("\n");
  }
}
