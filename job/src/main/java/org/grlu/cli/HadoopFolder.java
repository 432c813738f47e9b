package org.grlu.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.grlu.datasets.Folder;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.WholeFile;

/** A folder on any file system that Hadoop knows. */
final class HadoopFolder implements Folder {
  private final FileSystem files;
  private final Path folder;

  /**
   * A folder, which need not be there.
   *
   * @throws IOException where Hadoop knows no such file system, or can't reach it
   * @throws IllegalArgumentException where it is no URI
   */
  HadoopFolder(String uri) throws IOException {
    Path path = new Path(uri);
    files = HadoopFiles.of(path, HadoopFiles.configuration());
    folder = files.makeQualified(path);
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  @Override
  public String path(String file) {
    return new Path(folder, file).toString();
  }

  @Override
  public boolean exists() throws IOException {
    return files.exists(folder);
  }

  @Override
  public boolean isFolder() throws IOException {
    try {
      return files.getFileStatus(folder).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public OptionalLong size(String file) throws IOException {
    try {
      FileStatus status = files.getFileStatus(new Path(folder, file));
      return status.isFile() ? OptionalLong.of(status.getLen()) : OptionalLong.empty();
    } catch (FileNotFoundException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public byte[] read(String file) throws IOException {
    try (InputStream in = files.open(new Path(folder, file))) {
      return in.readAllBytes();
    }
  }

  @Override
  public void write(String file, byte[] content) throws IOException {
    files.mkdirs(folder);
    Path temporary = new Path(folder, file + "." + UUID.randomUUID() + ".part");
    WholeFile.write(
        files,
        new Path(folder, file),
        temporary,
        part -> {
          try (OutputStream out = files.create(part, false)) {
            // for an interrupted program, whose finally blocks don't run
            files.deleteOnExit(part);
            out.write(content);
          }
        });
    files.cancelDeleteOnExit(temporary);
  }
}
