package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.config.ConfigReader;
import org.grlu.config.Settings;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Weights;
import org.grlu.reports.TestAnswers;
import org.grlu.reports.TestAnswers.Mistake;
import org.grlu.training.Checkpoint;
import org.grlu.training.Evaluation;
import org.junit.jupiter.api.Test;

class TestPassTest {
  @Test
  void theMatrixHasAsManyRightAsTheEvaluationAndErrorsAreTheHardestFirst() {
    Settings settings =
        ConfigReader.read(null, List.of("dataset.name=mnist-sample", "network.layers=[784,16,10]"));
    LabelledImages train = Datasets.sample().train();
    LabelledImages test = Datasets.sample().test();
    Weights weights = Checkpoint.initial(settings.trial(), train).weights();
    TestAnswers answers = TestPass.of(settings, weights, test, test);
    Evaluation.Result all = new Evaluation(settings.trial()).of(weights, test, Integer.MAX_VALUE);
    long right = 0;
    for (int c = 0; c < 10; c++) {
      right += answers.counts()[c][c];
      int label = c;
      long those = IntStream.range(0, test.size()).filter(i -> test.label(i) == label).count();
      assertThat(Arrays.stream(answers.counts()[c]).sum()).isEqualTo(those);
    }
    assertThat(right).isEqualTo(all.correct());
    assertThat(answers.weights()).isEqualTo(weights.sha256());
    assertThat(answers.errors()).hasSize(TestAnswers.MOST).isSortedAccordingTo(Mistake.HARDEST);
    for (Mistake each : answers.errors()) {
      assertThat(each.label()).isEqualTo(test.label(each.image())).isNotEqualTo(each.first());
      assertThat(each.firstChance()).isGreaterThanOrEqualTo(each.secondChance());
      assertThat(each.pixels()).isEqualTo(test.slice(each.image(), each.image() + 1).pixels());
    }
  }
}
