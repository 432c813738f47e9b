package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.grlu.network.Activation;
import org.grlu.network.Skip;
import org.grlu.noise.NoiseKind;
import org.grlu.rule.Backprop;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

  @Test
  void defaultsAreThePublishedSettings() {
    Settings settings = Configurations.sets();
    assertThat(settings.shape().layers()).isEqualTo(List.of(784, 256, 10));
    assertThat(settings.trial().rule())
        .isEqualTo(new Grlu(16, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false));
    assertThat(settings.trial().training().seed()).isEqualTo(42);
    assertThat(settings.values().keySet()).isEqualTo(Keys.BY_PATH.keySet());
    assertThat(settings.values().keySet()).allMatch(p -> settings.origin(p).equals("default"));
  }

  @Test
  void valuesBecomeWhatTheySay() {
    Settings settings =
        Configurations.sets(
            "network.activation=top-k",
            "network.skip=dense",
            "network.k=0.25",
            "rule.name=backprop",
            "training.seed=-7");
    assertThat(settings.shape().activation()).isEqualTo(Activation.TOP_K);
    assertThat(settings.shape().skip()).isEqualTo(Skip.DENSE);
    assertThat(settings.shape().k()).isEqualTo(0.25);
    assertThat(settings.trial().rule()).isEqualTo(new Backprop());
    assertThat(settings.trial().training().seed()).isEqualTo(-7);
  }

  @Test
  void aSetOutranksTheFileAndALaterSetAnEarlier(@TempDir Path folder) throws IOException {
    Settings settings =
        Configurations.file(
            folder,
            "grlu.training { epochs = 3\n batch-size = 8, seed = 5 }",
            "training.epochs=4",
            "grlu.training.epochs=6");
    assertThat(settings.values())
        .containsEntry("training.epochs", 6L)
        .containsEntry("training.batch-size", 8L)
        .containsEntry("training.seed", 5L);
    assertThat(settings.origin("training.epochs")).isEqualTo("--set");
    assertThat(settings.origin("training.batch-size")).contains("c.conf: 2");
    assertThat(settings.origin("training.schedule")).isEqualTo("default");
  }

  @Test
  void aSetTakesAUriWithoutQuotes() {
    Settings settings =
        ConfigReader.read(
            null, List.of("report.directory=hdfs://host:8020/x", "dataset.directory=file:/a"));
    assertThat(settings.reportDirectory()).isEqualTo("hdfs://host:8020/x");
    assertThat(settings.datasetDirectory()).isEqualTo("file:/a");
  }

  @Test
  void aFileThatWasReadElsewhereIsReadAsOne() {
    Settings settings =
        ConfigReader.read(
            "hdfs://h/c.conf", "grlu.training {\n epochs = 3 }", List.of("training.seed=2"));
    assertThat(settings.values())
        .containsEntry("training.epochs", 3L)
        .containsEntry("training.seed", 2L);
    assertThat(settings.origin("training.epochs")).isEqualTo("hdfs://h/c.conf: 2");
    assertThatThrownBy(() -> ConfigReader.read("hdfs://h/c.conf", "grlu {", List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("hdfs://h/c.conf");
  }

  @Test
  void aFileMayReferToItself(@TempDir Path folder) throws IOException {
    String hocon = "grlu.training { epochs = 3, batch-size = ${grlu.training.epochs} }";
    assertThat(Configurations.file(folder, hocon).values())
        .containsEntry("training.batch-size", 3L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.epochs=0 | training.epochs = 0 (--set): must be a whole number, 1 to 1000000",
        "training.epochs=1.5 | whole number",
        "training.epochs=\"3\" | whole number",
        "training.batch-size=-1 | training.batch-size = -1",
        "training.learning-rate.max=-0.1 | at least 0",
        "training.learning-rate.max=\"0.1\" | a number",
        "training.learning-rate.max=1e999 | a number",
        "training.schedule=daily | per-epoch or per-step",
        "network.k=0 | above 0, at most 1",
        "network.k=1.5 | above 0, at most 1",
        "network.activation=RELU | relu or top-k",
        "network.layers=[784] | two or more",
        "network.layers=[784, 0, 10] | each 1 to 65536",
        "training.learning-rate=0.5 | training.learning-rate = 0.5 (--set): must be a block of max, min",
        "rule=null | rule = null (--set): must be a block of name, perturbations, noise",
        "training.epochs.most=3 | training.epochs = {most=3} (--set): must be a whole number",
        "network.layers=784 | a list of whole numbers",
        "network.layers=[784, ten] | a list of whole numbers",
        "rule.normalise-noise=\"yes\" | true or false",
        "rule.perturbations=0 | 1 to 1048576",
        "dataset.pixel-deviation=0 | above 0",
        "dataset.fetch.sources=cache | a list of strings",
        "network.layers=[784, 256, 11] | end with 10",
        "network.layers=[700, 256, 10] | begin with 784",
        "training.batch-size=60001 | at most the 60000 training examples",
        "dataset.validation-examples=60000 | validation-examples = 60000",
        "dataset.name=fashion | must be mnist or mnist-sample"
      })
  void aBadValueIsRefusedWithWhatIsAllowed(String set, String said) {
    assertThat(Configurations.faults(set)).singleElement().asString().contains(said);
  }

  @Test
  void allFaultsAreReportedAtOnce() {
    assertThat(
            Configurations.faults(
                "training.epochs=0", "network.k=2", "rule.noise=pink", "training.sede=1"))
        .hasSize(4);
  }

  @Test
  void noiseThatNormalisingDividesByMustStayAboveZero() {
    assertThat(Configurations.faults("rule.normalise-noise=true", "rule.hidden-noise=0"))
        .singleElement()
        .asString()
        .contains("rule.hidden-noise = 0");
    assertThat(Configurations.faults("rule.normalise-noise=true", "training.noise-scale.max=0"))
        .singleElement()
        .asString()
        .contains("must stay above 0");
    assertThat(Configurations.sets("rule.normalise-noise=true")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "training.sede, grlu.training.seed",
    "perturbations, grlu.rule.perturbations",
    "network.layer, grlu.network.layers",
    "trainning.epochs, grlu.training.epochs"
  })
  void anUnknownKeyIsRefusedWithTheNearest(String unknown, String nearest) {
    assertThat(Configurations.faults(unknown + "=1"))
        .singleElement()
        .asString()
        .contains("grlu." + unknown, "(--set)", "there is no such key")
        .endsWith("the nearest is " + nearest);
  }

  @Test
  void aKeyOutsideOfGrluIsRefused(@TempDir Path folder) {
    assertThatThrownBy(() -> Configurations.file(folder, "training.epochs = 3"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("c.conf: 1")
        .hasMessageContaining("grlu.training.epochs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grlu {", "grlu.training.seed = ${nowhere}", "}"})
  void whatIsNoHoconIsRefusedInOneLine(String text, @TempDir Path folder) {
    assertThatThrownBy(() -> Configurations.file(folder, text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("c.conf")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"training.seed", "=3", "", "training..seed=1"})
  void aSetThatIsNoneIsRefused(String set) {
    assertThat(Configurations.faults(set)).singleElement().asString().startsWith("--set " + set);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ConfigReader.read(Path.of("no/such.conf"), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no/such.conf");
  }
}
