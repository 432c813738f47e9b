package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start script: where it is called from, what it hands on, what it prints. */
class ScriptIT {
  private static final Path SCRIPT = Grlu.HOME.resolve("submit-scripts/grlu");

  @TempDir private Path folder;

  @BeforeEach
  void configuration() throws IOException {
    Files.writeString(folder.resolve("sm all.conf"), Grlu.SMALL);
  }

  @Test
  void helpAndVersionDoNotStartSpark() throws IOException, InterruptedException {
    // a distribution that would fail if it were asked
    Grlu grlu = new Grlu(folder, SCRIPT).with("SPARK_HOME", "/nowhere");
    Grlu.Result help = grlu.run("--help").succeeds();
    assertThat(help.out().get(0)).startsWith("Usage: grlu ");
    assertThat(help.out())
        .anyMatch(line -> line.contains("130"))
        .allMatch(line -> line.length() <= 80);
    assertThat(help.err()).isEmpty();
    Grlu.Result train = grlu.run("train", "--help").succeeds();
    assertThat(train.out())
        .anyMatch(line -> line.contains("--resume"))
        .allMatch(line -> line.length() <= 80);
    assertThat(grlu.run("--version").succeeds().out())
        .singleElement()
        .asString()
        .startsWith("grlu 0");
    assertThat(grlu.run().succeeds().out()).isEqualTo(help.out());
  }

  @Test
  void worksThroughASymbolicLinkFromAnotherFolder() throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), SCRIPT);
    Path second =
        Files.createSymbolicLink(folder.resolve("a link"), Path.of(link.getFileName().toString()));
    Grlu.Result result = new Grlu(folder, second).run("config", "sm all.conf").succeeds();
    assertThat(result.out()).anyMatch(line -> line.contains("network.layers = [784,32,10]"));
  }

  @Test
  void worksInACheckoutWithASpaceAndPrintsWhatRunsAsPasted()
      throws IOException, InterruptedException {
    Path home = checkout();
    Files.createSymbolicLink(home.resolve("job/target"), Grlu.HOME.resolve("job/target"));
    Grlu grlu = new Grlu(folder, home.resolve("submit-scripts/grlu")).master("local[2]").quick();
    Grlu.Result dry =
        grlu.option("--dry-run").run("train", "sm all.conf", "--out", "o u t", "--json").succeeds();
    assertThat(dry.out()).hasSize(1);
    assertThat(folder.resolve("o u t")).doesNotExist();
    Grlu.Result pasted = grlu.paste(dry.out().get(0)).succeeds();
    assertThat(pasted.json()).containsEntry("status", "done");
    assertThat(Grlu.names(folder.resolve("o u t"))).hasSize(2).endsWith("index.html");
  }

  @Test
  void anArchiveOfClassesThatIsNoneDoesNoHarm() throws IOException, InterruptedException {
    Path home = checkout();
    for (String built : List.of("job/target/grlu.jar", "job/target/spark/jars")) {
      Files.createDirectories(home.resolve(built).getParent());
      Files.createSymbolicLink(home.resolve(built), Grlu.HOME.resolve(built));
    }
    Grlu grlu = new Grlu(folder, home.resolve("submit-scripts/grlu")).master("local[2]").quick();
    grlu.run("train", "nowhere.conf").saysOnly(2, "nowhere.conf: there is no such file");
    Files.writeString(home.resolve("job/target/spark/classes.jsa"), "not what it says");
    grlu.run("train", "nowhere.conf").saysOnly(2, "nowhere.conf: there is no such file");
    Grlu.Result dry = grlu.option("--dry-run").run("train", "nowhere.conf").succeeds();
    assertThat(dry.out())
        .singleElement()
        .asString()
        .contains("-XX:SharedArchiveFile=")
        .contains("classes.jsa");
  }

  /** A copy of the sources that the script needs, in a folder with a space; nothing built. */
  private Path checkout() throws IOException {
    Path home = folder.resolve("check out");
    for (String name :
        List.of("submit-scripts/grlu", "submit-scripts/java-options", "conf/log4j2.properties")) {
      Path copy = home.resolve(name);
      Files.createDirectories(copy.getParent());
      Files.copy(Grlu.HOME.resolve(name), copy);
    }
    Files.createDirectories(home.resolve("job"));
    assertThat(home.resolve("submit-scripts/grlu").toFile().setExecutable(true)).isTrue();
    return home;
  }

  @Test
  void aDistributionsSparkSubmitGetsTheArgumentsWhole() throws IOException, InterruptedException {
    Path distribution = folder.resolve("my spark");
    Path submit = distribution.resolve("bin/spark-submit");
    Files.createDirectories(submit.getParent());
    Grlu grlu = new Grlu(folder, SCRIPT).with("SPARK_HOME", distribution.toString());
    grlu.run("train", "sm all.conf").saysOnly(4, "SPARK_HOME=" + distribution);
    Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    Grlu.Result result =
        grlu.option("--master", "local[3]")
            .conf("spark.driver.memory=3g")
            .conf("spark.a=b c")
            .conf("spark.driver.extraJavaOptions=-Da=b")
            .run("train", "sm all.conf", "--set", "x='$y' \"z\"", "*")
            .succeeds();
    String module = "--add-modules=jdk.incubator.vector";
    assertThat(result.out())
        .containsExactly(
            "--master",
            "local[3]",
            "--driver-memory",
            "3g",
            "--conf",
            "spark.driver.defaultJavaOptions=" + module,
            "--conf",
            "spark.executor.defaultJavaOptions=" + module,
            "--conf",
            "spark.driver.extraJavaOptions=-Da=b",
            "--conf",
            "spark.ui.showConsoleProgress=false",
            "--conf",
            "spark.a=b c",
            "--class",
            "org.grlu.cli.Main",
            Grlu.HOME.resolve("job/target/grlu.jar").toString(),
            "train",
            "sm all.conf",
            "--set",
            "x='$y' \"z\"",
            "*");
  }

  @Test
  void noLineHasASecret() throws IOException, InterruptedException {
    Path submit = folder.resolve("spark/bin/spark-submit");
    Files.createDirectories(submit.getParent());
    Files.writeString(submit, "#!/bin/sh\necho \"$GRLU_COMMAND\"\n");
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    Grlu.Result said =
        new Grlu(folder, SCRIPT)
            .with("SPARK_HOME", folder.resolve("spark").toString())
            .conf("spark.authenticate.secret=hush")
            .conf("spark.hadoop.fs.s3a.access.key=hush")
            .conf("spark.driver.extraJavaOptions=-Djavax.net.ssl.trustStorePassword=hush")
            .conf("spark.a=b")
            .run("train", "sm all.conf")
            .succeeds();
    assertThat(said.out())
        .singleElement()
        .asString()
        .contains("spark.authenticate.secret=...", "spark.hadoop.fs.s3a.access.key=...")
        .endsWith("--conf spark.a=b")
        .doesNotContain("hush");
  }

  @Test
  void aMissingJavaIsSaid() throws IOException, InterruptedException {
    new Grlu(folder, SCRIPT).with("JAVA_HOME", "/nowhere").run("--help").saysOnly(4, "no Java");
  }
}
