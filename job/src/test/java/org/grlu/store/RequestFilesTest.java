package org.grlu.store;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import org.grlu.reports.Column;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.SweepDescription;
import org.grlu.reports.Table;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Search;
import org.grlu.sweep.SweepRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestFilesTest {
  @TempDir private Path folder;

  private SweepRequest request(String sweep) throws IOException {
    return request("s.conf", sweep);
  }

  private SweepRequest request(String name, String sweep) throws IOException {
    Path conf = folder.resolve(name);
    Files.writeString(conf, "grlu.dataset.name = mnist-sample\ngrlu.sweep {" + sweep + "\n}");
    SweepFile file = ConfigReader.sweep(conf, List.of());
    Search search = Search.of(file, TestData.sample());
    return new SweepRequest(
        file, search, TestData.sample(), SweepRequest.Failed.KEEP, "grlu sweep");
  }

  private RunFolder written(SweepRequest request) throws IOException {
    RunFolder sweep = RunFolder.at(folder.resolve("sweep").toString(), new Configuration());
    RequestFiles.write(request, sweep);
    return sweep;
  }

  @Test
  void theSettingsThatAreAskedReplaceThoseThatWere() throws IOException {
    written(request("seeds = 3, parameters.rule.perturbations = [1, 2, 3]"));
    SweepRequest narrower = request("seeds = 3, parameters.rule.perturbations = [2, 4]");
    RunFolder sweep = written(narrower);
    assertThat(
            sweep.table(RunFolder.PLANNED).read("setting_id").stream()
                .map(row -> row.get("setting_id")))
        .containsExactlyElementsOf(
            narrower.plan().trials().stream().map(PlannedTrial::settingId).distinct().toList())
        .hasSize(2);
    assertThat(sweep.read(SweepDescription.FILE))
        .hasValueSatisfying(
            json -> assertThat(json).isEqualTo(RequestFiles.description(narrower).toJson()));
  }

  @Test
  void whereColumnsMeanSomethingIsSaidAsData() throws IOException {
    byte[] json =
        written(request("parameters.rule.perturbations = [1, 2]"))
            .read(SweepDescription.FILE)
            .orElseThrow();
    assertThat(SweepDescription.fromJson(json).meanings())
        .containsEntry("network_k", Map.of("network_activation", List.of("top-k")))
        .hasEntrySatisfying(
            "rule_perturbations",
            meaning ->
                assertThat(meaning.get("rule_name"))
                    .contains("grlu")
                    .doesNotContain("direct-feedback"))
        .hasEntrySatisfying(
            "training_noise_scale_max",
            meaning ->
                assertThat(meaning.get("rule_name")).contains("grlu").doesNotContain("backprop"))
        .doesNotContainKeys("rule_name", "network_activation", "training_batch_size");
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
    List<SweepDescription.Parameter> parameters =
        RequestFiles.description(request(sweep)).parameters();
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

  /** A table that has these trials, and nothing else of them. */
  private static void trials(SweepRequest request, RunFolder sweep, Integer version)
      throws IOException {
    Schema schema =
        new Schema(
            "trial",
            List.of(
                Column.required("trial_id", Column.Type.STRING),
                Column.required("status", Column.Type.STRING),
                Column.required("epochs_done", Column.Type.INT),
                Column.required("cpu_seconds", Column.Type.DOUBLE),
                Column.optional("rule_version", Column.Type.INT)));
    List<Object[]> rows =
        request.plan().trials().stream()
            .map(trial -> new Object[] {trial.trialId(), "done", 1, 0.5, version})
            .toList();
    Table.in(sweep.shown() + "/" + RunFolder.TRIALS, new Configuration()).append(schema, rows);
  }

  @Test
  void anotherFileThatTakesTheSweepsNameIsSaid() throws IOException {
    String name = "name = mine, seeds = 2, parameters.rule.perturbations = ";
    SweepRequest first = request("a.conf", name + "[1, 2]");
    RunFolder sweep = RunFolder.at(folder.resolve("sweep").toString(), new Configuration());
    assertThat(RequestFiles.replaced(first, sweep)).isEmpty();
    written(first);
    trials(first, sweep, 1);
    assertThat(RequestFiles.replaced(request("a.conf", name + "[1]"), sweep))
        .as("the same file, changed")
        .isEmpty();
    SweepRequest second = request("b.conf", name + "[2, 3]");
    assertThat(RequestFiles.replaced(second, sweep))
        .hasValue(
            "sweep mine: %s/a.conf asked for it before, and now %s/b.conf does: 2 trials of its table"
                    .formatted(folder, folder)
                + " are no longer ranked; with another sweep.name each file has a ranking of its"
                + " own");
    written(second);
    assertThat(RequestFiles.replaced(request("b.conf", name + "[3]"), sweep)).isEmpty();
    Files.createDirectories(folder.resolve("copied"));
    assertThat(RequestFiles.replaced(request("copied/b.conf", name + "[1, 2, 3]"), sweep))
        .as("a copy that asks for more")
        .isEmpty();
    assertThat(RequestFiles.replaced(request("copied/b.conf", name + "[2]"), sweep).orElseThrow())
        .contains(": 2 trials of its table are no longer ranked");
  }

  @Test
  void trialsOfAnotherVersionOfTheRuleAreSaid() throws IOException {
    String name = "name = mine, parameters.rule.perturbations = ";
    SweepRequest request = request("a.conf", name + "[1, 2]");
    RunFolder sweep = written(request);
    trials(request, sweep, null);
    assertThat(RequestFiles.outdated(request, sweep)).as("all are asked for").isEmpty();
    trials(request("a.conf", name + "[3]"), sweep, request.file().base().rule().version());
    assertThat(RequestFiles.outdated(request, sweep)).as("of this version").isEmpty();
    trials(request("a.conf", name + "[4]"), sweep, null);
    trials(request("a.conf", name + "[5]"), sweep, 1);
    assertThat(RequestFiles.outdated(request, sweep))
        .hasValue(
            "sweep mine: 2 trials of its table are by another version of a rule, and not ranked;"
                + " what is asked for is trained again");
  }

  @Test
  void whoAskedByAnOlderVersionIsSaidByItsCommand() throws IOException {
    String name = "name = mine, parameters.rule.perturbations = ";
    SweepRequest first = request("a.conf", name + "[1, 2]");
    RunFolder sweep = written(first);
    String json = new String(sweep.read(SweepDescription.FILE).orElseThrow(), UTF_8);
    assertThat(json).contains("\"file\" : \"" + folder.resolve("a.conf"));
    sweep.write(
        SweepDescription.FILE, json.replaceFirst(",\\s*\"file\" : \"[^\"]*\"", "").getBytes(UTF_8));
    assertThat(RequestFiles.replaced(request("b.conf", name + "[1, 2]"), sweep)).isEmpty();
    trials(first, sweep, 1);
    assertThat(RequestFiles.replaced(request("b.conf", name + "[1]"), sweep).orElseThrow())
        .startsWith("sweep mine: the command grlu sweep asked for it before")
        .contains("1 trial of its table is no longer ranked");
  }
}
