package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.SweepFile;
import org.grlu.reports.RunFolder;
import org.grlu.reports.SweepDescription;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.SweepPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskedFilesTest {
  @TempDir private Path folder;

  private SweepRun.Asked asked(String sweep) throws IOException {
    Path conf = folder.resolve("s.conf");
    Files.writeString(conf, "grlu.dataset.name = mnist-sample\ngrlu.sweep {" + sweep + "\n}");
    SweepFile file = ConfigReader.sweep(conf, List.of());
    SweepPlan plan = SweepPlan.of(file, TestData.sample());
    return new SweepRun.Asked(file, plan, TestData.sample(), SweepRun.Failed.KEEP, "grlu sweep");
  }

  private RunFolder written(SweepRun.Asked asked) throws IOException {
    RunFolder sweep = RunFolder.at(folder.resolve("sweep").toString(), new Configuration());
    AskedFiles.write(asked, sweep);
    return sweep;
  }

  @Test
  void theSettingsThatAreAskedReplaceThoseThatWere() throws IOException {
    written(asked("seeds = 3, parameters.rule.perturbations = [1, 2, 3]"));
    SweepRun.Asked narrower = asked("seeds = 3, parameters.rule.perturbations = [2, 4]");
    RunFolder sweep = written(narrower);
    assertThat(
            sweep.table(RunFolder.PLANNED).read("setting_id").stream()
                .map(row -> row.get("setting_id")))
        .containsExactlyElementsOf(
            narrower.plan().trials().stream().map(PlannedTrial::settingId).distinct().toList())
        .hasSize(2);
    assertThat(sweep.read(SweepDescription.FILE))
        .hasValueSatisfying(
            json -> assertThat(json).isEqualTo(AskedFiles.description(narrower).toJson()));
  }

  @Test
  void variantsAreAParameterWhoseColumnIsNoOthers() throws IOException {
    String sweep =
        """
        parameters {
          hidden-layers = [{ name = 1, network.layers = [784, 9, 10] }, { name = base }]
          host = [{ name = here, rule.gate = active }]
          rule.noise = [{ name = coins, rule.noise = rademacher }]
          rule.perturbations = [1, 2]
        }
        """;
    List<SweepDescription.Parameter> parameters = AskedFiles.description(asked(sweep)).parameters();
    assertThat(parameters)
        .extracting(SweepDescription.Parameter::path, SweepDescription.Parameter::column)
        .extracting(Object::toString)
        .containsExactly(
            "(\"hidden-layers\", \"hidden_layers\")",
            "(\"host\", \"host_variant\")",
            "(\"rule.noise\", \"rule_noise_variant\")",
            "(\"rule.perturbations\", \"rule_perturbations\")");
    assertThat(parameters.get(0).variants())
        .isEqualTo(
            Map.of(
                "1", Map.of("network_layers", List.of(784L, 9L, 10L)),
                "base", Map.of("network_layers", List.of(784L, 256L, 10L))));
    assertThat(parameters.get(3).variants()).isNull();
  }
}
