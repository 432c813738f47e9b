package org.grlu.run;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme {@code throwing}, on which writing a file ends by an Error where
 * a given word occurs in its path.
 */
public final class ThrowingFileSystem extends RawLocalFileSystem {
  /** The word; null for none. */
  static volatile String at;

  @Override
  public URI getUri() {
    return URI.create("throwing:///");
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

  private static void refuse(Path path) {
    if (at != null && path.toString().contains(at)) {
      throw new UnsatisfiedLinkError("made to fail");
    }
  }
}
