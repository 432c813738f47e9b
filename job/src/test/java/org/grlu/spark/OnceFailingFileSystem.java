package org.grlu.spark;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.TaskContext;

/**
 * The local disk under a scheme of its own, whose first file of every task of Spark's is lost when
 * all was written to it.
 */
public final class OnceFailingFileSystem extends RawLocalFileSystem {
  static final String SCHEME = "once";

  /** How often a file was lost. */
  static final AtomicInteger FAILED = new AtomicInteger();

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
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
    FSDataOutputStream out =
        super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    TaskContext task = TaskContext.get();
    return task == null || task.attemptNumber() > 0
        ? out
        : new FSDataOutputStream(
            new FilterOutputStream(out) {
              @Override
              public void close() throws IOException {
                out.close();
                FAILED.incrementAndGet();
                throw new IOException(path + ": lost");
              }
            },
            null);
  }
}
