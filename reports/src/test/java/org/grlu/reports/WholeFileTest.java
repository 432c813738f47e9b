package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.apache.hadoop.fs.FileSystem;
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
}
