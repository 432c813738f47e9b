package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.TestData;
import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.Backprop;
import org.grlu.rule.Gate;
import org.grlu.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trial's weights and buffers start on cache lines, whatever collects the garbage. */
class TrialMemoryTest {
  private static final String LINE = "%s %s";

  /** Runs some trials, and prints of each step whether all was where it should be. */
  static final class Trials {
    private Trials() {}

    public static void main(String[] arguments) {
      lines().forEach(System.out::println);
    }

    static List<String> lines() {
      List<String> lines = new ArrayList<>();
      NetworkShape plain = TestData.relu(Skip.NONE, 784, 256, 10);
      NetworkShape dense = TestData.topK(0.5, Skip.DENSE, 784, 33, 17, 10);
      lines.addAll(trial(plain, TestData.grlu(1, NoiseKind.GAUSSIAN, Gate.NONE), 1));
      lines.addAll(trial(plain, TestData.grlu(40, NoiseKind.RADEMACHER, Gate.ACTIVE), 3));
      lines.addAll(trial(dense, TestData.grlu(16, NoiseKind.GAUSSIAN, Gate.NONE), 32));
      lines.addAll(trial(dense, new Backprop(), 32));
      return lines;
    }

    private static List<String> trial(NetworkShape shape, LearningRule rule, int batch) {
      Cosine rate = new Cosine(1e-3, 1e-3);
      TrainingSettings training =
          new TrainingSettings(1, batch, rate, new Cosine(0.1, 0.1), Schedule.PER_EPOCH, 1);
      TrialSettings settings = new TrialSettings(shape, PixelScale.MNIST, rule, training);
      Weights weights = Checkpoint.initial(settings, TestData.sample().train()).weights();
      Arena memory = weights.memory();
      LocalEngine engine = new LocalEngine(settings, TestData.sample().train(), memory);
      int[] order = IntStream.range(0, 1000).toArray();
      List<String> lines = new ArrayList<>();
      for (int step = 0; step < 4; step++) {
        engine.step(settings.step(0, step, 4), order, step * batch, weights);
        // the first one makes buffers and loads classes, so that a collector may come in between
        if (step > 0) {
          lines.add(LINE.formatted(rule.getClass().getSimpleName(), memory.onLines()));
        }
        System.gc();
      }
      return lines;
    }
  }

  private static void assertOnLines(List<String> lines) {
    assertThat(lines).hasSize(4 * 3).allMatch(line -> line.endsWith(" " + Arena.OnLines.YES));
  }

  @Test
  void inThisJvm() {
    assertOnLines(Trials.lines());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseSerialGC -Xmx512m",
        "-XX:+UseParallelGC -Xmx512m",
        "-XX:+UseG1GC -Xmx512m",
        "-XX:+UseG1GC -Xmx6g",
        "-XX:+UseZGC -Xmx512m",
        "-XX:+UseG1GC -Xmx512m -XX:ObjectAlignmentInBytes=16"
      })
  void withTheseOptions(String options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("--add-modules=jdk.incubator.vector");
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Trials.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    assertOnLines(out.lines().toList());
  }
}
