package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopFilesTest {
  private static final String RETRIES = "ipc.client.connect.max.retries.on.timeouts";
  private static final String SCHEME = "fs.elsewhere.impl";

  @TempDir private Path folder;

  /** The local disk under a scheme that nothing else knows. */
  public static final class Elsewhere extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("elsewhere:///");
    }
  }

  @AfterEach
  void clear() {
    System.clearProperty("spark.hadoop." + RETRIES);
    System.clearProperty("spark.hadoop." + SCHEME);
  }

  /** The JDK gives the reason in the language that LC_MESSAGES asks for. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Permission denied", "Keine Berechtigung", "\u062f\u0633\u062a\u0631\u0633\u06cc"})
  void aFileThatMayNotBeReadIsNotMissingInAnyLanguage(String why, @TempDir Path folder)
      throws IOException {
    Path there = Files.createFile(folder.resolve("a (b)"));
    FileNotFoundException forbidden = new FileNotFoundException(there + " (" + why + ")");
    assertThat(HadoopFiles.isMissing(forbidden)).isFalse();
    Files.delete(there);
    assertThat(HadoopFiles.isMissing(forbidden)).isTrue();
  }

  @Test
  void anExceptionSaysMoreThanAPath() {
    assertThat(HadoopFiles.words(new AccessDeniedException("/x")))
        .isEqualTo("/x: permission denied");
    assertThat(HadoopFiles.words(new NoSuchFileException("/x")))
        .isEqualTo("/x: no such file or folder");
    FileNotFoundException forbidden = new FileNotFoundException("/x (Permission denied)");
    assertThat(HadoopFiles.words(forbidden)).isEqualTo("/x: permission denied");
    assertThat(HadoopFiles.isMissing(new FileNotFoundException("File /x does not exist"))).isTrue();
    assertThat(HadoopFiles.isMissing(new NoSuchFileException("/x"))).isTrue();
    assertThat(HadoopFiles.words(new IOException((String) null))).isEqualTo("IOException");
    assertThat(
            HadoopFiles.words(
                new IOException(
                    "Call From a to b:9 failed on connection exception: refused; For more details"
                        + " see:  http://elsewhere/Page\nmore")))
        .isEqualTo("Call From a to b:9 failed on connection exception: refused");
    assertThatThrownBy(
            () -> HadoopFiles.of(new org.apache.hadoop.fs.Path("foo://x/y"), new Configuration()))
        .isInstanceOfSatisfying(
            IOException.class,
            e ->
                assertThat(HadoopFiles.words(e))
                    .contains("\"foo\": must be a path, or a URI that Hadoop knows: file:, hdfs:"));
  }

  @Test
  void whatSparkSubmitWasGivenOutranksDefaults() {
    assertThat(HadoopFiles.configuration().get(RETRIES)).isEqualTo("3");
    System.setProperty("spark.hadoop." + RETRIES, "7");
    assertThat(HadoopFiles.configuration().get(RETRIES)).isEqualTo("7");
    assertThat(new Configuration().get(RETRIES)).isEqualTo("45");
  }

  @Test
  void anyFileSystemHoldsRunsAndTables() throws IOException {
    String uri = "elsewhere:" + folder.resolve("reports");
    assertThatThrownBy(() -> RunFolder.at(uri, HadoopFiles.configuration()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("elsewhere");
    System.setProperty("spark.hadoop." + SCHEME, Elsewhere.class.getName());
    RunFolder run = RunFolder.at(uri, HadoopFiles.configuration());
    assertThat(run.create()).isTrue();
    assertThat(run.shown()).isEqualTo(uri);
    for (byte content = 0; content < 3; content++) {
      run.write("status.json", new byte[] {content});
      assertThat(run.read("status.json")).contains(new byte[] {content});
    }
    Schema schema = new Schema("row", List.of(Column.required("id", Column.Type.STRING)));
    run.table("rows").append(schema, List.<Object[]>of(new Object[] {"a"}));
    run.table("rows").append(schema, List.<Object[]>of(new Object[] {"b"}));
    run.table("rows").compact(schema);
    assertThat(run.table("rows").read()).hasSize(2);
    assertThat(run.table("rows").files()).isEqualTo(1);
    assertThat(folder.resolve("reports/status.json")).hasBinaryContent(new byte[] {2});
    try (var files = Files.list(folder.resolve("reports"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("status.json", "rows");
    }
  }
}
