package org.grlu.reports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Writes a file under a temporary name and renames it: what has its name is whole. */
public final class WholeFile {
  private static final String PREFIX = ".";
  private static final String SUFFIX = ".tmp";

  private WholeFile() {}

  /** What writes the content. */
  public interface Content {
    void writeTo(Path temporary) throws IOException;
  }

  /**
   * Writes a file, replacing one of that name in one move; leaves nothing where that fails. Several
   * may write one file at a time: each has a temporary name of its own.
   */
  static void write(FileSystem files, Path path, Content content) throws IOException {
    String name = PREFIX + path.getName() + "." + UUID.randomUUID() + SUFFIX;
    write(files, path, new Path(path.getParent(), name), content);
  }

  /**
   * Deletes what writers that were killed have left in a folder.
   *
   * @param before of the time in milliseconds: what was changed since may be being written
   */
  static void deleteLeftovers(FileSystem files, Path folder, long before) throws IOException {
    for (FileStatus file : HadoopFiles.list(files, folder)) {
      String name = file.getPath().getName();
      if (name.startsWith(PREFIX)
          && name.endsWith(SUFFIX)
          && file.isFile()
          && file.getModificationTime() < before) {
        files.delete(file.getPath(), false);
      }
    }
  }

  /** The same under a temporary name of the caller's. */
  public static void write(FileSystem files, Path path, Path temporary, Content content)
      throws IOException {
    boolean written = false;
    try {
      content.writeTo(temporary);
      move(files, temporary, path);
      written = true;
    } catch (FSError e) {
      // Hadoop's local file system throws an Error where the disk is full
      throw new IOException(e.getCause().getMessage(), e);
    } finally {
      if (!written) {
        deleteQuietly(files, temporary);
      }
    }
  }

  private static void deleteQuietly(FileSystem files, Path temporary) {
    try {
      files.delete(temporary, false);
    } catch (IOException e) {
      // thrown, it would hide the failure that led here
    }
  }

  private static void move(FileSystem files, Path from, Path to) throws IOException {
    if (files instanceof LocalFileSystem local) {
      // Hadoop's own deletes first: for a moment there would be no such file
      Files.move(
          local.pathToFile(from).toPath(),
          local.pathToFile(to).toPath(),
          StandardCopyOption.ATOMIC_MOVE);
    } else if (files.hasPathCapability(to, CommonPathCapabilities.ABORTABLE_STREAM)
        && files.exists(to)) {
      overwrite(files, from, to);
    } else {
      new Replacing(files).replace(from, to);
    }
  }

  /**
   * Replaces a file of an object store, whose rename deletes first and copies then: for a moment
   * there would be no such file. What is written there has its name when its stream is closed, all
   * of it at once.
   */
  private static void overwrite(FileSystem files, Path from, Path to) throws IOException {
    FSDataOutputStream out = files.create(to, true);
    boolean whole = false;
    try (InputStream in = files.open(from)) {
      in.transferTo(out);
      whole = true;
    } finally {
      if (!whole) {
        out.abort();
      }
    }
    out.close();
    files.delete(from, false);
  }

  /**
   * Gives access to the rename that replaces, which is one operation where the file system has one,
   * and is there for all, as {@code FileContext} is not.
   */
  private static final class Replacing extends FilterFileSystem {
    Replacing(FileSystem files) {
      super(files);
    }

    @SuppressWarnings("deprecation")
    void replace(Path from, Path to) throws IOException {
      rename(from, to, Options.Rename.OVERWRITE);
    }
  }
}
