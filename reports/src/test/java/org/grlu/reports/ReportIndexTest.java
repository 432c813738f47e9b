package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportIndexTest {
  private static final Pattern ROW = Pattern.compile("(?s)<tr data-kind=\"(\\w*)\">(.*?)</tr>");

  @TempDir private Path reports;

  private void run(String name, String status, String time, double accuracy) throws IOException {
    Path folder = Files.createDirectories(reports.resolve(name));
    Map<String, Object> json =
        Map.of(
            "run",
            name,
            "status",
            status,
            "started_at",
            time,
            "of",
            "784-10 by <rule>",
            "test_accuracy",
            accuracy,
            "cpu_seconds",
            7.25);
    Files.write(folder.resolve("status.json"), new ObjectMapper().writeValueAsBytes(json));
    Files.writeString(folder.resolve("report.html"), "page");
  }

  private List<String> rows() throws IOException {
    Matcher rows = ROW.matcher(Files.readString(reports.resolve("index.html")));
    List<String> texts = new ArrayList<>();
    while (rows.find()) {
      String text = rows.group(2).replaceAll("<[^>]*>", "|").replace('\u00a0', ' ');
      texts.add(rows.group(1) + text.replaceAll("[|\\s]*\\|[|\\s]*", "|"));
    }
    return texts;
  }

  private RunFolder root() throws IOException {
    return RunFolder.at(reports.toString(), HadoopFiles.configuration());
  }

  private void renew() {
    assertThat(ReportIndex.renew(reports.toString(), HadoopFiles.configuration())).isEmpty();
  }

  @Test
  void itHasSweepsRunsAndFeaturesTheNewestFirstWithLinksToTheirPages() throws IOException {
    run("r 1#", "done", "2026-03-01T10:00:00Z", 0.975);
    run("r2", "running", "2026-03-02T10:00:00Z", Double.NaN);
    SweepFixture fixture =
        SweepFixture.in(reports.resolve("sweeps/grid")).grid(Goal.VALIDATION_ACCURACY);
    SweepReport report = SweepReport.of(fixture.folder());
    report.writePage();
    Path features = Files.createDirectories(reports.resolve("features/f00d"));
    Files.writeString(
        features.resolve("report.json"),
        "{\"features\":\"f00d\",\"kind\":\"evolution\",\"seen\":\"mnist\",\"ridge_accuracy\":0.9}");
    Path broken = Files.createDirectories(reports.resolve("broken"));
    Files.writeString(broken.resolve("status.json"), "{");
    assertThat(ReportIndex.write(root())).contains(reports.resolve("index.html").toString());
    SettingResult best = report.settings().get(0);
    String reached = AccuracyText.of(best.accuracy().get("validation_accuracy"));
    List<String> rows = rows();
    assertThat(rows).hasSize(5);
    assertThat(rows.get(0))
        .startsWith("features|features|f00d|evolution, seen: mnist|frozen|90.00%|");
    assertThat(rows)
        .anyMatch(row -> row.startsWith("sweep|sweep|grid|") && row.contains("|" + reached + "|"))
        .contains("run|run|r2|784-10 by &lt;rule&gt;|not over|7.3 s|2026-03-02 10:00 UTC|")
        .contains(
            "run|run|r 1#|784-10 by &lt;rule&gt;|done|97.50%|test accuracy|7.3 s|2026-03-01 10:00 UTC|")
        .anyMatch(row -> row.contains("|broken|status.json: is no JSON|can&#39;t be read|"));
    assertThat(rows.indexOf(rows.stream().filter(r -> r.contains("r2")).findFirst().orElseThrow()))
        .isLessThan(
            rows.indexOf(rows.stream().filter(r -> r.contains("r 1#")).findFirst().orElseThrow()));
    assertThat(Files.readString(reports.resolve("index.html")))
        .contains("href=\"./r%201%23/report.html\"", "href=\"./sweeps/grid/report.html\"")
        .doesNotContain("{{", "http:", "https:", "<rule>");
  }

  @Test
  void aRenewalReadsOnlyWhatMayHaveChanged() throws IOException {
    run("over", "done", "2026-03-01T10:00:00Z", 0.5);
    run("going", "running", "2026-03-02T10:00:00Z", 0.5);
    renew();
    run("over", "done", "2026-03-01T10:00:00Z", 0.75);
    run("going", "done", "2026-03-02T10:00:00Z", 0.75);
    run("new", "done", "2026-03-03T10:00:00Z", 0.25);
    renew();
    assertThat(rows())
        .satisfiesExactly(
            row -> assertThat(row).contains("|new|", "25.00%"),
            row -> assertThat(row).contains("|going|", "|done|75.00%"),
            row -> assertThat(row).contains("|over|", "50.00%"));
    ReportIndex.write(root());
    assertThat(rows().get(2)).contains("|over|", "75.00%");
    Files.delete(reports.resolve("new/status.json"));
    Files.delete(reports.resolve("new/report.html"));
    Files.delete(reports.resolve("new"));
    renew();
    assertThat(rows()).hasSize(2);
  }

  @Test
  void commandsThatEndAtOnceAreAllInIt() throws Exception {
    ExecutorService commands = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String name = "run" + i;
        ends.add(
            commands.submit(
                () -> {
                  run(name, "running", "2026-03-01T10:00:00Z", 0.5);
                  renew();
                  run(name, "done", "2026-03-01T10:00:00Z", 0.5);
                  renew();
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      commands.shutdownNow();
    }
    assertThat(rows()).hasSize(16).allMatch(row -> row.contains("|done|"));
    try (var left = Files.list(reports)) {
      assertThat(left.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
    }
  }

  @Test
  void anIndexThatCannotBeWrittenIsALineAndNothingIsMadeOfNothing() throws IOException {
    assertThat(ReportIndex.write(root())).isEmpty();
    assertThat(reports.resolve("index.html")).doesNotExist();
    run("r", "done", "2026-03-01T10:00:00Z", 0.5);
    Files.createDirectories(reports.resolve("index.html/in the way"));
    assertThat(ReportIndex.renew(reports.toString(), HadoopFiles.configuration()).orElseThrow())
        .contains("index.html is not up to date: ");
  }

  @Test
  void theHistoryEndsAtTheBestMean() throws IOException {
    SweepReport report =
        SweepReport.of(
            SweepFixture.in(reports.resolve("s")).grid(Goal.VALIDATION_ACCURACY).folder());
    List<Double> best = SweepHistory.best(report);
    assertThat(best).isSorted().hasSize(report.settings().size());
    double reached = report.settings().get(0).accuracy().get("validation_accuracy").mean();
    assertThat(best.get(best.size() - 1)).isEqualTo(reached);
    assertThat(report.html())
        .contains("Best: Validation accuracy % by setting")
        .doesNotContain("id=\"running\"");
    Files.writeString(reports.resolve("s/lock.json"), "{}");
    assertThat(SweepReport.of(root().folder("s")).html())
        .containsPattern("id=\"running\" data-made=\"[\\d-]+T[\\d:.]+Z\">The sweep runs: \\d+ of ");
  }
}
