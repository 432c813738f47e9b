package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  @DisplayName("two that write one file at a time don't take each other's temporary file")
  void twoWritersOfOneFileDoNotMeet() throws IOException {
    var page = new org.apache.hadoop.fs.Path(folder.resolve("report.html").toString());
    FileSystem files = HadoopFiles.of(page, new Configuration());
    List<String> temporary = new ArrayList<>();
    WholeFile.write(
        files,
        page,
        first -> {
          temporary.add(first.getName());
          Files.writeString(Path.of(first.toUri().getPath()), "the first's");
          // and a second from beginning to end meanwhile
          RunFolder.at(folder.toString(), new Configuration())
              .write("report.html", "the second's".getBytes(StandardCharsets.UTF_8));
          assertThat(folder.resolve("report.html")).hasContent("the second's");
        });
    assertThat(folder.resolve("report.html")).hasContent("the first's");
    assertThat(temporary.get(0)).matches("\\.report\\.html\\.[\\da-f-]{36}\\.tmp");
    assertThat(names()).containsExactly("report.html");
  }

  @Test
  void whatKilledWritersLeaveIsDeletedAndReadByNobody() throws IOException {
    RunFolder sweep = SweepFixture.in(folder.resolve("s")).rungs().folder();
    int trials = sweep.table(RunFolder.TRIALS).read("trial_id").size();
    Path old = folder.resolve("s/.report.html.0e8a.tmp");
    Path ofAnOlderVersion = folder.resolve("s/.status.json.tmp");
    Path beingWritten = folder.resolve("s/.report.html.1b2c.tmp");
    Path part = folder.resolve("s/trials/.part-1700000000000-0a1b2c3d.parquet.9f.tmp");
    Path user = folder.resolve("s/.notes");
    List<String> before = names();
    for (Path file : List.of(old, ofAnOlderVersion, beingWritten, part, user)) {
      Files.writeString(file, "not whole");
    }
    FileTime anHourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    for (Path file : List.of(old, ofAnOlderVersion, user)) {
      Files.setLastModifiedTime(file, anHourAgo);
    }
    assertThat(sweep.table(RunFolder.TRIALS).read("trial_id")).hasSize(trials);
    assertThat(sweep.table(RunFolder.TRIALS).files()).isEqualTo(1);

    sweep.deleteLeftovers(Duration.ofMinutes(10));
    List<String> kept = new ArrayList<>(before);
    kept.addAll(List.of("s/.notes", "s/.report.html.1b2c.tmp"));
    assertThat(names()).containsExactlyInAnyOrderElementsOf(kept);
    sweep.deleteLeftovers(Duration.ofSeconds(-1));
    assertThat(names()).doesNotContain("s/.report.html.1b2c.tmp").contains("s/.notes");
  }

  @Test
  @DisplayName("a file of an object store is replaced without a moment in which it is not there")
  void anObjectIsReplacedInOneMove() throws IOException {
    var status = new org.apache.hadoop.fs.Path(folder.resolve("status.json").toString());
    Store store = new Store(HadoopFiles.of(status, new Configuration()));
    WholeFile.write(store, status, at -> Files.writeString(local(at), "first"));
    assertThat(folder.resolve("status.json")).hasContent("first");
    WholeFile.write(store, status, at -> Files.writeString(local(at), "second"));
    assertThat(folder.resolve("status.json")).hasContent("second");
    assertThat(store.events).containsExactly("rename", "put");

    store.refuses = true;
    assertThatThrownBy(
            () -> WholeFile.write(store, status, at -> Files.writeString(local(at), "third")))
        .isInstanceOf(IOException.class)
        .hasMessage("no longer read");
    assertThat(folder.resolve("status.json")).hasContent("second");
    assertThat(store.events).containsExactly("rename", "put", "abort");
    assertThat(names()).containsExactly("status.json");
  }

  private static Path local(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }

  /** What is written there appears when its stream is closed, as in an object store. */
  private static final class Store extends FilterFileSystem {
    private final List<String> events = new ArrayList<>();
    private boolean refuses;

    Store(FileSystem files) {
      super(files);
    }

    @Override
    public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability)
        throws IOException {
      return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM)
          || super.hasPathCapability(path, capability);
    }

    @Override
    @SuppressWarnings("deprecation")
    protected void rename(
        org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to, Options.Rename... options)
        throws IOException {
      events.add("rename");
      super.rename(from, to, options);
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int buffer) throws IOException {
      if (refuses) {
        throw new IOException("no longer read");
      }
      return super.open(path, buffer);
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        FsPermission permission,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      return new FSDataOutputStream(new Pending(local(path)), null);
    }

    private final class Pending extends ByteArrayOutputStream implements Abortable {
      private final Path path;

      Pending(Path path) {
        this.path = path;
      }

      @Override
      public void close() throws IOException {
        events.add("put");
        Files.write(path, toByteArray());
      }

      @Override
      public AbortableResult abort() {
        events.add("abort");
        return null;
      }
    }
  }
}
