package org.grlu.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A folder of files, on a local disk or wherever else its implementation has them. */
public interface Folder {
  /** A folder on a local disk. */
  static Folder local(Path path) {
    return new LocalFolder(path);
  }

  /** What it is called in messages: its path or URI. */
  @Override
  String toString();

  /** What a file in it is called in messages. */
  String path(String file);

  /** Whether there is a folder, or anything else, of this path. */
  boolean exists() throws IOException;

  /** Whether there is a folder of this path. */
  boolean isFolder() throws IOException;

  /** A file's size in bytes; empty where there is no such file. */
  OptionalLong size(String file) throws IOException;

  /** A file's content. */
  byte[] read(String file) throws IOException;

  /**
   * Writes a file, replacing one of that name in one move; makes the folder where it isn't there.
   * The file has its name only once it's whole, and any number of threads and processes may write
   * the same one at once.
   *
   * @throws IOException where it can't be written; nothing is left then
   */
  void write(String file, byte[] content) throws IOException;
}
