package org.grlu.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.grlu.config.Home;
import org.grlu.datasets.Folder;
import org.grlu.reports.HadoopFiles;

/** What keys and options name: a path is a local one, a URI is for Hadoop's file systems. */
final class Folders {
  private Folders() {}

  static boolean isUri(String given) {
    return HadoopFiles.isUri(given);
  }

  /**
   * A folder, which need not be there.
   *
   * @param name of the key or option, for errors
   */
  static Folder at(String name, String given) {
    if (!isUri(given)) {
      return Folder.local(Path.of(Home.expand(name, given)));
    }
    try {
      return new HadoopFolder(given);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "%s %s: not a path or URI".formatted(name, given));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.SURROUNDINGS, "%s %s: %s".formatted(name, given, HadoopFiles.words(e)));
    }
  }
}
