package org.grlu.cli;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.util.VersionInfo;

/**
 * What a machine may lack, a plain container most of all, and neither Spark nor Hadoop says before
 * a run is half done: a Java that they know, a name for the user, a charset, a folder that
 * libraries can be loaded from. The start script looks at what they need before the job's code
 * begins.
 */
final class Surroundings {
  private static final char UNREADABLE = '\uFFFD';

  private Surroundings() {}

  /**
   * Gives a user id without an entry in {@code /etc/passwd} a name, which Hadoop asks the system
   * for, even where HADOOP_USER_NAME says it, and fails without.
   */
  static void nameUser() {
    // what the JVM says where the system knows no name
    if ("?".equals(System.getProperty("user.name")) && !Deployment.inApplicationMaster()) {
      String name = System.getenv().getOrDefault("HADOOP_USER_NAME", "grlu");
      UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
    }
  }

  /**
   * Refuses a JVM in which Hadoop can't ask who is at work: since 23 the method that it asked until
   * 3.5 throws. Some commands do without.
   */
  static void checkJvm() {
    if (Runtime.version().feature() < 23) {
      return;
    }
    try {
      UserGroupInformation.getCurrentUser();
    } catch (UnsupportedOperationException | IOException e) {
      if (isOfJvm(e)) {
        throw new CommandException(ExitCode.SURROUNDINGS, wrongJvm());
      }
    }
  }

  /** Whether something failed for what {@link #checkJvm} looks for. */
  static boolean isOfJvm(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("getSubject is not supported")) {
        return true;
      }
    }
    return false;
  }

  static String wrongJvm() {
    return "Java %d does not work with this Spark's Hadoop, %s: set JAVA_HOME to a Java from 17 to 22"
            .formatted(Runtime.version().feature(), VersionInfo.getVersion())
        + " (Spark 4.2, by SPARK_HOME, runs on later ones too)";
  }

  /** Refuses names that the JVM could not read: it would make others of them. */
  static void checkArguments(List<String> arguments) {
    for (String each : arguments) {
      refuseIf(each.indexOf(UNREADABLE) >= 0, each);
    }
    String here = System.getProperty("user.dir");
    refuseIf(here.indexOf(UNREADABLE) >= 0, here);
  }

  /** Refuses a path that files can't have in this locale. */
  static void checkPath(String path) {
    refuseIf(!isName(path), path);
  }

  private static void refuseIf(boolean unnameable, String path) {
    if (unnameable) {
      throw new CommandException(ExitCode.SURROUNDINGS, unnameable(path));
    }
  }

  /** Whether files can have it as their path in this locale. */
  static boolean isName(String path) {
    return isName(path, charset());
  }

  static boolean isName(String path, Charset charset) {
    return charset.newEncoder().canEncode(path);
  }

  /** What to say of one that files can't have. */
  static String unnameable(String path) {
    return "%s: not a name in the locale's charset, %s: set LC_ALL, to C.UTF-8, say"
        .formatted(path, charset());
  }

  /** That of file names and arguments, by the locale. */
  private static Charset charset() {
    return Charset.forName(System.getProperty("sun.jnu.encoding"));
  }

  /** Refuses to start what could not be written, before anything is made. */
  static void checkLibraries() {
    String fault = libraryFault();
    if (fault != null) {
      throw new CommandException(ExitCode.SURROUNDINGS, fault);
    }
  }

  /**
   * Why tables can't be compressed; null where they can. The library is unpacked into the folder of
   * temporary files and loaded from there.
   */
  static String libraryFault() {
    try {
      Native.load();
      return null;
    } catch (LinkageError e) {
      return "the library zstd can't be loaded from %s (%s): set TMPDIR to a folder not mounted noexec"
              .formatted(System.getProperty("java.io.tmpdir"), lastPart(e.getMessage()))
          + "; without submit-scripts/grlu, -Djava.io.tmpdir";
    }
  }

  /** The system's words, without the library's path. */
  private static String lastPart(String message) {
    String line = String.valueOf(message).lines().findFirst().orElse("");
    return line.substring(line.lastIndexOf(": ") + 1).strip();
  }
}
