package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.grlu.TestData;
import org.grlu.reports.RunFolder;
import org.grlu.spark.TrialTask;
import org.grlu.training.EpochMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run's task says, and what is wrong where it is heard. */
class TrialMessagesTest {
  @TempDir private Path folder;
  private final List<Integer> told = new ArrayList<>();
  private Error error;

  private TrialMessages messages() throws IOException {
    TrainRun.Listener listener =
        new TrainRun.Listener() {
          @Override
          public void progress(int epoch, double share, double reward, double rate) {}

          @Override
          public void epoch(EpochMetrics metrics) {
            if (error != null) {
              throw error;
            }
            told.add(metrics.epoch());
          }

          @Override
          public void said(String line) {}
        };
    return new TrialMessages(
        RunFolder.at(folder.toString(), new Configuration()), List.of(), false, listener);
  }

  private static EpochMetrics metrics(int epoch) {
    return EpochMetrics.of(TestData.epochEnd(epoch, 1));
  }

  private static TrialTask.EpochEnd end(int epoch) {
    return new TrialTask.EpochEnd(new byte[] {(byte) epoch}, metrics(epoch));
  }

  @Test
  void anEpochIsToldOnceAndNoneAfterTheEnd() throws IOException {
    TrialMessages messages = messages();
    assertThat(messages.hear(end(1))).isTrue();
    assertThat(messages.hear(end(1))).isTrue();
    messages.end();
    assertThat(messages.hear(end(2))).isTrue();
    assertThat(Files.readAllBytes(folder.resolve(RunFolder.CHECKPOINT))).containsExactly(1);
    messages.tellAll(List.of(metrics(1), metrics(2)));
    assertThat(told).containsExactly(1, 2);
  }

  @Test
  void aCheckpointThatCannotBeWrittenEndsTheRun() throws IOException {
    Files.createDirectories(folder.resolve(RunFolder.CHECKPOINT).resolve("in the way"));
    TrialMessages messages = messages();
    assertThat(messages.hear(end(1))).isFalse();
    assertThat(messages.hear(end(2))).isFalse();
    assertThatThrownBy(messages::end).isInstanceOf(IOException.class);
    assertThat(told).isEmpty();
  }

  @Test
  void anythingElseThatIsWrongInAThreadOfSparksEndsTheRunToo() throws IOException {
    error = new NoClassDefFoundError("made to fail");
    TrialMessages messages = messages();
    assertThat(messages.hear(end(1))).isFalse();
    assertThatThrownBy(messages::end)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith(": the run can't go on: java.lang.NoClassDefFoundError: made to fail")
        .hasCause(error);
  }
}
