package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone cluster with a secret, encryption and access control: conf/secured as it stands. */
class SecuredClusterIT {
  private static final String SECRET = "not-to-be-seen-5d1f";

  @TempDir private Path folder;

  private String properties(String secret) throws IOException {
    Path file = Files.createDirectories(folder.resolve(secret)).resolve("spark-defaults.conf");
    Files.writeString(
        file,
        Files.readString(Grlu.HOME.resolve("conf/secured/spark-defaults.conf"))
            + "spark.authenticate.secret "
            + secret
            + "\n");
    return file.getParent().toString();
  }

  @Test
  @DisplayName("a cluster with a secret takes a job that knows it, and refuses another in a line")
  void theSecret() throws IOException, InterruptedException {
    Map<String, String> secured = Map.of("SPARK_CONF_DIR", properties(SECRET));
    try (StandaloneCluster cluster =
        new StandaloneCluster(folder.resolve("cluster"), secured, "127.0.0.1")) {
      Grlu grlu = cluster.quick(folder).file("small.conf", Grlu.SMALL);
      grlu.run("train", "small.conf", "--out", "none")
          .saysOnly(4, "no Spark master answers at " + cluster.master(), "asks for a secret");
      grlu.with("SPARK_CONF_DIR", properties("another"))
          .run("train", "small.conf", "--out", "none")
          .saysOnly(4, "does not take this job's spark.authenticate.secret");
      assertThat(folder.resolve("none")).doesNotExist();
      grlu.with("SPARK_CONF_DIR", properties(SECRET))
          .run("train", "small.conf", "--out", "runs")
          .succeeds();
    }
    for (String written : new String[] {"logs", "runs"}) {
      try (Stream<Path> files = Files.walk(folder.resolve(written))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as("%s", file)
              .doesNotContain(SECRET);
        }
      }
    }
  }
}
