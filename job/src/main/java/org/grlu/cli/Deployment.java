package org.grlu.cli;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;

/** Where Spark put the driver, this JVM: it tells by system properties. */
final class Deployment {
  private Deployment() {}

  /** Whether the cluster holds the driver, rather than the machine that submitted the job. */
  static boolean inCluster() {
    return "cluster".equals(System.getProperty("spark.submit.deployMode"))
        || Boolean.getBoolean("spark.kubernetes.submitInDriver");
  }

  /** Whether one of YARN's application masters called {@code main}, and goes on after it. */
  static boolean inApplicationMaster() {
    return inCluster() && "yarn".equals(System.getProperty("spark.master"));
  }

  /**
   * Ends the job. An application master takes a process that exits, with whatever code, for one
   * that failed, and starts it again: it must see {@code main} return or throw.
   *
   * @throws CommandException in an application master, for any code but 0
   */
  static void end(int code) {
    if (!inApplicationMaster()) {
      System.exit(code);
    }
    if (code != ExitCode.DONE) {
      throw new CommandException(code, "exit code " + code);
    }
  }

  /** Refuses reports that would go with the driver's container, or that no file could be. */
  static void checkReports(String directory) throws IOException {
    Surroundings.checkPath(directory);
    if (!inCluster()) {
      return;
    }
    Path path = path(directory);
    if (!path.isAbsolute()
        && HadoopFiles.of(path, HadoopFiles.configuration()).getUri().getScheme().equals("file")) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "report.directory=%s: must be a URI (hdfs:, s3a:) or an absolute path that machines share"
                  .formatted(directory)
              + ", in cluster deploy mode: the driver's folder is removed with it");
    }
  }

  private static Path path(String directory) {
    try {
      return HadoopFiles.path(directory);
    } catch (NoPathException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "report.directory = %s: not a path or URI".formatted(directory));
    }
  }
}
