package org.grlu.cli;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under a scheme of its own, which takes nothing more while a marker file is there.
 * It makes that file itself once a path was written in which a given word occurs. It may also kill
 * its process where a path is to be written in which another word occurs.
 */
public final class RefusingFileSystem extends RawLocalFileSystem {
  static final String SCHEME = "refusing";

  /** The marker's path. */
  static final String MARKER = "grlu.test.marker";

  /** The word; without it the marker is somebody else's to make. */
  static final String AFTER = "grlu.test.refuse-after";

  /** The word at which the process is killed, as if from outside; without it it lives. */
  static final String KILLED_AT = "grlu.test.killed-at";

  static final String MESSAGE = "quota exceeded";

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  private File marker() {
    return new File(getConf().get(MARKER));
  }

  private void refuse(Path path) throws IOException {
    String word = getConf().get(KILLED_AT);
    if (word != null && path.toString().contains(word)) {
      Runtime.getRuntime().halt(137);
    }
    if (marker().exists()) {
      throw new IOException(path + ": " + MESSAGE);
    }
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    refuse(path);
    return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    refuse(path);
    return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    refuse(path);
    return super.mkdirs(path, permission);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    refuse(path);
    return super.mkdirs(path);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    refuse(to);
    boolean renamed = super.rename(from, to);
    written(to);
    return renamed;
  }

  @Override
  @SuppressWarnings("deprecation")
  protected void rename(Path from, Path to, Options.Rename... options) throws IOException {
    refuse(to);
    super.rename(from, to, options);
    written(to);
  }

  private void written(Path path) throws IOException {
    String word = getConf().get(AFTER);
    if (word != null && path.toString().contains(word)) {
      marker().createNewFile();
    }
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    refuse(path);
    return super.delete(path, recursive);
  }
}
