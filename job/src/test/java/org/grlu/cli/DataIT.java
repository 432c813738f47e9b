package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;
import org.grlu.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same vectors from NumPy's archives and from Parquet that another program wrote. */
class DataIT {
  private static final String VECTORS =
      """
      grlu {
        dataset { name = vectors, train = "%s", test = "%s", first-class = 1, validation-examples = 12 }
        network.layers = [4, 8, 3]
        rule.perturbations = 4
        training { epochs = 2, seed = %d }
      }
      """;

  @TempDir private Path folder;

  /** Rows {@code from} to {@code to}, a file of a set. */
  private void parquet(String file, int from, int to) throws IOException, SQLException {
    StringJoiner rows = new StringJoiner(", ");
    for (int i = from; i < to; i++) {
      rows.add(
          "(%d, %s::DOUBLE[])".formatted(Vectors.label(i), Arrays.toString(Vectors.features(i))));
    }
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM (VALUES %s) AS t(label, features)) TO '%s' (FORMAT parquet)"
              .formatted(rows, path));
    }
  }

  @Test
  void bothTrainTheSameTrialOnEitherEngine()
      throws IOException, InterruptedException, SQLException {
    Files.write(folder.resolve("train.npz"), Vectors.archive(72));
    Files.write(folder.resolve("test.npz"), Vectors.archive(30));
    parquet("train/part-1.parquet", 40, 72);
    parquet("train/part-0.parquet", 0, 40);
    parquet("test.parquet", 0, 30);
    String archives = VECTORS.formatted("train.npz", "test.npz", 1);
    String parquet = VECTORS.formatted("train", folder.resolve("test.parquet").toUri(), 1);
    Grlu grlu = Grlu.in(folder).quick().file("npz.conf", archives).file("parquet.conf", parquet);

    Map<String, Object> first = grlu.run("train", "npz.conf", "--json").succeeds().json();
    String stepped = "engine.mode=stepped";
    Map<String, Object> second =
        grlu.run("train", "parquet.conf", "--set", stepped, "--json").succeeds().json();
    assertThat(second.get("trial")).isEqualTo(first.get("trial"));
    assertThat(second.get("weights_sha256")).isEqualTo(first.get("weights_sha256"));
    assertThat(first).containsEntry("test_accuracy", 1);

    Grlu.Result info = grlu.run("data", "info", "--config", "parquet.conf").succeeds();
    assertThat(info.out().get(0)).isEqualTo("vectors: 3 classes, vectors of 4 floats");
    assertThat(info.out().get(2)).isEqualTo("training: 72 vectors, by label 0:24 1:24 2:24");

    Path model = Path.of((String) second.get("report")).resolve("model.npz");
    assertThat(grlu.run("evaluate", "--model", model.toString(), "--json").succeeds().json())
        .containsEntry("test_accuracy", 1);

    String sweep = parquet + "grlu.sweep { name = s, seeds = [1, 2] }";
    assertThat(grlu.file("sweep.conf", sweep).run("sweep", "sweep.conf").succeeds().out())
        .anyMatch(line -> line.startsWith("sweep s: 2 trials done"));

    // one line, and no more than the terminal's
    grlu.run("train", "parquet.conf", "--set", "dataset.label-column=y")
        .saysOnly(2, "no column y, as dataset.label-column says, among label, features");
  }
}
