package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Another Spark than the build's, whose jars the build laid out. */
record SparkDistribution(String version) {
  Path jars() {
    Path jars = Grlu.HOME.resolve("job/spark-" + version + "/target/jars");
    assertThat(jars).isDirectoryContaining("glob:**/spark-core_2.13-" + version + ".jar");
    return jars;
  }

  /** Makes one with a spark-submit: all that the script asks of {@code SPARK_HOME}. */
  Path in(Path folder) throws IOException {
    Path home = folder.resolve("spark-" + version);
    Files.createDirectories(home.resolve("bin"));
    String submit =
        """
        #!/bin/sh
        exec java '@%s' -Xmx1g -cp "${HADOOP_CONF_DIR:+$HADOOP_CONF_DIR:}%s/*" \\
          org.apache.spark.deploy.SparkSubmit "$@"
        """
            .formatted(Grlu.HOME.resolve("submit-scripts/java-options"), jars());
    Path script = Files.writeString(home.resolve("bin/spark-submit"), submit);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }
}
