package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar, unchanged, on other Sparks than it is built for: both engines give the same bits. */
class SparkVersionsIT {
  private static final String CONFIGURATION =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 480 }
        network.layers = [784, 32, 10]
        rule.perturbations = 5
        training { epochs = 2, batch-size = 24, learning-rate.max = 0.02 }
      }
      """;

  @TempDir private static Path folder;
  private static Object digest;

  @BeforeAll
  static void onTheSparkOfTheBuild() throws IOException, InterruptedException {
    Grlu grlu = Grlu.in(folder).file("versions.conf", CONFIGURATION);
    digest = grlu.run("train", "versions.conf", "--json").succeeds().json().get("weights_sha256");
    assertThat(stepped(grlu)).isEqualTo(digest);
  }

  private static Object stepped(Grlu grlu) throws IOException, InterruptedException {
    Grlu.Result result =
        grlu.run("train", "versions.conf", "--set", "engine.mode=stepped", "--json").succeeds();
    return result.json().get("weights_sha256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5.6", "4.2.0"})
  void onAnotherSpark(String version) throws IOException, InterruptedException {
    Grlu grlu =
        Grlu.in(folder).with("SPARK_HOME", new SparkDistribution(version).in(folder).toString());
    assertThat(grlu.run("train", "versions.conf", "--json").succeeds().json())
        .containsEntry("weights_sha256", digest);
    assertThat(stepped(grlu)).isEqualTo(digest);
  }
}
