package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepReportTest {
  private static final int MOST_BYTES = 1_200_000;

  @TempDir private static Path folder;
  private static SweepReport report;

  @BeforeAll
  static void sweep() throws IOException {
    report =
        SweepReport.of(
            SweepFixture.in(folder.resolve("grid")).grid(Goal.VALIDATION_ACCURACY).folder());
  }

  @Test
  void theTableOfSettingsIsReadByOthers() throws IOException, SQLException {
    report.writeSettings();
    report.writeSettings();
    Path table = folder.resolve("grid/settings");
    assertThat(table).isDirectoryContaining("glob:**/part-*.parquet");
    String from = " from '" + table + "/*.parquet'";
    assertThat(
            query(
                "select column_type from (describe select rank, rule_perturbations, network_layers,"
                    + " rule_gate, seeds, validation_accuracy_mean, p_adjusted, tied_with_best"
                    + from
                    + ")"))
        .containsExactly(
            "INTEGER", "BIGINT", "BIGINT[]", "VARCHAR", "INTEGER", "DOUBLE", "DOUBLE", "BOOLEAN");
    SettingResult best = report.settings().get(0);
    assertThat(
            query(
                "select rank, setting_id, rule_gate, seeds, validation_accuracy_mean, p_value, count(*) over ()"
                    + from
                    + " order by rank limit 1"))
        .containsExactly(
            "1|%s|active|5|%s|null|64"
                .formatted(best.id(), best.accuracy().get("validation_accuracy").mean()));
    assertThat(
            query(
                "select abs(s.m - t.m) < 1e-12 from (select setting_id, validation_accuracy_mean m"
                    + from
                    + " where rank = 9) s join (select setting_id, avg(validation_accuracy) m from '"
                    + folder.resolve("grid/trials")
                    + "/*.parquet' where status = 'done' group by setting_id) t using (setting_id)"))
        .containsExactly("true");
  }

  private static List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(sql)) {
      while (set.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= set.getMetaData().getColumnCount(); i++) {
          cells.add(String.valueOf(set.getString(i)));
        }
        rows.add(String.join("|", cells));
      }
    }
    return rows;
  }

  @Test
  void thePageNeedsNothingElseAndIsSmall() throws IOException {
    Path page = Path.of(report.writePage());
    assertThat(page).isEqualTo(folder.resolve("grid/report.html"));
    assertThat(Files.size(page)).isLessThan(MOST_BYTES);
    String html = Files.readString(page);
    assertThat(html).doesNotContainPattern("(?:src|href)=\"(?!data:)").doesNotContain("{{");
    assertThat(html)
        .contains("default-src 'none'", "Permission to use, copy, modify", "prefers-color-scheme")
        .contains("Nothing was selected by test accuracy", "weights not finite after step 1,234");
  }

  @Test
  void thePageSaysWhatTheBestWasComparedWith() throws IOException {
    assertThat(report.settings().stream().filter(s -> s.comparison().tied())).hasSize(1);
    assertThat(report.html()).contains("1 other setting cannot be told from it.</p>");
    SweepFixture rungs = SweepFixture.in(folder.resolve("rungs")).rungs();
    assertThat(SweepReport.of(rungs.folder()).html())
        .contains("over 5 seeds. 2 settings did fewer epochs, and were not compared.</p>");
  }

  @Test
  void whatBecameOfTasksIsRankedAndSaidAndTheBestSettingsIsDrawn() throws IOException {
    SweepReport tasks = SweepReport.of(SweepFixture.in(folder.resolve("tasks")).tasks().folder());
    String html = tasks.html();
    // of two seeds 0.95 right after, and 0.86 and 0.87 in the end
    assertThat(html)
        .contains("<h2>Tasks, one after another</h2>", "rule.perturbations 16, rule.gate active")
        .contains("<dt>ACC</dt><dd><strong>90.75%</strong>", "<strong>\u22128.50</strong>")
        .contains("data-name=\"ACC\">90.75<", "data-name=\"BWT\">\u22128.50<")
        .contains("Slow system has seen", ">active: &lt;images&gt;</td>")
        .containsPattern("title=\"on task 1 after task 2\">86.5</td>");
    assertThat(tasks.winner(1).said())
        .contains("of tasks: ACC 90.75%, BWT -8.50, Forgetting 8.50, Learning accuracy 95.00%");
    assertThat(tasks.markdown())
        .contains("| ACC % | BWT | Forgetting |", "| 90.75 | -8.50 | 8.50 |");
    tasks.writeSettings();
    List<Map<String, Object>> rows =
        RunFolder.at(folder.resolve("tasks").toString(), new Configuration())
            .table(RunFolder.SETTINGS)
            .read();
    assertThat((Double) rows.get(0).get("average_accuracy")).isCloseTo(0.9075, within(1e-12));
    assertThat((Double) rows.get(0).get("forgetting")).isCloseTo(0.085, within(1e-12));
    assertThat(report.html()).doesNotContain("one after another</h2>", ">ACC", "has seen</th>");
    assertThat(report.csv()).contains(",average_accuracy,");
  }

  @Test
  void trialsWhoseEpochsAreGoneAreSaid() throws IOException {
    assertThat(report.missingEpochs()).isEmpty();
    RunFolder rungs = SweepFixture.in(folder.resolve("gone")).rungs().folder();
    // five trials of ten epochs, ten that wait after two
    Table epochs = rungs.table(RunFolder.EPOCHS);
    List<Map<String, Object>> kept =
        epochs.read(row -> !row.get("trial_id").toString().contains("-2.0-"));
    kept.removeIf(row -> row.get("epoch").equals(10));
    List<Object[]> rows = kept.stream().map(row -> row.values().toArray()).toList();
    epochs.replace(Tables.epochs(), rows);
    String line =
        "10 of 15 trials lack epochs in the table epochs, 5 of them all: learning curves are without"
            + " those; the ranking is whole.";
    assertThat(SweepReport.of(rungs).missingEpochs()).hasValue(line);
    assertThat(SweepReport.of(rungs).html()).contains("<p class=\"warning\">" + line + "</p>");
    rungs.delete(RunFolder.EPOCHS);
    assertThat(SweepReport.of(rungs).missingEpochs().orElseThrow())
        .startsWith("15 of 15 trials lack epochs in the table epochs, 15 of them all");
  }

  @Test
  void strangersTextStaysText() throws IOException {
    String html = report.html();
    assertThat(html).contains("&lt;img src=x onerror=alert(1)&gt; &amp; worse");
    assertThat(html).doesNotContain("<img");
    RunFolder hostile = SweepFixture.in(folder.resolve("hostile")).folder();
    hostile.create();
    String name = "</script><script>alert(1)</script>{{library}}|\"";
    hostile.write(
        SweepDescription.FILE,
        new SweepDescription(
                name,
                "grid",
                List.of(Goal.VALIDATION_ACCURACY),
                List.of(new SweepDescription.Parameter(name, "c", "linear", name)),
                List.of(1L),
                1,
                1,
                1,
                name,
                0,
                name,
                null,
                null)
            .toJson());
    SweepReport of = SweepReport.of(hostile);
    assertThat(of.html())
        .doesNotContain("<script>alert")
        .contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{library}}|&quot;");
    assertThat(of.markdown()).contains("{{library}}\\|");
  }

  @Test
  void rankingByTestIsSaidAloud() throws IOException {
    SweepReport byTest =
        SweepReport.of(SweepFixture.in(folder.resolve("test")).grid(Goal.TEST_ACCURACY).folder());
    assertThat(byTest.html()).contains("<p class=\"warning\">Ranked by TEST accuracy");
    assertThat(byTest.markdown()).contains("Ranked by TEST accuracy");
    assertThat(byTest.winner(1).said())
        .anyMatch(line -> line.matches("test accuracy .*, ranked by this"));
    assertThat(report.html()).doesNotContain("TEST");
  }

  @Test
  void aSweepThatHasJustBegunHasAPage() throws IOException {
    SweepFixture begun = SweepFixture.in(folder.resolve("begun"));
    begun.folder().create();
    begun.folder().write(SweepDescription.FILE, report.description().toJson());
    SweepReport empty = SweepReport.of(begun.folder());
    assertThat(empty.html()).contains("No setting has a result yet.");
    assertThat(empty.csv().lines()).hasSize(1);
    empty.writeSettings();
    assertThatThrownBy(() -> empty.winner(1))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage(folder.resolve("begun") + " has no setting with results yet");
  }

  @Test
  void theRankingAsText() {
    SettingResult best = report.settings().get(0);
    assertThat(report.markdown())
        .contains(
            "| 1 |  | 64 | 0.1 | active | 784-256-10 | "
                + AccuracyText.of(best.accuracy().get("validation_accuracy"))
                + " |");
    List<String> csv = report.csv().lines().toList();
    assertThat(csv).hasSize(65);
    assertThat(csv.get(0)).startsWith("schema_version,setting_id,rank,rule_perturbations,");
    assertThat(csv.get(1))
        .startsWith(Tables.VERSION + "," + best.id() + ",1,64,0.1,active,\"[784, 256, 10]\",5,");
  }

  @Test
  void aCellOfCsvIsNoFormula() throws IOException {
    RunFolder folder = SweepFixture.in(SweepReportTest.folder.resolve("formulas")).folder();
    folder.create();
    List<String> gates =
        List.of("=1+1", "+a", "-2+3", "@x", "\t=1", "\r=1", "-1.5e-3", "+7", "plain");
    folder.write(
        SweepDescription.FILE,
        new SweepDescription(
                "formulas",
                "grid",
                List.of(Goal.VALIDATION_ACCURACY),
                List.of(new SweepDescription.Parameter("rule.gate", "rule_gate", "category", "")),
                List.of(1L),
                gates.size(),
                gates.size(),
                2,
                "mnist",
                10,
                "grlu sweep formulas.conf",
                null,
                null)
            .toJson());
    List<Object[]> rows = new ArrayList<>();
    for (String gate : gates) {
      rows.add(new Object[] {"id" + gate, "done", gate, "setting" + gate, 1L, 2, 0.5, -0.25});
    }
    folder
        .table(RunFolder.TRIALS)
        .append(
            new Schema(
                "trial",
                List.of(
                    Column.required("trial_id", Column.Type.STRING),
                    Column.required("status", Column.Type.STRING),
                    Column.required("rule_gate", Column.Type.STRING),
                    Column.required("setting_id", Column.Type.STRING),
                    Column.required("training_seed", Column.Type.LONG),
                    Column.required("epochs_done", Column.Type.INT),
                    Column.required("validation_accuracy", Column.Type.DOUBLE),
                    Column.required("cpu_seconds", Column.Type.DOUBLE))),
            rows);
    String csv = SweepReport.of(folder).csv();
    assertThat(csv)
        .contains(",'=1+1,", ",'+a,", ",'-2+3,", ",'@x,", ",'\t=1,", ",\"'\r=1\",")
        .contains(",-1.5e-3,", ",+7,", ",plain,", ",-0.25,");
    assertThat(csv.split("[,\n]")).noneMatch(cell -> cell.matches("[=@].*|[+-][^0-9].*|-2\\+3"));
  }

  @Test
  void theWinnersRowIsWhole() throws IOException {
    SweepReport.Winner second = report.winner(2);
    assertThat(second.trial())
        .containsEntry("setting_id", report.settings().get(1).id())
        .containsEntry("training_seed", 1L)
        .containsKey("rule_gate");
    assertThat(second.said().get(0)).isEqualTo("sweep rate-by-gate, rank 2 of 64 settings");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[none, active] | none active",
        "[[784, 16, 10], [784,8,8,10]] | 784-16-10 784-8-8-10",
        "[\"b\", \"a\"] | b a",
        "log-uniform [0.1, 1] | ''"
      })
  void categoriesKeepTheOrderThatTheyWereAskedIn(String searched, String values) {
    assertThat(String.join(" ", PageData.asked(searched))).isEqualTo(values);
  }

  @Test
  void tooManySettingsAreThinnedTheBestKept() {
    List<SettingResult> many = new ArrayList<>();
    for (int i = 1; i <= 3 * PageData.SETTINGS; i++) {
      many.add(report.settings().get(0).ranked(i, 0));
    }
    List<SettingResult> shown = PageData.shown(many);
    assertThat(shown).hasSize(PageData.SETTINGS).doesNotHaveDuplicates();
    assertThat(shown.subList(0, PageData.SETTINGS / 2))
        .isEqualTo(many.subList(0, PageData.SETTINGS / 2));
    assertThat(shown.get(PageData.SETTINGS - 1).rank()).isGreaterThan(2 * PageData.SETTINGS);
  }

  @Test
  void aFolderWithoutASweepIsNamed() {
    assertThatThrownBy(
            () -> SweepReport.read(folder.resolve("none").toString(), new Configuration()))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining(folder.resolve("none") + ": not a sweep's folder");
  }

  @Test
  void aTrialIsFoundByTheStartOfItsId() throws IOException {
    TrialSearch search = TrialSearch.in(folder.toString(), new Configuration());
    TrialSearch here = TrialSearch.in(folder.resolve("grid").toString(), new Configuration());
    String id = "64-0.03-active-3-4";
    List<TrialSearch.Found> found = here.find(id, line -> {});
    assertThat(found).hasSize(1);
    assertThat(found.get(0).row()).containsEntry("status", "failed").containsEntry("trial_id", id);
    assertThat(found.get(0).epochs().stream().map(epoch -> epoch.get("epoch")))
        .containsExactly(1, 2);
    assertThat(search.find("64-0.03-active-3-", line -> {})).hasSize(5);
    assertThat(here.find("none", line -> {})).isEmpty();
  }
}
