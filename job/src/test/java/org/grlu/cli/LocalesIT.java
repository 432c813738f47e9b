package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job where the JVMs' locale has digits of its own (Persian, Hindi) or another idea of an i
 * (Turkish): what was written in one is read in the others, and is what it always is.
 */
class LocalesIT {
  private static final String PERSIAN = "-Duser.language=fa -Duser.country=IR";
  private static final String TURKISH = "-Duser.language=tr -Duser.country=TR";
  private static final String HINDI =
      "-Duser.language=hi -Duser.country=IN -Duser.extensions=u-nu-deva";

  /** Figures of a trial that are the same whenever it runs. */
  private static final int SAME_COLUMNS = 21;

  @TempDir private Path folder;

  private Grlu in(String locale) {
    // of all JVMs, Spark's among them
    return Grlu.in(folder).quick().with("JAVA_TOOL_OPTIONS", locale);
  }

  @Test
  void aSweepGoesOnInAnotherLocaleThanItWasBegunIn() throws IOException, InterruptedException {
    String more = "sweep.seeds=2";
    in(PERSIAN)
        .file(
            "s.conf",
            """
            grlu {
              dataset { name = mnist-sample, train-examples = 100, validation-examples = 100 }
              network.layers = [784, 16, 10]
              training.epochs = 2
              rule.perturbations = 2
              sweep {
                seeds = 1
                parameters.training.learning-rate.max = [0.1, 0.2]
              }
            }
            """)
        .run("sweep", "s.conf", "--out", "runs")
        .succeeds();
    Path sweep = folder.resolve("runs/sweeps/s");
    assertThat(all(sweep)).allMatch(name -> name.matches("[ -~]+"));
    String page = Files.readString(sweep.resolve("report.html"));
    assertThat(page).containsPattern("<svg class=\"bar\" width=\"[0-9]+\"");
    assertThat(page).doesNotContainPattern("[\u06f0-\u06f9\u0966-\u096f]");

    List<String> resumed =
        in(TURKISH).run("sweep", "s.conf", "--out", "runs", "--set", more).succeeds().err();
    assertThat(resumed).contains("2 trials are known, 2 are not");
    List<String> csv = in(HINDI).run("report", "runs/sweeps/s", "--format", "csv").succeeds().out();
    List<String> markdown =
        in(HINDI).run("report", "runs/sweeps/s", "--format", "markdown").succeeds().out();
    for (String line : Stream.concat(csv.stream(), markdown.stream()).toList()) {
      assertThat(line).doesNotContainPattern("[\u06f0-\u06f9\u0966-\u096f]");
    }
    assertThat(in(PERSIAN).run("report", "runs/sweeps/s", "--format", "csv").succeeds().out())
        .isEqualTo(csv);

    Grlu.Result plain =
        Grlu.in(folder).quick().run("sweep", "s.conf", "--out", "plain", "--set", more).succeeds();
    assertThat(plain.out()).isNotEmpty();
    assertThat(Grlu.in(folder).run("report", "plain/sweeps/s", "--format", "csv").succeeds().out())
        .hasSameSizeAs(csv)
        .zipSatisfy(csv, (one, other) -> assertThat(same(one)).isEqualTo(same(other)));
  }

  /** What stands in a line beside its costs. */
  private static List<String> same(String line) {
    return List.of(line.split(",")).subList(0, SAME_COLUMNS);
  }

  private static List<String> all(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.map(path -> folder.relativize(path).toString())
          .filter(name -> !name.isEmpty())
          .toList();
    }
  }
}
