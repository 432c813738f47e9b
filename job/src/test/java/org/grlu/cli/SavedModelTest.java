package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.grlu.config.ConfigReader;
import org.grlu.network.ModelFile;
import org.grlu.network.Weights;
import org.grlu.reports.Column;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelTest {
  @TempDir private Path folder;

  private Path model(String at, String configuration) throws IOException {
    Path run = Files.createDirectories(folder.resolve(at));
    Files.writeString(run.resolve("resolved.conf"), configuration);
    Weights weights =
        Weights.initial(
            ConfigReader.read(run.resolve("resolved.conf"), List.of()).trial().shape(), 7);
    Files.write(run.resolve("model.npz"), ModelFile.write(weights, Map.of()));
    return run;
  }

  @Test
  void aFolderIsAskedForTheModelInIt() throws IOException {
    Path run = model("run", "grlu { network.layers = [784, 5, 10], dataset.name = mnist-sample }");
    Said byFile = Said.of("evaluate", "--model", run.resolve("model.npz").toString());
    assertThat(byFile.code()).isZero();
    for (String given : List.of(run.toString(), run + "/", "file:" + run)) {
      Said byFolder = Said.of("evaluate", "--model", given);
      assertThat(byFolder.code()).as("%s: %s", given, byFolder.err()).isZero();
      assertThat(byFolder.out()).isEqualTo(byFile.out());
    }
    assertThat(Said.of("evaluate", "--model", folder.toString()).err())
        .containsExactly("grlu: --model " + folder + ": there is no such file");
  }

  @Test
  void theFeaturesOfATrialOfASweepAreFoundByItsRow() throws IOException {
    String id = "ab".repeat(32);
    Path run =
        model(
            "reports/sweeps/s/models/t1",
            "grlu { features { kind = random, size = 20 }, network.layers = [20, 10]"
                + ", dataset.name = mnist-sample }");
    RunFolder.at(folder.resolve("reports/sweeps/s").toString(), new Configuration())
        .table(RunFolder.TRIALS)
        .append(
            new Schema(
                "trial",
                List.of(
                    Column.required("trial_id", Column.Type.STRING),
                    Column.required("status", Column.Type.STRING),
                    Column.required("epochs_done", Column.Type.INT),
                    Column.required("cpu_seconds", Column.Type.DOUBLE),
                    Column.optional("features_id", Column.Type.STRING))),
            List.of(
                new Object[] {"t0", "done", 1, 1.0, null},
                new Object[] {"t1", "done", 1, 1.0, id}));
    Said without = Said.of("evaluate", "--model", run.toString());
    assertThat(without.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(without.err())
        .singleElement()
        .asString()
        .contains(
            "reads codes of features " + id + ", which are not in " + folder + "/reports/features");
    Path stored = Files.createDirectories(folder.resolve("reports/features").resolve(id));
    Files.write(stored.resolve("features.npz"), PlanCommandTest.encoder().named(id).toFile());
    Said with = Said.of("evaluate", "--model", run.toString());
    assertThat(with.code()).as("%s", with.err()).isZero();
    assertThat(with.out()).anyMatch(line -> line.startsWith("test accuracy "));
  }
}
