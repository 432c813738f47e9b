package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeaturesReportTest {
  private static FeaturesReport report(FeaturesReport.Kept kept) {
    return new FeaturesReport(
        "1a2b",
        List.of("pca: codes of <8> values", "Seen: nothing."),
        kept,
        null,
        Map.of("Zeros in a code", "5 %"),
        "On 2 images",
        Map.of("features.kind", "pca"));
  }

  @Test
  void imagesStandAboveWhatIsMadeOfThem() throws IOException {
    Map<String, float[]> rows = new LinkedHashMap<>();
    rows.put("Image", new float[] {0, 0.5f, 1, 0, 2, -1, 0, 0});
    rows.put("By its decoder", new float[8]);
    String html = report(new FeaturesReport.Kept(2, 2, 1, rows)).html();
    assertThat(html)
        .containsSubsequence("Image 1", "Image 2", "By its decoder 1", "By its decoder 2")
        .containsOnlyOnce("<title>1a2b: features</title>")
        .contains("codes of &lt;8&gt; values", "Zeros in a code</th><td>5 %", "features.kind")
        .doesNotContain("{{");
    assertThat(html.split("<img ", -1)).hasSize(5);
  }

  @Test
  void whatIsNoImageIsNotShown() throws IOException {
    assertThat(report(null).html()).doesNotContain("<img ", "What the code keeps");
  }
}
