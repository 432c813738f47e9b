package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.grlu.datasets.Folder;
import org.grlu.datasets.PublishedDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String DATA = "ab".repeat(32);

  private static String id(String... sets) {
    return Configurations.sets(sets).identity(DATA).id();
  }

  /** Changes only with the version of its rule: results of last year are found by it. */
  @Test
  void theDefaultsHaveTheirId() {
    TrialIdentity identity = Configurations.sets().identity(DATA);
    assertThat(identity.json())
        .isEqualTo("{\"dataset.sha256\":\"%s\",\"rule.version\":4}".formatted(DATA));
    assertThat(identity.id())
        .isEqualTo("ea148a2345809108ae3622c343b54b3019132c2759ca0cad79c0b82d76006c75");
  }

  /** Of version 4 of both rules. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rule.name=backprop" + "| 363a61d0d350376533c4c7293799b6e8f0d40d4dfcdf648de7c9890a4e508fdb",
        "rule.name=backprop rule.perturbations=4 training.noise-scale.max=0.3"
            + " network.activation=top-k network.k=0.1"
            + "| 0e551db11f45b216c8d219a0c71eabf7478c11e71e258259382dadbd3d4c46e5",
        "network.activation=top-k network.k=0.1 rule.gate=active rule.noise=rademacher"
            + " rule.perturbations=1 training.seed=7"
            + "| 0fce02011790a0da748b59e6d0b04daee14d551b578ab1bdcd194534b3a40fb6",
        "network.k=0.1 rule.normalise-noise=true rule.hidden-noise=0.5 training.batch-size=16"
            + "| 8bf305ccebffb3069dc0de1d5619d86323c669c8cebd64123e8929cb2d398349"
      })
  void publishedTrialsKeepTheirIds(String sets, String id) {
    assertThat(id(sets.split(" "))).isEqualTo(id);
  }

  @Test
  void theOrderOfKeysDoesNotMatter() {
    assertThat(id("training.epochs=3", "network.skip=dense"))
        .isEqualTo(id("network.skip=dense", "training.epochs=3"))
        .isNotEqualTo(id());
  }

  @Test
  void defaultsWrittenOutDoNotMatter() {
    assertThat(id("training.epochs=10", "training.learning-rate.max=1e-1", "rule.noise=gaussian"))
        .isEqualTo(id());
  }

  @Test
  void whatHasNoMeaningDoesNotMatter() {
    assertThat(id("network.k=0.1")).isEqualTo(id());
    assertThat(id("network.activation=top-k", "network.k=0.1"))
        .isNotEqualTo(id("network.activation=top-k"));
    assertThat(id("rule.name=backprop", "rule.perturbations=4", "training.noise-scale.max=0.3"))
        .isEqualTo(id("rule.name=backprop"));
    assertThat(id("rule.perturbations=4")).isNotEqualTo(id());
  }

  @Test
  void whatDoesNotChangeTheResultDoesNotMatter() {
    assertThat(
            id(
                "report.directory=elsewhere",
                "engine { mode = stepped, data = partitioned }",
                "dataset.fetch.cache=/tmp"))
        .isEqualTo(id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "engine.mode=task | engine.mode = task (--set): must be stepped",
        "training.order=prioritised | training.order = prioritised (--set): must be permutation",
        "stream.kind=few-shot | stream.kind = few-shot (--set): must be iid",
        "features.kind=pixels | features.kind = pixels (--set): must be none",
        "network.initial=data-pairs | network.initial = data-pairs (--set): must be he or zero",
        "report.diagnostics=epoch | report.diagnostics = epoch (--set): must be none",
        "dataset.train=a.npz dataset.test=b.npz | dataset.train = a.npz (--set): must be Parquet"
      })
  void whatNeedsAllExamplesInOnePlaceIsRefusedWherePartsAreHeld(String set) {
    String[] words = set.split(" \\| ", -1);
    List<String> sets = new ArrayList<>(List.of("engine { mode = stepped, data = partitioned }"));
    sets.addAll(List.of(words[0].split(" ", -1)));
    assertThat(Configurations.faults(sets.toArray(String[]::new)))
        .singleElement()
        .asString()
        .startsWith(words[1] + " with engine.data = partitioned (--set): ")
        .doesNotContain("\n");
  }

  @Test
  void aPublishedDatasetHasItsOwnCacheAndMirrors(@TempDir Path folder) {
    String home = System.getProperty("user.home");
    Settings fashion = Configurations.sets("dataset.name=fashion-mnist");
    assertThat(fashion.data().cacheDirectory()).isEqualTo(home + "/.cache/grlu/fashion-mnist");
    assertThat(fashion.identity(DATA)).isEqualTo(Configurations.sets().identity(DATA));
    assertThat(fashion.data().fetch(Folder.local(folder)).mirrors())
        .isEqualTo(PublishedDataset.FASHION_MNIST.mirrors())
        .hasSize(3);
    String own = "https://mirror.example/";
    Settings first = Configurations.sets("dataset.fetch.mirrors=[\"" + own + "\", known]");
    assertThat(first.data().fetch(Folder.local(folder)).mirrors())
        .startsWith(URI.create(own))
        .endsWith(PublishedDataset.MNIST.mirrors().toArray(URI[]::new));
    assertThat(Configurations.sets("dataset.directory=d").data().published()).isEmpty();
  }

  @Test
  void seedDataAndCutsMatter() {
    assertThat(id("training.seed=43")).isNotEqualTo(id());
    assertThat(id("dataset.validation-examples=5000")).isNotEqualTo(id());
    assertThat(Configurations.sets().identity("cd".repeat(32)).id()).isNotEqualTo(id());
  }

  @Test
  void whatIsRenderedReadsBack(@TempDir Path folder) throws IOException {
    Settings settings =
        Configurations.sets(
            "network.layers=[784, 30, 20, 10]",
            "training.learning-rate.max=1e-7",
            "training.seed=-12345678901234",
            "rule.normalise-noise=true",
            "report.directory=\"a # \\\"b\\\"\"");
    Settings back = Configurations.file(folder, settings.render());
    assertThat(back.values()).isEqualTo(settings.values());
    assertThat(back.identity(DATA)).isEqualTo(settings.identity(DATA));
  }

  @Test
  void aRowOfARuleThatIsNotHereIsRefused() {
    assertThat(new RowSettings(Map.of("rule_name", "backprop")).changed())
        .containsExactly("rule.name = \"backprop\"");
    assertThatThrownBy(() -> new RowSettings(Map.of("rule_name", "damped")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("rule.name = damped of the trial: must be a string, grlu or backprop")
        .hasMessageContaining("spark.jars");
  }

  @Test
  void aDatasetThatDoesNotFitIsSaidInALineEach() {
    Settings settings = Configurations.sets("dataset.name=mnist", "training.batch-size=3000");
    assertThat(settings.unfit(TestData.sample()))
        .singleElement()
        .asString()
        .contains("training.batch-size = 3000", "2000 training examples");
    assertThat(
            Configurations.sets("dataset.directory=/data", "network.layers=[9, 2]")
                .unfit(TestData.sample()))
        .singleElement()
        .asString()
        .contains("[9, 2]", "784", "10");
  }
}
