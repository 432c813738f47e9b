package org.grlu.reports;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Hadoop's file systems, as the user has set them up. */
public final class HadoopFiles {
  /** How often something is read anew because files are deleted meanwhile. */
  static final int ATTEMPTS = 20;

  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");
  private static final String PREFIX = "spark.hadoop.";

  /** What the JDK says where it can't open a file: its path and why. */
  private static final Pattern OPENED = Pattern.compile("(/.*) \\(.*\\)");

  private static final String DENIED = " (Permission denied)";

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

  /** Whether what was given is a URI, that is has a scheme and then a slash; else it is a path. */
  public static boolean isUri(String given) {
    return URI.matcher(given).lookingAt();
  }

  /**
   * What a user gave as a path or URI. Hadoop's own reading takes what stands before a colon for a
   * scheme, and refuses {@code 10:30}; here that is a path like any other.
   *
   * @throws NoPathException where it is neither
   */
  public static Path path(String given) {
    try {
      return isUri(given) ? new Path(given) : new Path(null, null, given);
    } catch (IllegalArgumentException e) {
      throw new NoPathException(given, e);
    }
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

  /** What is in a folder; nothing where it is not there. */
  static List<FileStatus> list(FileSystem files, Path folder) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return List.of(files.listStatus(folder));
      } catch (FileNotFoundException e) {
        return List.of();
      } catch (NoSuchFileException e) {
        // a file that was deleted between its name and its size
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * The names of what is in a folder at one moment; none where it is not there. Hadoop's own
   * listing of the local disk passes over what is deleted before it looks at it, and what takes its
   * place it has not seen: that would be a table without rows.
   */
  static List<String> names(FileSystem files, Path folder) throws IOException {
    String[] names =
        files instanceof LocalFileSystem local ? local.pathToFile(folder).list() : null;
    return names == null
        ? list(files, folder).stream().map(file -> file.getPath().getName()).toList()
        : List.of(names);
  }

  /**
   * Whether it is said that there is no such file. The local disk says so of one that may not be
   * read, too, and why in the user's language: so look.
   */
  static boolean isMissing(IOException e) {
    if (e instanceof FileNotFoundException) {
      Matcher opened = OPENED.matcher(String.valueOf(e.getMessage()));
      return !opened.matches() || !new File(opened.group(1)).exists();
    }
    return e instanceof NoSuchFileException;
  }

  /** What an exception says, in one line for people: where its message is a path alone, more. */
  public static String words(Exception e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file or folder";
    }
    if (line.endsWith(DENIED)) {
      return line.substring(0, line.length() - DENIED.length()) + ": permission denied";
    }
    if (e instanceof UnsupportedFileSystemException) {
      return line + ": must be a path, or a URI that Hadoop knows: file:, hdfs:, s3a: and the like";
    }
    if (e.getMessage() == null || line.isEmpty()) {
      return e.getClass().getSimpleName();
    }
    // Hadoop ends with the address of a page about the exception
    return line.replaceFirst("[;.,]\\s*For more details see:.*", "");
  }
}
