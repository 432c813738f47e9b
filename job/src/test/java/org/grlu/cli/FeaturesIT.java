package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.grlu.datasets.Datasets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slow system, its codes, and what is trained on them. */
class FeaturesIT {
  private static final String CONFIGURATION =
      """
      grlu {
        dataset { name = mnist-sample, validation-examples = 200 }
        features { kind = pca, size = 20 }
        network.layers = [20, 10]
        rule.perturbations = 2
        training.epochs = 2
      }
      """;

  @TempDir private Path folder;

  @Test
  void codesOfAFolderTrainAsThoseOfTheSystemDo() throws IOException, InterruptedException {
    Grlu grlu = Grlu.in(folder).quick().file("slow.conf", CONFIGURATION);
    Grlu.Result shown = grlu.run("features", "slow.conf", "--out", "runs", "--json").succeeds();
    String id = (String) shown.json().get("features");
    Path system = folder.resolve("runs/features").resolve(id);
    assertThat(shown.json())
        .containsEntry("size", 20)
        .containsEntry("measured", 200)
        .containsEntry("seen", "mnist-sample: training images but for the last 200");
    assertThat((Double) shown.json().get("ridge_accuracy")).isGreaterThan(0.6);
    assertThat(Grlu.names(system))
        .containsExactly("features.json", "features.npz", "report.html", "report.json");
    assertThat(Files.readString(system.resolve("report.html"))).contains(id, "By ridge regression");

    String reports = "report.directory=runs";
    List<String> encode =
        List.of("encode", "--features", id.substring(0, 6), "--dataset", "mnist-sample");
    grlu.run(words(encode, "--set", reports, "--out", "codes")).succeeds();
    grlu.run(words(encode, "--set", reports, "--out", "codes"))
        .saysOnly(2, "codes: is there already");

    Grlu.Result slow = grlu.run("train", "slow.conf", "--out", "runs", "--json").succeeds();
    assertThat(slow.err()).noneMatch(line -> line.contains("trained on"));
    String run = (String) slow.json().get("report");
    assertThat(grlu.run("evaluate", "--model", run + "/model.npz", "--json").succeeds().json())
        .containsEntry("test_accuracy", slow.json().get("test_accuracy"));
    answersAreRight(grlu, run, "t10k-images-idx3-ubyte.gz", slow);
    Grlu.Result fast =
        grlu.run(
                "train",
                "slow.conf",
                "--set",
                "features.kind=none",
                "--set",
                "dataset.train=codes/train",
                "--set",
                "dataset.test=codes/test",
                "--set",
                "network.input-norm=none",
                "--json")
            .succeeds();
    assertThat(fast.json())
        .containsEntry("weights_sha256", slow.json().get("weights_sha256"))
        .containsEntry("test_accuracy", slow.json().get("test_accuracy"));
    answersAreRight(grlu, (String) fast.json().get("report"), "codes/test", fast);
  }

  /** Predictions over some test images, against what training said of them. */
  private void answersAreRight(Grlu grlu, String run, String data, Grlu.Result trained)
      throws IOException, InterruptedException {
    for (String name : List.of("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")) {
      try (InputStream in = Datasets.class.getResourceAsStream("mnist-sample/" + name)) {
        Files.write(folder.resolve(name), in.readAllBytes());
      }
    }
    String out = run + "/answers";
    String[] words = {"predict", "--model", run + "/model.npz", "--data", data, "--out", out};
    Map<String, Object> answers = grlu.run(words(List.of(words), "--json")).succeeds().json();
    assertThat(answers).containsEntry("examples", 500).containsEntry("labelled", 500);
    assertThat((Integer) answers.get("correct") / 500.0)
        .isEqualTo(trained.json().get("test_accuracy"));
    grlu.run(words).saysOnly(2, out + ": is there already");
    words[4] = "runs/features";
    words[6] = "elsewhere";
    grlu.run(words).saysOnly(2, "--data runs/features: holds the folder");
    words[2] = "none.npz";
    grlu.run(words).saysOnly(2, "--model none.npz: there is no such file");
  }

  private static String[] words(List<String> first, String... more) {
    return Stream.concat(first.stream(), List.of(more).stream()).toArray(String[]::new);
  }
}
