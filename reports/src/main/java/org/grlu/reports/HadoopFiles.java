package org.grlu.reports;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Hadoop's file systems, as the user has set them up. */
public final class HadoopFiles {
  private static final String PREFIX = "spark.hadoop.";

  /**
   * What is waited for where nobody answers: Hadoop's own 45 times 20 seconds are no answer to a
   * wrong address.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of("ipc.client.connect.max.retries.on.timeouts", "3");

  private HadoopFiles() {}

  /**
   * Hadoop's configuration: its defaults, those of {@code core-site.xml} and the like on the class
   * path, and over them the system properties {@code spark.hadoop.*}, which spark-submit makes of
   * {@code --conf}.
   */
  public static Configuration configuration() {
    Configuration hadoop = new Configuration();
    DEFAULTS.forEach(
        (key, value) -> {
          String[] sources = hadoop.getPropertySources(key);
          if (sources == null || sources[0].equals("core-default.xml")) {
            hadoop.set(key, value);
          }
        });
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(PREFIX) && name.length() > PREFIX.length()) {
        hadoop.set(name.substring(PREFIX.length()), System.getProperty(name));
      }
    }
    return hadoop;
  }

  /**
   * A path's file system, which leaves no files of checksums beside what it writes.
   *
   * @throws IOException where Hadoop knows no such file system, or can't reach it
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    FileSystem files;
    try {
      files = path.getFileSystem(hadoop);
    } catch (RuntimeException e) {
      // a scheme that Hadoop knows, without the classes for it
      throw new IOException(e.getMessage(), e);
    }
    files.setWriteChecksum(false);
    return files;
  }
}
