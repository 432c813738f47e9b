package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepDescriptionTest {
  @TempDir private Path folder;

  @Test
  void oneGoalIsAWordInTheFileAndSeveralAreAList() throws IOException {
    String one = "{\"name\": \"a\", \"search\": \"grid\", \"rankBy\": \"test_accuracy\"}";
    SweepDescription read = SweepDescription.fromJson(one.getBytes(StandardCharsets.UTF_8));
    assertThat(read.rankBy()).containsExactly(Goal.TEST_ACCURACY);
    assertThat(new String(read.toJson(), StandardCharsets.UTF_8))
        .contains("\"rankBy\" : \"test_accuracy\"");
    String two = one.replace("\"test_accuracy\"", "[\"validation_forgetting\", \"cpu_seconds\"]");
    SweepDescription several = SweepDescription.fromJson(two.getBytes(StandardCharsets.UTF_8));
    assertThat(several.rankBy()).containsExactly(Goal.VALIDATION_FORGETTING, Goal.CPU_SECONDS);
    assertThat(SweepDescription.fromJson(several.toJson())).isEqualTo(several);
    assertThat(RankingText.selection(several))
        .startsWith(
            "Ranked by validation forgetting, then CPU seconds, by Pareto fronts (the last 0 ")
        .endsWith("held out). Nothing was selected by test accuracy.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "null | must be an object with a name and a search",
        "[] | ",
        "{ | ",
        "{\"search\": \"grid\", \"rankBy\": \"test_accuracy\"} | must be an object with a name and a search",
        "{\"name\": \"a\", \"search\": \"grid\"} | rankBy: must be a goal",
        "{\"name\": \"a\", \"search\": \"grid\", \"rankBy\": \"test_accuracy\", \"parameters\": [{}]} | each parameter must have a path",
        "{\"name\": \"a\", \"search\": \"grid\", \"rankBy\": \"speed\"} | speed: must be one of [validation_accuracy,",
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
