package org.grlu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.hadoop.conf.Configuration;
import org.grlu.TestData;
import org.grlu.config.Json;
import org.grlu.reports.SweepDescription;
import org.grlu.reports.Table;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule that nobody here has heard of: compiled against the jar, in a jar of its own. */
class ExternalRuleIT {
  private static final String CONF =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 400, validation-examples = 200 }
        network.layers = [784, 16, 10]
        rule { name = damped, perturbations = 2 }
        training.epochs = 2
      }
      """;

  private static final String SWEEP =
      """
        sweep.parameters.learner = [
          { name = grlu, rule.name = grlu }
          { name = backprop, rule.name = backprop }
          { name = undamped, rule.damped.factor = 1 }
          { name = damped, rule.damped.factor = 0.5 }
        ]
      }
      """;

  private static final String COLUMN = "rule_damped_factor";

  @TempDir private static Path folder;
  private static Path jar;

  @BeforeAll
  static void makeJar() throws IOException {
    Path source = folder.resolve("DampedRule.java");
    try (InputStream in = ExternalRuleIT.class.getResourceAsStream("DampedRule.java")) {
      Files.copy(in, source);
    }
    Path classes = Files.createDirectory(folder.resolve("classes"));
    String[] arguments = {
      "-proc:none",
      "-Xlint:all,-path",
      "-Werror",
      "--release",
      "17",
      "-cp",
      Grlu.HOME.resolve("job/target/grlu.jar").toString(),
      "-d",
      classes.toString(),
      source.toString()
    };
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments)).isZero();
    jar = folder.resolve("damped.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes).filter(Files::isRegularFile)) {
      entries.putNextEntry(new JarEntry("META-INF/services/org.grlu.rule.RuleDefinition"));
      entries.write("example.DampedRule\n".getBytes(UTF_8));
      for (Path file : files.sorted().toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
      }
    }
    Files.writeString(folder.resolve("damped.conf"), CONF);
    String compared = CONF.substring(0, CONF.lastIndexOf('}')) + SWEEP;
    assertThat(Files.readString(Grlu.HOME.resolve("job/README.md"))).contains(compared);
    Files.writeString(folder.resolve("compared.conf"), compared);
  }

  private static Grlu withJar() {
    return Grlu.in(folder).quick().conf("spark.jars=" + jar);
  }

  /** The trial's id by what is to make it: the rule's class, version and jar among it. */
  private static String expectedId() throws Exception {
    Map<String, Object> identity = new TreeMap<>();
    identity.put("dataset.sha256", TestData.sample().sha256());
    identity.put("dataset.train-examples", 400L);
    identity.put("dataset.validation-examples", 200L);
    identity.put("network.layers", List.of(784L, 16L, 10L));
    identity.put("rule.class", "example.DampedRule");
    identity.put("rule.jar-sha256", sha256(Files.readAllBytes(jar)));
    identity.put("rule.name", "damped");
    identity.put("rule.perturbations", 2L);
    identity.put("rule.version", 1L);
    identity.put("training.epochs", 2L);
    return sha256(Json.of(identity).getBytes(UTF_8));
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void itTrainsTheSameInBothEnginesAndIsOneOfASweepsRules() throws Exception {
    Grlu grlu = withJar();
    Map<String, Object> task = grlu.run("train", "damped.conf", "--json").succeeds().json();
    Map<String, Object> stepped =
        grlu.run("train", "damped.conf", "--json", "--set", "engine.mode=stepped")
            .succeeds()
            .json();
    assertThat(task).containsEntry("status", "done").containsEntry("trial", expectedId());
    assertThat(stepped)
        .containsEntry("trial", task.get("trial"))
        .containsEntry("weights_sha256", task.get("weights_sha256"));

    Path sweep =
        Path.of(
            (String) grlu.run("sweep", "compared.conf", "--json").succeeds().json().get("report"));
    Map<String, Map<String, Object>> trials = new TreeMap<>();
    Table.in(sweep.resolve("trials").toString(), new Configuration())
        .read()
        .forEach(row -> trials.put(row.get("rule_name") + " " + row.get(COLUMN), row));
    assertThat(trials).containsOnlyKeys("damped 0.5", "damped 1.0", "grlu null", "backprop null");
    assertThat(trials.get("damped 0.5"))
        .containsEntry("trial_id", task.get("trial"))
        .containsEntry("weights_sha256", task.get("weights_sha256"))
        .containsEntry("rule_gate", null);
    assertThat(trials.get("damped 1.0").get("weights_sha256"))
        .isEqualTo(trials.get("grlu null").get("weights_sha256"))
        .isNotEqualTo(task.get("weights_sha256"));
    SweepDescription asked =
        SweepDescription.fromJson(Files.readAllBytes(sweep.resolve(SweepDescription.FILE)));
    assertThat(asked.meanings())
        .containsEntry(COLUMN, Map.of("rule_name", List.of("damped")))
        .containsEntry("rule_gate", Map.of("rule_name", List.of("grlu")))
        .containsEntry(
            "rule_perturbations",
            Map.of(
                "rule_name",
                List.of(
                    "grlu",
                    "learned-feedback",
                    "evolution",
                    "weight-perturbation",
                    "grlu-rls",
                    "damped")));

    // whoever gets the report needs no jar
    Grlu.in(folder).run("report", sweep.toString()).succeeds();
    assertThat(Files.readString(sweep.resolve("report.html"))).contains("undamped");
  }

  @Test
  void itIsThereOnlyWithItsJar() throws IOException, InterruptedException {
    Grlu.in(folder)
        .run("config", "damped.conf")
        .saysOnly(2, "rule.name = damped (", "grlu or backprop");
    assertThat(withJar().run("config", "damped.conf").succeeds().out())
        .anyMatch(line -> line.matches(" *rule.damped.factor = 0.5 +# default"));
    withJar()
        .run("config", "damped.conf", "--set", "rule.damped.facto=1")
        .saysOnly(2, "rule.damped.facto (", "the nearest is grlu.rule.damped.factor");
    assertThat(withJar().run("rules", "damped").succeeds().out())
        .startsWith("rule.name = damped")
        .contains("    rule.damped.factor = 0.5 (a number, above 0, at most 1)");
    assertThat(withJar().run("config", "--help").succeeds().out())
        .anyMatch(line -> line.matches(" *damped +GRLU with smaller updates .*"))
        .anyMatch(line -> line.contains("rule.damped.factor"))
        .allMatch(line -> line.length() <= 80);
  }
}
