package org.grlu.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The default locale is the program's that uses the library, and has no say in it. */
class LocalesTest {
  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fa-IR", "tr-TR", "hi-IN-u-nu-deva"})
  void digestsAndMessagesAreTheSameInAnyLocale(String locale) throws IOException {
    Locale.setDefault(Locale.ROOT);
    String digest = Datasets.sample().sha256();
    Locale.setDefault(Locale.forLanguageTag(locale));
    assertThat(Datasets.sample().sha256()).isEqualTo(digest);
    assertThatThrownBy(() -> Datasets.sample().cut(10, 2000))
        .hasMessageContaining("2000 validation examples");
    IdxBytes.writeGood(folder);
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(1, 9));
    assertThatThrownBy(() -> Datasets.read("d", folder)).hasMessageContaining("label 9 of image 1");
  }
}
