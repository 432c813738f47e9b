package org.grlu.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Writes a file under a temporary name and renames it: what has its name is whole. */
final class WholeFile {
  private WholeFile() {}

  /** What writes the content. */
  interface Content {
    void writeTo(Path temporary) throws IOException;
  }

  /** Writes a file, replacing one of that name in one move; leaves nothing where that fails. */
  static void write(FileSystem files, Path path, Content content) throws IOException {
    Path temporary = new Path(path.getParent(), "." + path.getName() + ".tmp");
    boolean written = false;
    try {
      content.writeTo(temporary);
      written = true;
    } catch (FSError e) {
      // Hadoop's local file system throws an Error where the disk is full
      throw new IOException(e.getCause().getMessage(), e);
    } finally {
      if (!written) {
        files.delete(temporary, false);
      }
    }
    move(files, temporary, path);
  }

  private static void move(FileSystem files, Path from, Path to) throws IOException {
    if (files instanceof LocalFileSystem local) {
      // Hadoop's own deletes first: for a moment there would be no such file
      Files.move(
          local.pathToFile(from).toPath(),
          local.pathToFile(to).toPath(),
          StandardCopyOption.ATOMIC_MOVE);
    } else {
      FileContext.getFileContext(to.toUri(), files.getConf())
          .rename(from, to, Options.Rename.OVERWRITE);
    }
  }
}
