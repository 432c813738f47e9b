package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** Which doors a local run opens. */
class SparkStartTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Terminal terminal =
      new Terminal(new PrintStream(said, true, StandardCharsets.UTF_8), 0);

  private static SparkConf conf(String master) {
    return new SparkConf(false).set("spark.master", master);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whereTheEnvironmentSaysLoopbackThePageStays() {
    SparkConf conf = conf("local[*]");
    SparkStart.bindToLoopback(conf, "127.0.0.1", terminal);
    assertThat(conf.get("spark.driver.host")).isEqualTo("127.0.0.1");
    assertThat(conf.get("spark.driver.bindAddress")).isEqualTo("127.0.0.1");
    assertThat(conf.contains("spark.ui.enabled")).isFalse();
    assertThat(said()).isEmpty();
  }

  @Test
  void elseThePageIsLeftOutWithALine() {
    SparkConf conf = conf("local");
    SparkStart.bindToLoopback(conf, null, terminal);
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
    assertThat(said()).contains("SPARK_LOCAL_IP=127.0.0.1").hasLineCount(1);
  }

  @Test
  void whatTheUserHasSetStays() {
    SparkConf conf =
        conf("local[2]").set("spark.driver.host", "10.0.0.1").set("spark.ui.enabled", "true");
    SparkStart.bindToLoopback(conf, null, terminal);
    assertThat(conf.get("spark.driver.host")).isEqualTo("10.0.0.1");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("true");
    assertThat(said()).isEmpty();
  }

  @Test
  void aClusterInOneMachineNeedsTheEnvironment() {
    assertThatThrownBy(
            () -> SparkStart.bindToLoopback(conf("local-cluster[1,1,1024]"), null, terminal))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.SURROUNDINGS))
        .hasMessageContaining("SPARK_LOCAL_IP=127.0.0.1");
  }

  @Test
  void aClusterIsLeftAlone() {
    SparkConf conf = conf("spark://head:7077");
    SparkStart.bindToLoopback(conf, null, terminal);
    assertThat(conf.getAll()).hasSize(1);
  }
}
