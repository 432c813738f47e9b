package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialSearchTest {
  @TempDir private Path folder;

  @Test
  void aSweepThatCannotBeReadIsSaidAndLeftOut() throws IOException {
    SweepFixture.in(folder.resolve("sweeps/grid")).grid(Goal.VALIDATION_ACCURACY);
    Path trials = Files.createDirectories(folder.resolve("sweeps/broken/trials"));
    Files.writeString(trials.resolve("part-0.parquet"), "nothing of the kind");
    List<String> said = new ArrayList<>();
    TrialSearch search = TrialSearch.in(folder.toString(), new Configuration());
    assertThat(search.find("64-0.03-active-3-4", said::add)).hasSize(1);
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith(
            folder.resolve("sweeps/broken") + " can't be read, and its trials are not looked for: ")
        .contains("trials/part-0.parquet: not a whole Parquet file; if it is moved away");
  }
}
