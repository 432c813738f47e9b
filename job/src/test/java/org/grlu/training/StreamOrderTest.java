package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Initial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What streams present, and when. */
class StreamOrderTest {
  private static final Dataset DATA = TestData.sample();
  private static final LabelledImages TRAIN = DATA.train();

  private static StreamOrder order(ExampleStream stream, int epochs, long seed) {
    TrainingOptions options = new TrainingOptions(0, Initial.HE, 1, 0, 0, 0, stream);
    TrainingSettings training =
        new TrainingSettings(
            epochs, 1, new Linear(1, 1), new Cosine(1, 1), Schedule.PER_STEP, seed, options);
    return new StreamOrder(training, new Tasks(stream, DATA.classes()), TRAIN);
  }

  private static int[] epoch(StreamOrder order, int epoch) {
    order.begin(epoch);
    int[] numbers = order.numbers().clone();
    assertThat(order.steps(epoch)).isEqualTo(numbers.length);
    return numbers;
  }

  private static ExampleStream tasks(ExampleStream.Kind kind, int tasks, int passes, int replay) {
    return new ExampleStream(kind, tasks, passes, 0, replay);
  }

  @ParameterizedTest
  @EnumSource(
      value = ExampleStream.Kind.class,
      names = {"CLASS_INCREMENTAL", "TASK_INCREMENTAL"})
  void everyExampleComesOnceAndItsClassesTaskIsTheOne(ExampleStream.Kind kind) {
    StreamOrder order = order(tasks(kind, 5, 1, 0), 5, 3);
    Set<Integer> seen = new HashSet<>();
    long first = 0;
    for (int t = 0; t < 5; t++) {
      assertThat(order.firstStep(t)).isEqualTo(first);
      int[] numbers = epoch(order, t);
      first += numbers.length;
      for (int image : numbers) {
        assertThat(seen.add(image)).isTrue();
        assertThat(TRAIN.label(image) / 2).isEqualTo(t);
      }
    }
    assertThat(seen).hasSize(TRAIN.size());
  }

  @Test
  void tasksOfUnequalSizesShareTheClasses() {
    Tasks three = new Tasks(tasks(ExampleStream.Kind.CLASS_INCREMENTAL, 3, 1, 0), 10);
    assertThat(IntStream.range(0, 10).map(three::ofClass))
        .containsExactly(0, 0, 0, 0, 1, 1, 1, 2, 2, 2);
    assertThat(three.has(0, 9)).isTrue();
    assertThat(new Tasks(tasks(ExampleStream.Kind.TASK_INCREMENTAL, 3, 1, 0), 10).has(0, 9))
        .isFalse();
  }

  @Test
  void permutedTasksAreCopiesOfAllExamples() {
    ExampleStream stream = tasks(ExampleStream.Kind.PERMUTED, 3, 1, 0);
    Dataset copies = Permuted.of(DATA, 3, 1);
    assertThat(copies.train().size()).isEqualTo(3 * TRAIN.size());
    Tasks tasks = new Tasks(stream, 10);
    int n = TRAIN.size();
    float[] pixels = copies.train().features();
    double[] sums = new double[3];
    for (int t = 0; t < 3; t++) {
      assertThat(tasks.of(copies.train(), t * n)).isEqualTo(t);
      assertThat(tasks.of(copies.train(), t * n + n - 1)).isEqualTo(t);
      assertThat(copies.train().label(t * n + 7)).isEqualTo(TRAIN.label(7));
      float[] one = new float[784];
      copies.train().encode(t * n + 7, one);
      assertThat(one).isEqualTo(Arrays.copyOfRange(pixels, (t * n + 7) * 784, (t * n + 8) * 784));
      for (float pixel : one) {
        sums[t] += pixel;
      }
      Arrays.sort(one);
      float[] first = Arrays.copyOfRange(pixels, 7 * 784, 8 * 784);
      Arrays.sort(first);
      assertThat(one).as("the same pixels elsewhere").isEqualTo(first);
    }
    assertThat(Arrays.equals(pixels, 7 * 784, 8 * 784, pixels, (n + 7) * 784, (n + 8) * 784))
        .isFalse();
    assertThat(pixels[7 * 784 + 400]).isEqualTo((TRAIN.pixels()[7 * 784 + 400] & 0xff) / 255f);
  }

  @Test
  void passesPresentATaskAgainInAnotherOrder() {
    StreamOrder order = order(tasks(ExampleStream.Kind.CLASS_INCREMENTAL, 5, 2, 0), 10, 3);
    int[] first = epoch(order, 2);
    int[] second = epoch(order, 3);
    assertThat(second).isNotEqualTo(first).containsExactlyInAnyOrder(first);
  }

  @Test
  void fewShotDrawsAFewOfEachClassByTheSeed() {
    ExampleStream few = new ExampleStream(ExampleStream.Kind.FEW_SHOT, 1, 1, 10, 0);
    StreamOrder order = order(few, 2, 3);
    int[] numbers = epoch(order, 0);
    int[] classes = new int[10];
    for (int image : numbers) {
      classes[TRAIN.label(image)]++;
    }
    assertThat(classes).containsOnly(10);
    assertThat(Arrays.stream(numbers).distinct().count()).isEqualTo(100);
    assertThat(epoch(order, 1)).isNotEqualTo(numbers).containsExactlyInAnyOrder(numbers);
    assertThat(epoch(order(few, 2, 3), 0)).isEqualTo(numbers);
    Set<Integer> others = new HashSet<>();
    Arrays.stream(epoch(order(few, 2, 4), 0)).forEach(others::add);
    Arrays.stream(numbers).forEach(others::add);
    // two draws of 100 of 2,000 share 5 in the mean; more than 20 by a chance below 1e-7
    assertThat(others.size()).isGreaterThan(180);
  }

  @Test
  void replayPresentsWhatWasPresentedBeforeAndNothingElseTwice() {
    int kept = 40;
    ExampleStream stream = tasks(ExampleStream.Kind.CLASS_INCREMENTAL, 5, 1, kept);
    StreamOrder order = order(stream, 5, 3);
    Set<Integer> seen = new HashSet<>();
    List<int[]> epochs = new ArrayList<>();
    for (int t = 0; t < 5; t++) {
      int[] numbers = epoch(order, t);
      epochs.add(numbers);
      Set<Integer> again = new HashSet<>();
      for (int i = 0; i < numbers.length; i += 2) {
        boolean firstOfAll = t == 0 && i == 0;
        assertThat(seen.contains(numbers[i + 1]) || firstOfAll).isTrue();
        assertThat(seen.add(numbers[i])).isTrue();
        again.add(numbers[i + 1]);
      }
      if (t > 0) {
        Map<Integer, Integer> tasks = new HashMap<>();
        again.forEach(image -> tasks.merge(TRAIN.label(image) / 2, 1, Integer::sum));
        assertThat(tasks.keySet()).as("earlier tasks stay in the reservoir").contains(0);
      }
    }
    assertThat(seen).hasSize(TRAIN.size());
    // taken up at any task it is the same
    assertThat(epoch(order(stream, 5, 3), 3)).isEqualTo(epochs.get(3));
  }

  @Test
  void theReservoirKeepsEachExampleWithEqualChance() {
    // the last task replays a sample of all: its share of task 0's is near that of all examples
    ExampleStream stream = tasks(ExampleStream.Kind.CLASS_INCREMENTAL, 5, 1, 200);
    int ofFirst = 0;
    int all = 0;
    for (int seed = 1; seed <= 20; seed++) {
      int[] numbers = epoch(order(stream, 5, seed), 4);
      for (int i = 1; i < numbers.length; i += 2) {
        ofFirst += TRAIN.label(numbers[i]) < 2 ? 1 : 0;
        all++;
      }
    }
    // between 1/4 (before the task) and 1/5 (after it): 0.223 in the mean, five deviations are
    // 0.034
    assertThat((double) ofFirst / all).isBetween(0.19, 0.257);
  }
}
