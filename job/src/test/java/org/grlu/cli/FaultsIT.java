package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user can get wrong: one clear line, the documented exit code, nothing left behind. */
class FaultsIT {
  @TempDir private Path folder;
  private Grlu grlu;

  @BeforeEach
  void configuration() throws IOException {
    grlu = Grlu.in(folder).quick().file("small.conf", Grlu.SMALL);
  }

  @Test
  void configurationFiles() throws IOException, InterruptedException {
    grlu.run("config", "nowhere.conf").saysOnly(2, "nowhere.conf: there is no such file");
    grlu.file("open.conf", "grlu {\n network.layers = [784, 10\n");
    grlu.run("config", "open.conf").saysOnly(2, "open.conf: ");
    grlu.file("typo.conf", "grlu.trainng.epochs = 3");
    grlu.run("config", "typo.conf")
        .saysOnly(2, "grlu.trainng.epochs (typo.conf: 1)", "the nearest is grlu.training.epochs");
    grlu.file("flat.conf", "grlu = 5");
    grlu.run("config", "flat.conf").saysOnly(2, "grlu (flat.conf: 1): there is no such key");
    grlu.file("hole.conf", "grlu.training.epochs = ${epochs}");
    grlu.run("config", "hole.conf").saysOnly(2, "hole.conf: 1", "${epochs}");
    grlu.run("config", ".").saysOnly(2, "configuration file .: is a folder");
    grlu.file("part.conf", "include \"common.conf\"");
    grlu.run("train", "part.conf")
        .saysOnly(2, "part.conf: include \"common.conf\": must be a file");
  }

  /** Of a pipe, which is read once; of a file that sets nothing; of an environment variable. */
  @Test
  void configurationsOfOtherKinds() throws IOException, InterruptedException {
    grlu.file("empty.conf", "# grlu.training.epochs = 3");
    Grlu.Result empty = grlu.run("config", "empty.conf").succeeds();
    assertThat(empty.err()).containsExactly("empty.conf sets nothing: the defaults are used");
    grlu.file("env.conf", "grlu.training.epochs = ${?GRLU_TEST_EPOCHS}");
    String script = Grlu.HOME.resolve("submit-scripts/grlu").toString();
    for (String line :
        new String[] {
          "'%s' config <(cat env.conf)",
          "'%s' config /dev/stdin < <(cat env.conf)",
          "mkfifo fifo && { cat env.conf >fifo & '%s' config fifo; }"
        }) {
      Grlu.Result result =
          grlu.with("GRLU_TEST_EPOCHS", "77").paste(line.formatted(script)).succeeds();
      assertThat(result.out())
          .anyMatch(said -> said.matches(" *training.epochs = 77 +# env variables"));
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void everyFaultOfAConfigurationAtOnceAndSparkNeverStarted()
      throws IOException, InterruptedException {
    grlu.file(
        "many.conf", "grlu { training.epochs = 0, network.k = two, network.layers = [5, 10] }");
    Grlu.Result result = grlu.run("train", "many.conf", "--out", "none");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .hasSize(3)
        .allMatch(line -> line.startsWith("grlu: "))
        .anyMatch(line -> line.contains("training.epochs = 0 (many.conf: 1): must be"))
        .anyMatch(line -> line.contains("network.k = two (many.conf: 1): must be a number"))
        .anyMatch(line -> line.contains("network.layers = [5, 10] (many.conf: 1): must begin"));
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void settings() throws IOException, InterruptedException {
    grlu.run("config", "small.conf", "--set", "foo").saysOnly(2, "--set foo: must be path=value");
    grlu.run("config", "small.conf", "--set", "training.learning-rate=0.5")
        .saysOnly(2, "training.learning-rate = 0.5 (--set): must be a block of max, min");
    grlu.run("config", "small.conf", "--set", "training.epochs=null")
        .saysOnly(2, "training.epochs = null (--set): must be a whole number");
    grlu.run("data", "info", "--directory", "a\"b").saysOnly(2, "a\"b: no such folder");
    // not a folder that is called ~
    grlu.run("train", "small.conf", "--out=~nobody/runs")
        .saysOnly(2, "report.directory = ~nobody/runs (--set): must be");
    grlu.run("data", "info", "--directory", "/d//inner#1", "--set", "report.directory=10:30")
        .saysOnly(2, "/d/inner#1: no such folder");
  }

  @Test
  void commandsAndOptions() throws IOException, InterruptedException {
    grlu.run("frobnicate").saysOnly(2, "there is no command frobnicate (see grlu --help)");
    grlu.run("config").saysOnly(2, "CONF", "(see grlu config --help)");
    grlu.run("train", "small.conf", "--frob").saysOnly(2, "'--frob' (see grlu train --help)");
    grlu.run("evaluate").saysOnly(2, "--model=FILE");
    grlu.run("data").saysOnly(2, "fetch, info or make");
    new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu"))
        .option("--conf", "x")
        .run("train", "small.conf")
        .saysOnly(2, "--conf x: must be KEY=VALUE");
    grlu.conf("spark.driver.memory=much").run("train").saysOnly(2, "spark.driver.memory=much");
  }

  @Test
  void kernels() throws IOException, InterruptedException {
    grlu.conf("spark.driver.extraJavaOptions=-Dgrlu.kernels=fast")
        .run("train", "small.conf", "--out", "none")
        .saysOnly(2, "-Dgrlu.kernels=fast: must be one of [auto, simd, scalar]");
  }

  @Test
  void datasets() throws IOException, InterruptedException {
    grlu.run("train", "small.conf", "--set", "dataset.directory=nowhere", "--out", "none")
        .saysOnly(2, "nowhere: no such folder");
    Files.createDirectory(folder.resolve("damaged"));
    for (String name :
        new String[] {
          "train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"
        }) {
      grlu.file("damaged/" + name + "-ubyte", "not what it says");
    }
    grlu.run("data", "info", "--directory", "damaged").saysOnly(2, "damaged/");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void reportDirectories() throws IOException, InterruptedException {
    grlu.run("train", "small.conf", "--out", "small.conf")
        .saysOnly(4, "report directory small.conf: ", "not a directory");
    grlu.run("train", "small.conf", "--out", "s3a://bucket/x")
        .saysOnly(4, "report directory s3a://bucket/x: ");
    grlu.run("train", "small.conf", "--out", "file://host/x")
        .saysOnly(2, "report.directory = file://host/x");
  }

  @Test
  void masters() throws IOException, InterruptedException {
    Grlu.Result gone =
        new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu"))
            .master("spark://127.0.0.1:1")
            .run("train", "small.conf", "--out", "none");
    gone.saysOnly(4, "no Spark master answers at spark://127.0.0.1:1");
    for (String master : new String[] {"bogus", "local[x]", "local[0]", "spark://host"}) {
      new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu"))
          .master(master)
          .run("train", "small.conf", "--out", "none")
          .saysOnly(2, "--master " + master + ": must be local[N]");
    }
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void whatSparkItselfRefuses() throws IOException, InterruptedException {
    Grlu.Result submit =
        Grlu.in(folder).conf("spark.executor.cores=x").run("train", "small.conf", "--out", "none");
    assertThat(submit.err())
        .containsExactly("grlu: spark-submit: Executor cores must be a positive number");
    Grlu.in(folder)
        .quick()
        .conf("spark.driver.port=-5")
        .run("train", "small.conf", "--out", "none")
        .says(4, "Spark can't be started on master local[2]: ");
    assertThat(Grlu.names(folder.resolve("none"))).isEmpty();
  }

  @Test
  void aFullDiskKeepsWhatWasCommitted() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        shell("mount", "-t", "tmpfs", "-o", "size=8k", "grlu-test", disk.toString()),
        "no file system may be mounted here");
    try {
      grlu.run("train", "small.conf", "--out", "disk")
          .saysOnly(4, "report directory disk: No space");
      assertThat(Grlu.names(disk)).isEmpty();
      // room for the first checkpoint, not for a second one beside it
      assertThat(shell("mount", "-o", "remount,size=160k", disk.toString())).isTrue();
      Grlu.Result full =
          Grlu.in(folder).quick().run("train", "small.conf", "--out", "disk").says(4, "No space");
      String run = Grlu.names(disk).get(0);
      assertThat(full.err()).anyMatch(line -> line.endsWith(" --resume " + run));
      assertThat(Grlu.names(disk.resolve(run)))
          .containsExactly("checkpoint.npz", "resolved.conf", "status.json");
      // Spark was stopped with nothing under way
      for (String log : Grlu.names(folder.resolve("logs"))) {
        assertThat(folder.resolve("logs").resolve(log))
            .content()
            .doesNotContain("a stack trace was printed");
      }
      assertThat(shell("mount", "-o", "remount,size=4m", disk.toString())).isTrue();
      Grlu.in(folder)
          .quick()
          .run("train", "small.conf", "--out", "disk", "--resume", run)
          .succeeds();
    } finally {
      assertThat(shell("umount", disk.toString())).isTrue();
    }
  }

  static boolean shell(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
