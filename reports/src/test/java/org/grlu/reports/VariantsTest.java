package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grlu.reports.SweepDescription.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantsTest {
  private static final List<Long> FLAT = List.of(784L, 9L, 10L);
  private static final List<Long> DEEP = List.of(784L, 9L, 9L, 10L);

  @TempDir private Path folder;

  private static Map<String, Object> row(List<Long> layers, String skip, Double k) {
    Map<String, Object> row = new HashMap<>();
    row.put("network_layers", layers);
    row.put("network_skip", skip);
    row.put("network_k", k);
    return row;
  }

  private static Map<String, Map<String, Object>> variants() {
    Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
    variants.put("two", row(DEEP, "none", 0.5));
    variants.put("two skipping", row(DEEP, "residual", 0.5));
    variants.put("sparse", row(DEEP, "none", 0.1));
    variants.put("flat", row(FLAT, "residual", 0.5));
    return variants;
  }

  private static final Parameter HIDDEN =
      new Parameter("hidden-layers", "hidden_layers", "category", "[two, ...]", variants());

  @Test
  void aTrialsVariantIsTheOneThatHasItsValues() {
    Variants variants = new Variants(variants());
    assertThat(variants.name(row(DEEP, "none", 0.5))).isEqualTo("two");
    assertThat(variants.name(row(DEEP, "residual", 0.5))).isEqualTo("two skipping");
    assertThat(variants.name(row(DEEP, "none", 0.1))).isEqualTo("sparse");
    assertThat(variants.name(row(DEEP, "dense", 0.5))).isNull();
  }

  @Test
  void whatHasNoMeaningMatchesAll() {
    Variants variants = new Variants(variants());
    assertThat(variants.name(row(DEEP, "residual", null))).isEqualTo("two skipping");
    assertThat(variants.name(row(DEEP, "none", null))).isEqualTo("two");
    assertThat(variants.name(row(null, null, null))).isNull();
    // one hidden layer has no residual connection: the plan writes none
    assertThat(variants.name(row(FLAT, "none", 0.5))).isEqualTo("flat");
  }

  @Test
  void theDescriptionReadsBackAndOlderOnesStillDo() throws IOException {
    SweepDescription description = Trials.described(HIDDEN);
    SweepDescription read = SweepDescription.fromJson(description.toJson());
    assertThat(read).isEqualTo(description);
    assertThat(read.parameters().get(0).variants().keySet())
        .containsExactly("two", "two skipping", "sparse", "flat");
    Parameter plain = new Parameter("rule.gate", "rule_gate", "category", "[none, active]");
    byte[] older = Trials.described(plain).toJson();
    assertThat(new String(older, StandardCharsets.UTF_8)).doesNotContain("variants");
    assertThat(SweepDescription.fromJson(older).parameters()).containsExactly(plain);
  }

  @Test
  void variantsAreOneParameter() throws IOException {
    Trials trials =
        Trials.in(
            folder,
            List.of(
                Column.optional("network_layers", Column.Type.LONGS),
                Column.optional("network_skip", Column.Type.STRING),
                Column.optional("network_k", Column.Type.DOUBLE)));
    trials.add("a", 1, 0.9, row(DEEP, "residual", 0.5));
    trials.add("b", 1, 0.8, row(FLAT, "none", 0.5));
    SweepReport report = trials.report(Trials.described(HIDDEN));
    assertThat(report.parameters()).containsExactly(HIDDEN);
    assertThat(report.settings().get(0).values())
        .isEqualTo(Map.of("hidden_layers", "two skipping"));
    assertThat(report.markdown())
        .contains("| rank |  | hidden-layers | validation |", "| 1 |  | two skipping | 90.00% |");
    assertThat(report.csv())
        .startsWith("schema_version,setting_id,rank,hidden_layers,seeds,")
        .contains("b,2,flat,1,");
    Map<String, Object> page = new PageData(report).values();
    assertThat(((List<?>) page.get("parameters")).get(0))
        .isEqualTo(
            Map.of(
                "path", "hidden-layers",
                "column", "hidden_layers",
                "scale", "category",
                "searched", "[two, ...]",
                "values", List.of("two", "two skipping", "sparse", "flat")));
    report.writeSettings();
    assertThat(trials.folder().table(RunFolder.SETTINGS).read().get(1))
        .containsEntry("hidden_layers", "flat")
        .containsEntry("network_layers", FLAT)
        .containsEntry("network_skip", "none")
        .containsEntry("network_k", 0.5);
  }
}
