package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written is the same in any program's default locale: Persian and Hindi have digits of
 * their own, Turkish a dotless i and a comma for the point.
 */
class LocalesTest {
  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fa-IR", "tr-TR", "hi-IN-u-nu-deva"})
  void pagesAndTextsAreTheSameInAnyLocale(String locale) throws IOException {
    Locale.setDefault(Locale.ROOT);
    List<String> expected = texts(folder.resolve("root"));
    Locale.setDefault(Locale.forLanguageTag(locale));
    assertThat(texts(folder.resolve("other"))).isEqualTo(expected);
  }

  /** Of a sweep so large that whatever a page can say stands in it. */
  private static List<String> texts(Path folder) throws IOException {
    List<String> texts = new ArrayList<>();
    for (SweepFixture fixture :
        List.of(
            SweepFixture.in(folder.resolve("grid")).grid(Goal.VALIDATION_ACCURACY),
            SweepFixture.in(folder.resolve("draws")).draws(110))) {
      SweepReport report = SweepReport.of(fixture.folder());
      texts.addAll(List.of(report.html(), report.markdown(), report.csv()));
      texts.addAll(report.winner(2).said());
    }
    return texts;
  }

  @Test
  void tablesAreReadInAnotherLocaleThanTheyWereWrittenIn() throws IOException {
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    RunFolder written = SweepFixture.in(folder.resolve("sweep")).grid(Goal.TEST_ACCURACY).folder();
    SweepReport.of(written).writeSettings();
    for (String table : List.of(RunFolder.TRIALS, RunFolder.EPOCHS, RunFolder.SETTINGS)) {
      try (Stream<Path> files = Files.list(folder.resolve("sweep").resolve(table))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .singleElement()
            .asString()
            .matches("part-[0-9]{13}-[0-9a-f]{8}\\.parquet");
      }
    }
    Locale.setDefault(Locale.forLanguageTag("tr-TR"));
    written.table(RunFolder.TRIALS).compact(relied(written));
    SweepReport read = SweepReport.of(written);
    assertThat(read.trials()).hasSize(320);
    assertThat(written.table(RunFolder.SETTINGS).read()).hasSize(read.settings().size());
  }

  private static Schema relied(RunFolder folder) throws IOException {
    return new Schema(RunFolder.TRIALS, folder.table(RunFolder.TRIALS).columns());
  }
}
