package org.grlu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.grlu.config.Home;
import org.grlu.datasets.Folder;
import org.grlu.reports.HadoopFiles;

/** A file that an option names by a local path or by a URI. */
final class NamedFile {
  private final String option;
  private final String given;
  private final Folder folder;
  private final String name;

  private NamedFile(String option, String given, Folder folder, String name) {
    this.option = option;
    this.given = given;
    this.folder = folder;
    this.name = name;
  }

  /** The file, which need not be there. */
  static NamedFile of(String option, String written) {
    String given = Home.expand(option, written);
    if (!Folders.isUri(given)) {
      Path path = Path.of(given);
      Path parent = path.resolveSibling("");
      Path last = path.getFileName();
      return new NamedFile(
          option, given, Folder.local(parent), last == null ? "" : last.toString());
    }
    int slash = given.lastIndexOf('/');
    String name = given.substring(slash + 1);
    if (name.isEmpty()) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "%s %s: must be a file's URI".formatted(option, given));
    }
    return new NamedFile(option, given, Folders.at(option, given.substring(0, slash + 1)), name);
  }

  /** What was given. */
  @Override
  public String toString() {
    return given;
  }

  /** The folder that it is in. */
  Folder folder() {
    return folder;
  }

  /** Its name in that folder. */
  String name() {
    return name;
  }

  /** A file in the same folder, for messages. */
  String pathBeside(String other) {
    return folder.path(other);
  }

  /** Whether there is such a file. */
  boolean isThere() throws IOException {
    return folder.size(name).isPresent();
  }

  /** Its content. */
  byte[] read() throws IOException {
    return readBeside(name).orElseThrow(() -> fault("there is no such file"));
  }

  /** The content of a file in the same folder; empty where there is none. */
  Optional<byte[]> readBeside(String other) throws IOException {
    return folder.size(other).isPresent() ? Optional.of(folder.read(other)) : Optional.empty();
  }

  /** Writes it anew. */
  void write(byte[] content) {
    try {
      if (Folders.isUri(given)) {
        folder.write(name, content);
      } else {
        // not under another name first: it may be /dev/stdout
        Files.write(Path.of(given), content);
      }
    } catch (NoSuchFileException e) {
      throw fault("there is no such folder");
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.SURROUNDINGS, "%s %s: %s".formatted(option, given, reason(e)));
    }
  }

  /** Why, without the path again. */
  private String reason(IOException e) {
    String words = HadoopFiles.words(e);
    return words.startsWith(given + ": ") ? words.substring(given.length() + 2) : words;
  }

  /** That the file is bad input. */
  CommandException fault(String message) {
    return new CommandException(ExitCode.BAD_INPUT, option + " " + given + ": " + message);
  }
}
