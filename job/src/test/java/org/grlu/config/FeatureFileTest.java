package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grlu.datasets.Datasets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slow system in a file, in the place of the block's other keys. */
class FeatureFileTest {
  private static final String SHA = "ab".repeat(32);

  private static Settings settings(FeatureFile file, String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "dataset.name=mnist-sample",
                "features.kind=file",
                "features.file=" + file.path(),
                "network.layers=[20,10]"));
    sets.addAll(List.of(more));
    return ConfigReader.open(null, sets).withFeatures(path -> file).trial();
  }

  private static FeatureFile file(String path, String sha256, int inputs) {
    return new FeatureFile(path, "12ef", sha256, inputs, 20, "mnist: all of it, twice: yes");
  }

  @Test
  void theFileSaysWhatItsCodesAre() {
    FeatureFile file = file("/x/features.npz", SHA, 784);
    Settings settings = settings(file, "features.whiten=pca", "features.expand=50");
    assertThat(settings.featuresFile()).contains(file);
    assertThat(settings.seen().words()).isEqualTo("mnist: all of it, twice: yes");
    assertThat(settings.unfit(Datasets.sample())).isEmpty();
    assertThat(ConfigReader.read("resolved", settings.render(), List.of()).featuresFile())
        .contains(file);
  }

  @Test
  void aTrialsIdentityIsTheFilesContentWhereverItLies() {
    String one = settings(file("/x", SHA, 784)).identity("d").id();
    assertThat(settings(file("/y", SHA, 784), "features.size=3").identity("d").id()).isEqualTo(one);
    assertThat(settings(file("/x", "cd".repeat(32), 784)).identity("d").id()).isNotEqualTo(one);
  }

  @Test
  void imagesMustBeAsLongAsWhatItReads() {
    assertThat(settings(file("/x", SHA, 100)).unfit(Datasets.sample()))
        .containsExactly(
            "features.file = /x (--set): reads 100 values; images of dataset mnist-sample have 784");
  }

  @Test
  void layersMustReadItsCode() {
    assertThatThrownBy(() -> settings(file("/x", SHA, 784), "network.layers=[784,10]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must begin with 20, the length of a code");
  }

  @Test
  void aFileIsNotReadWhereItIsNotAskedFor() {
    List<String> sets = List.of("features.file=/x");
    assertThat(
            ConfigReader.open(null, sets)
                .withFeatures(
                    path -> {
                      throw new AssertionError(path);
                    })
                .trial()
                .features())
        .isEmpty();
  }

  @Test
  void withoutAFileThereIsNoSystem() {
    assertThatThrownBy(() -> ConfigReader.read(null, List.of("features.kind=file")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("features.file =  (default): must be the features.npz");
  }

  @Test
  void aSweepHasOneFileAndMayAskForIt(@TempDir Path folder) throws IOException {
    FeatureFile file = file("/x", SHA, 784);
    Path conf = folder.resolve("s.conf");
    Files.writeString(
        conf,
        """
        grlu {
          dataset { name = mnist-sample, validation-examples = 200 }
          features.file = /x
          network.layers = [20, 10]
          sweep { name = s, seeds = [1], parameters { features.kind = [file, random] } }
        }
        """);
    Settings base = ConfigReader.open(conf, List.of()).withFeatures(path -> file).sweep().base();
    assertThat(base.with(Map.of("features.kind", "file")).featuresFile()).contains(file);
    String varied = "sweep.parameters.features.file=[/x,/y]";
    assertThatThrownBy(
            () -> ConfigReader.open(conf, List.of(varied)).withFeatures(path -> file).sweep())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("features.file")
        .hasMessageContaining("has one value for the whole sweep");
  }
}
