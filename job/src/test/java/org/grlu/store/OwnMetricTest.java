package org.grlu.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.math.Arena;
import org.grlu.network.Weights;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Checkpoint;
import org.grlu.training.EpochMetrics;
import org.grlu.training.LocalEngine;
import org.grlu.training.Metric;
import org.grlu.training.MetricException;
import org.grlu.training.OwnMetric;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one entry follow a metric's column, value, place in a checkpoint, and that it is read. */
class OwnMetricTest {
  private static final Settings SETTINGS =
      ConfigReader.read(
          null,
          List.of(
              "dataset.name=mnist-sample",
              "network.layers=[784, 4, 10]",
              "rule.name=backprop",
              "training.epochs=2"));

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  @TempDir private Path folder;

  /** The largest bias of the output. */
  public static class Bias implements Metric {
    @Override
    public String name() {
      return "bias";
    }

    @Override
    public int version() {
      return 4;
    }

    @Override
    public double value(Weights weights, Dataset dataset) {
      float[] bias = weights.bias(weights.shape().depth() - 1);
      Arrays.sort(bias);
      return bias[bias.length - 1];
    }
  }

  /** Has no name that a column could have. */
  public static final class Named extends Bias {
    @Override
    public String name() {
      return "My Bias";
    }
  }

  /** Gives nothing. */
  public static final class Throwing extends Bias {
    @Override
    public double value(Weights weights, Dataset dataset) {
      throw new IllegalStateException("too sad");
    }
  }

  @AfterEach
  void restore() {
    Thread.currentThread().setContextClassLoader(before);
  }

  /** Puts metrics on the class path of this thread. */
  private void found(String... classes) throws IOException {
    Path services = folder.resolve("services" + classes.length);
    Files.createDirectories(services.resolve("META-INF/services"));
    Files.write(
        services.resolve("META-INF/services").resolve(Metric.class.getName()), List.of(classes));
    Thread.currentThread()
        .setContextClassLoader(new URLClassLoader(new URL[] {services.toUri().toURL()}, before));
  }

  private static TrialResult trained() {
    Dataset digits = TestData.sample();
    TrialListener silent =
        new TrialListener() {
          @Override
          public void progress(int epoch, double share, double reward, double rate) {}

          @Override
          public void epoch(Checkpoint checkpoint) {}
        };
    return new Trial(
            SETTINGS.trial(),
            digits,
            new LocalEngine(SETTINGS.trial(), digits.train(), new Arena()),
            silent)
        .run(Checkpoint.initial(SETTINGS.trial(), digits.train()));
  }

  private static Object[] row(TrialOutcome outcome) {
    RunRows.Origin origin = new RunRows.Origin("t", "s", "d", null, null, Instant.EPOCH, "4");
    return RunRows.trial(origin, SETTINGS, outcome);
  }

  @Test
  void allFollowsFromOneEntry() throws IOException {
    Schema epochsBefore = RunRows.epochSchema();
    Schema trialsBefore = RunRows.trialSchema(SETTINGS);
    String id = SETTINGS.identity(TestData.sample().sha256()).id();
    String digest = trained().weights().sha256();
    found(Bias.class.getName());

    TrialResult result = trained();
    double bias = new Bias().value(result.weights(), null);
    assertThat(result.weights().sha256()).isEqualTo(digest);
    assertThat(SETTINGS.identity(TestData.sample().sha256()).id()).isEqualTo(id);
    assertThat(names(RunRows.epochSchema()))
        .startsWith(names(epochsBefore).toArray(String[]::new))
        .hasSize(epochsBefore.columns().size() + 1)
        .endsWith("metric_bias");
    assertThat(names(RunRows.trialSchema(SETTINGS)))
        .startsWith(names(trialsBefore).toArray(String[]::new))
        .hasSize(trialsBefore.columns().size() + 2)
        .endsWith("metric_bias", "metrics");

    byte[] file = result.reached().toFile();
    List<EpochMetrics> read = Checkpoint.fromFile(file, SETTINGS.trial()).epochs();
    assertThat(read).isEqualTo(result.epochs());

    RunFolder tables = RunFolder.at(folder.resolve("tables").toString(), new Configuration());
    tables.table(RunFolder.EPOCHS).append(RunRows.epochSchema(), RunRows.epochs("t", read));
    assertThat(tables.table(RunFolder.EPOCHS).read("epoch", "metric_bias"))
        .hasSize(2)
        .endsWith(Map.of("epoch", 2, "metric_bias", bias));
    tables
        .table(RunFolder.TRIALS)
        .append(RunRows.trialSchema(SETTINGS), List.<Object[]>of(row(TrialOutcome.of(result))));
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("metric_bias", bias);
    expected.put(
        "metrics", List.of("bias = %s, version 4, from no jar".formatted(Bias.class.getName())));
    assertThat(tables.table(RunFolder.TRIALS).read("metric_bias", "metrics"))
        .containsExactly(expected);
  }

  @Test
  void withoutTheMetricItsCheckpointsAreRead() throws IOException {
    found(Bias.class.getName());
    TrialResult result = trained();
    byte[] with = result.reached().toFile();
    Thread.currentThread().setContextClassLoader(before);
    Checkpoint read = Checkpoint.fromFile(with, SETTINGS.trial());
    assertThat(read.last().testAccuracy()).isEqualTo(result.epochs().get(1).testAccuracy());

    // and the other way round: it has no value then
    byte[] without = read.toFile();
    found(Bias.class.getName());
    EpochMetrics last = Checkpoint.fromFile(without, SETTINGS.trial()).last();
    assertThat(last.numbers().get("metric_bias")).containsExactly(Double.NaN);
    assertThat(RunRows.epochs("t", List.of(last)).get(0)).endsWith((Object) null);
  }

  @Test
  void whatCanNotBeUsedIsSaidInOneLine() throws IOException {
    found(Named.class.getName());
    assertSaid("metric My Bias of class " + Named.class.getName() + ": a name must be a letter");
    found(Bias.class.getName(), Throwing.class.getName());
    assertSaid("another has that name");
    found("no.such.Metric", "a", "b");
    assertSaid("a metric can't be loaded: ");
    found(Throwing.class.getName());
    assertThatThrownBy(OwnMetricTest::trained)
        .isInstanceOf(MetricException.class)
        .hasMessageStartingWith("metric bias = " + Throwing.class.getName())
        .hasMessageContaining("too sad");
  }

  private static void assertSaid(String words) {
    assertThatThrownBy(OwnMetric::found)
        .isInstanceOf(MetricException.class)
        .hasMessageContaining(words)
        .hasMessageNotContaining("\n");
  }

  private static List<String> names(Schema schema) {
    return schema.columns().stream().map(each -> each.name()).toList();
  }
}
