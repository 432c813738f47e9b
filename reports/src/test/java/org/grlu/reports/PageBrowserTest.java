package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in headless Chromium: a script that is added to a copy of it turns the choosers and
 * notes what the charts hold. Skipped where there is no Chromium.
 */
@Tag("slow")
class PageBrowserTest {
  private static final long PATIENCE_SECONDS = 120;
  private static final String METRIC = "validation_accuracy";

  /** What the page before it kept, with all settings chosen; and how long the page waits. */
  private static final String BEFORE =
      """
      sessionStorage.setItem("grlu " + location.pathname, '{"chosen":[["range","0"],["gone","1"]],"scroll":0}');
      window.waits = [];
      const wait = window.setTimeout;
      window.setTimeout = (what, millis) => { window.waits.push(millis); return wait(what, millis); };
      """;

  @TempDir private static Path folder;
  private static SweepReport report;
  private static JsonNode seen;
  private static JsonNode draws;
  private static JsonNode rungs;
  private static JsonNode diverged;
  private static JsonNode lacking;
  private static JsonNode tasks;
  private static JsonNode index;
  private static JsonNode running;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    Optional<String> browser = browser();
    if (browser.isPresent()) {
      report =
          SweepReport.of(SweepFixture.in(folder.resolve("sweep")).grid(Goal.of(METRIC)).folder());
      seen = seen(browser.get(), report.html());
      SweepFixture random = SweepFixture.in(folder.resolve("draws")).draws(12);
      draws = seen(browser.get(), SweepReport.of(random.folder()).html());
      SweepFixture halving = SweepFixture.in(folder.resolve("rungs")).rungs();
      rungs = seen(browser.get(), SweepReport.of(halving.folder()).html());
      SweepFixture lost = SweepFixture.in(folder.resolve("diverged")).diverged();
      diverged = seen(browser.get(), SweepReport.of(lost.folder()).html());
      lacking = seen(browser.get(), changed(report.html()));
      SweepFixture streams = SweepFixture.in(folder.resolve("tasks")).tasks();
      tasks = seen(browser.get(), SweepReport.of(streams.folder()).html());
      index = seen(browser.get(), indexed(), "", "look-index.js");
      running = seen(browser.get(), running(), BEFORE, "look-age.js");
    }
  }

  /** The index of a folder with two runs and a slow system. */
  private static String indexed() throws IOException {
    Path reports = folder.resolve("reports");
    String run =
        "{\"run\":\"%s\",\"status\":\"done\",\"of\":\"784-10 on %s\",\"test_accuracy\":0.975}";
    for (String[] each : new String[][] {{"first", "mnist"}, {"second", "fashion"}}) {
      Path of = Files.createDirectories(reports.resolve(each[0]));
      Files.writeString(of.resolve("status.json"), run.formatted((Object[]) each));
      Files.writeString(of.resolve("report.html"), "page");
    }
    Path features = Files.createDirectories(reports.resolve("features/f00d"));
    Files.writeString(
        features.resolve("report.json"),
        "{\"features\":\"f00d\",\"kind\":\"hebbian-patches\",\"seen\":\"mnist\"}");
    Files.writeString(features.resolve("report.html"), "page");
    ReportIndex.write(RunFolder.at(reports.toString(), HadoopFiles.configuration()));
    return Files.readString(reports.resolve("index.html"));
  }

  /** The page of a sweep that a driver holds, made ten minutes ago. */
  private static String running() throws IOException {
    RunFolder sweep = SweepFixture.in(folder.resolve("running")).grid(Goal.of(METRIC)).folder();
    sweep.write(RunFolder.LOCK, "{}".getBytes(StandardCharsets.UTF_8));
    String made = "data-made=\"" + Instant.now().minusSeconds(600) + "\"";
    return SweepReport.of(sweep).html().replaceFirst("data-made=\"[^\"]*\"", made);
  }

  /** For each test, so that each is counted as skipped. */
  @BeforeEach
  void isThereABrowser() {
    assumeTrue(seen != null, "no chromium on the PATH: the page is not tried in a browser");
  }

  private static Optional<String> browser() {
    List<String> names = List.of("chromium", "chromium-browser", "google-chrome");
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(path -> names.stream().map(name -> Path.of(path, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  private static String resource(String name) throws IOException {
    try (var in = PageBrowserTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode seen(String browser, String html)
      throws IOException, InterruptedException {
    return seen(browser, html, "", "look.js");
  }

  /** What a script leaves; what is said before comes before the page's own scripts. */
  private static JsonNode seen(String browser, String html, String before, String look)
      throws IOException, InterruptedException {
    String first = "<head><script>" + resource("listen.js") + before + "</script>";
    String last = "<script>" + resource(look) + "</script></body>";
    Path page = folder.resolve("page.html");
    Files.writeString(page, html.replace("<head>", first).replace("</body>", last));
    Path dom = folder.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=900,1200",
                "--virtual-time-budget=10000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(folder.resolve("browser.log").toFile())
            .start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    Matcher noted = Pattern.compile("id=\"seen\">([\\w+/=]*)<").matcher(Files.readString(dom));
    assertThat(noted.find()).as(Files.readString(folder.resolve("browser.log"))).isTrue();
    return new ObjectMapper().readTree(Base64.getDecoder().decode(noted.group(1)));
  }

  /**
   * The page of a sweep in which the gate has no meaning in every second setting, and the layers,
   * whose names are long, come first.
   */
  private static String changed(String html) throws IOException {
    Matcher data = Pattern.compile("(?s)(id=\"data\">)(.*?)(</script>)").matcher(html);
    assertThat(data.find()).isTrue();
    JsonNode tree = new ObjectMapper().readTree(data.group(2));
    List<JsonNode> inOrder = new ArrayList<>(List.of(tree.get("parameters"), tree.get("names")));
    for (JsonNode setting : tree.get("settings")) {
      inOrder.add(setting.get("values"));
      if (setting.get("rank").asInt() % 2 == 0) {
        ((ArrayNode) setting.get("values")).setNull(2);
      }
    }
    for (JsonNode array : inOrder) {
      JsonNode layers = array.get(3);
      ((ArrayNode) array).set(3, array.get(0));
      ((ArrayNode) array).set(0, layers);
    }
    return html.substring(0, data.start(2)) + tree + html.substring(data.end(2));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static double mean(SettingResult setting, String accuracy) {
    return setting.accuracy().get(accuracy).mean();
  }

  /** The best mean of each pair of values, as the tables have it. */
  private static Map<String, Double> cells(String across, String up) {
    Map<String, Double> cells = new TreeMap<>();
    for (SettingResult s : report.settings()) {
      String cell =
          RankingText.value(s.values().get(across)) + "|" + RankingText.value(s.values().get(up));
      cells.merge(cell, mean(s, METRIC), Math::max);
    }
    return cells;
  }

  private static void assertMap(JsonNode map, Map<String, Double> expected) {
    Map<String, Double> drawn = new TreeMap<>();
    map.forEach(
        cell ->
            drawn.put(
                cell.get("column").asText() + "|" + cell.get("row").asText(),
                cell.get("mean").asDouble()));
    assertThat(drawn.keySet()).isEqualTo(expected.keySet());
    drawn.forEach((cell, value) -> assertThat(value).isCloseTo(expected.get(cell), within(1e-6)));
  }

  @Test
  void theConsoleHasNoErrors() {
    assertThat(seen.get("errors")).isEmpty();
  }

  @Test
  void forgettingIsDrawnAgainstTheOverlapOfClassesWhereItIsKnown() {
    assertThat(tasks.get("errors")).isEmpty();
    assertThat(texts(tasks.get("shown"))).contains("Forgetting against the overlap of classes");
    assertThat(tasks.get("overlap")).hasSize(6);
    assertThat(texts(tasks.get("overlapLegend"))).containsExactly("none", "active");
    assertThat(seen.get("overlap")).isEmpty();
    assertThat(texts(seen.get("shown"))).noneMatch(heading -> heading.startsWith("Forgetting"));
  }

  @Test
  void everySettingStandsInTheChartOfEachParameter() {
    JsonNode parameters = seen.get("parameters");
    assertThat(parameters).hasSize(4);
    parameters.forEach(
        chart -> {
          assertThat(chart.get("means")).hasSize(report.settings().size());
          chart
              .get("means")
              .forEach(
                  point -> {
                    SettingResult setting = report.settings().get(point.get("rank").asInt() - 1);
                    assertThat(point.get("mean").asDouble())
                        .isCloseTo(mean(setting, METRIC), within(1e-6));
                  });
          long seeds = report.settings().stream().mapToLong(SettingResult::seeds).sum();
          assertThat(chart.get("seeds").asLong()).isEqualTo(seeds);
        });
  }

  @Test
  void theMapHoldsTheBestOfEachPairAndTheChooserChangesIt() {
    assertMap(seen.get("map"), cells("rule_perturbations", "training_learning_rate_max"));
    assertMap(seen.get("mapChosen"), cells("rule_gate", "training_learning_rate_max"));
  }

  @Test
  void valuesDrawnAtRandomAreMappedByRangesAndNotJoined() {
    List<Integer> joined = new ArrayList<>();
    seen.get("parameters").forEach(chart -> joined.add(chart.get("joined").asInt()));
    assertThat(joined).containsExactly(1, 1, 0, 0);
    assertThat(draws.get("errors")).isEmpty();
    draws.get("parameters").forEach(chart -> assertThat(chart.get("joined").asInt()).isZero());
    assertThat(names(draws, "column")).hasSizeBetween(2, 8);
    assertThat(names(draws, "row")).hasSizeBetween(2, 8);
  }

  private static Set<String> names(JsonNode page, String side) {
    Set<String> names = new TreeSet<>();
    page.get("map").forEach(cell -> names.add(cell.get(side).asText()));
    return names;
  }

  @Test
  void theOtherAccuracyIsDrawnWhenItIsChosen() {
    assertThat(seen.get("tested").asDouble())
        .isCloseTo(mean(report.settings().get(0), "test_accuracy"), within(1e-6));
    assertThat(seen.get("testedLabel").asText()).isEqualTo("test accuracy (%)");
  }

  @Test
  void theFrontHoldsWhatNothingCheaperBeats() {
    List<Integer> front = new ArrayList<>();
    List<SettingResult> byCost = new ArrayList<>(report.settings());
    byCost.sort(java.util.Comparator.comparing(s -> s.cost().get("cpu_seconds").mean()));
    double best = 0;
    for (SettingResult setting : byCost) {
      if (mean(setting, METRIC) > best) {
        best = mean(setting, METRIC);
        front.add(setting.rank());
      }
    }
    assertThat(seen.get("front").asText().split(" "))
        .containsExactly(front.stream().map(String::valueOf).toArray(String[]::new));
  }

  @Test
  void curvesAreOfTheBestAndOfWhatIsChosen() {
    assertThat(seen.get("curves")).hasSize(8);
    assertThat(seen.get("curveChosen")).hasSize(1);
    assertThat(seen.get("curveChosen").get(0).asInt()).isEqualTo(3);
    assertThat(seen.get("paths").asInt()).isEqualTo(report.settings().size());
  }

  /** Of a setting by its rank, what its line of a layer ends with. */
  private static void assertAligned(JsonNode lines, int rank) {
    long perturbations = (long) report.settings().get(rank - 1).values().get("rule_perturbations");
    List<?> layers = (List<?>) report.settings().get(rank - 1).values().get("network_layers");
    assertThat(lines).hasSize(layers.size() - 1);
    for (int layer = 1; layer < layers.size(); layer++) {
      double last = layer / Math.sqrt(layer * layer + 60.0 / perturbations + 10);
      assertThat(lines.get(layer - 1).get("layer").asInt()).isEqualTo(layer);
      assertThat(lines.get(layer - 1).get("last").asDouble()).isCloseTo(last, within(1e-5));
    }
  }

  @Test
  void whereEstimatesWereDiagnosedTheirAlignmentIsDrawnByLayer() {
    assertAligned(seen.get("aligned"), 1);
    assertAligned(seen.get("alignedChosen"), 2);
    JsonNode means = seen.get("alignedMean");
    assertThat(means).hasSize(seen.get("alignedChosen").size());
    assertThat(means.get(0).get("last").asText()).isEmpty();
    assertThat(means.get(1).get("last").asDouble()).isCloseTo(0.9, within(1e-6));
    assertThat(texts(seen.get("shown"))).contains("Estimates against the gradient");
    assertThat(texts(draws.get("shown")))
        .isNotEmpty()
        .doesNotContain("Estimates against the gradient");
  }

  /** Twice 40 minutes of four lanes; two days are cut out, which take two per cent. */
  @Test
  void aBarForEachTrialIsAsLongAsTheTableSays() {
    Map<String, Double> seconds = new TreeMap<>();
    Map<String, Long> ended = new TreeMap<>();
    for (SweepTrial trial : report.trials()) {
      Duration ran = Duration.between(trial.time("started_at"), trial.time("finished_at"));
      seconds.merge(trial.status().word(), ran.toMillis() * 1e-3, Double::sum);
      ended.merge(trial.status().word(), 1L, Long::sum);
    }
    assertThat(seen.get("slots")).hasSize(report.trials().size());
    double whole = 2 * (39 * 60 + 55);
    Map<String, Double> drawn = new TreeMap<>();
    Set<Double> lanes = new TreeSet<>();
    for (JsonNode bar : seen.get("slots")) {
      drawn.merge(
          bar.get("status").asText(), bar.get("width").asDouble() * whole / 98, Double::sum);
      lanes.add(bar.get("y").asDouble());
      assertThat(bar.get("x").asDouble() + bar.get("width").asDouble()).isBetween(0.0, 100.01);
    }
    assertThat(lanes).hasSize(4);
    assertThat(drawn.keySet()).isEqualTo(seconds.keySet());
    drawn.forEach((status, all) -> assertThat(all / seconds.get(status)).isBetween(0.99, 1.01));
    double all = seconds.values().stream().mapToDouble(x -> x).sum();
    assertThat(seen.get("slotsLead").asText())
        .contains(String.format(Locale.ROOT, "Lanes were busy %.1f %%", 100 * all / (4 * whole)));
    List<String> legend = new ArrayList<>();
    ended.forEach((status, count) -> legend.add(status + ": " + count));
    assertThat(texts(seen.get("slotsLegend"))).containsExactlyInAnyOrderElementsOf(legend);
    assertThat(texts(seen.get("slotsCuts"))).containsExactly("nothing ran for 2 d");
    assertThat(seen.get("slotsSaves").asInt()).isEqualTo(1);
    assertThat(seen.get("slotsByKey").asText()).contains("seed 1: ", " s on worker-");
  }

  @Test
  void theIndexShowsTheRowsThatHaveEachWord() {
    assertThat(index.get("errors")).isEmpty();
    assertThat(index.get("chooser").asBoolean()).isTrue();
    assertThat(texts(index.get("all")).get(0).split(" "))
        .containsExactlyInAnyOrder("first", "second", "f00d");
    assertThat(texts(index.get("word"))).containsExactly("f00d", "1 of 3");
    assertThat(texts(index.get("words"))).containsExactly("first", "1 of 3");
    assertThat(texts(index.get("kind")).get(0).split(" "))
        .containsExactlyInAnyOrder("first", "second");
    assertThat(texts(index.get("both"))).containsExactly("", "0 of 3");
    assertThat(texts(index.get("again"))).isEqualTo(texts(index.get("all")));
  }

  @Test
  void thePageOfARunningSweepSaysHowOldItIsAndKeepsWhatWasChosen() {
    assertThat(running.get("errors")).isEmpty();
    assertThat(running.get("age").asText())
        .startsWith("This page is 10 min old: its driver may have ended");
    assertThat(running.get("range").asText()).isEqualTo("0");
    assertThat(running.get("fenced").asBoolean()).isTrue();
    assertThat(texts(running.get("waits"))).contains("60000");
    assertThat(running.get("kept").asInt()).isZero();
  }

  @Test
  void aChartIsSavedAsAFileThatStandsAlone() {
    assertThat(seen.get("saves").asInt()).isPositive().isEqualTo(seen.get("charts").asInt());
    int dots = report.settings().size();
    assertThat(texts(seen.get("saved")))
        .containsExactly("svg", String.valueOf(dots), String.valueOf(dots));
  }

  @Test
  void aRangeAlongAnAxisFiltersTheRanking() {
    assertThat(seen.get("brushes").asInt()).isEqualTo(5);
    int all = report.settings().size();
    assertThat(seen.get("dragged").get(1).asInt()).isBetween(1, all - 1);
    assertThat(seen.get("dragged").get(0).asInt())
        .isEqualTo(seen.get("dragged").get(1).asInt())
        .isLessThan(seen.get("unbrushed").asInt());
    List<String> brushed = texts(seen.get("brushed"));
    assertThat(brushed.get(0)).isEqualTo("1 2 3");
    assertThat(brushed.get(1)).isEqualTo("3");
    assertThat(brushed.get(2)).startsWith("3 settings of " + report.settings().size());
    assertThat(brushed.get(3)).isEqualTo(seen.get("unbrushed").asText());
  }

  @Test
  void keysGoFromMarkToMark() {
    List<String> byKey = texts(seen.get("byKey"));
    int rank = Integer.parseInt(byKey.get(0));
    String seeds = AccuracyText.of(Sample.of(new double[] {seed(rank)}));
    assertThat(byKey.get(1)).startsWith("#" + rank).contains("seed 1: " + seeds);
    assertThat(byKey.get(2)).isEqualTo("true");
  }

  private static double seed(int rank) {
    return report.settings().get(rank - 1).bySeed(METRIC).get(1L);
  }

  @Test
  void whatLiesFarBelowTheOthersIsLeftOutUntilAllIsChosen() {
    List<String> fenced = texts(seen.get("fenced"));
    assertThat(fenced.get(0)).isEqualTo("false");
    assertThat(fenced.get(1)).startsWith("1 setting below ").contains("is not drawn");
    assertThat(fenced.subList(2, 4)).containsExactly("true", "true");
  }

  @Test
  void theCurveOfOneSettingHasItsSeeds() {
    assertThat(seen.get("ofSeeds").asInt()).isEqualTo(report.settings().get(2).seeds());
  }

  @Test
  void thePageIsNotWiderThanTheWindow() {
    assertThat(seen.get("width").asInt()).isLessThanOrEqualTo(seen.get("window").asInt());
  }

  @Test
  void aRangeOfWholeNumbersIsNamedByWholeNumbers() {
    assertThat(texts(draws.get("across")))
        .isNotEmpty()
        .allMatch(n -> n.matches("\\d+(\u2013\\d+)?"));
  }

  @Test
  void aSettingInWhichAParameterMeansNothingIsLeftOutOfItsChartsOnly() {
    assertThat(lacking.get("errors")).isEmpty();
    int all = report.settings().size();
    List<Integer> means = new ArrayList<>();
    lacking.get("parameters").forEach(chart -> means.add(chart.get("means").size()));
    assertThat(means).containsExactly(all, all, all / 2, all);
    assertThat(lacking.get("paths").asInt()).isEqualTo(all);
    assertThat(lacking.get("unused").asInt()).isEqualTo(1);
    assertThat(seen.get("unused").asInt()).isZero();
    lacking
        .get("mapChosen")
        .forEach(cell -> assertThat(cell.get("column").asText()).isIn("none", "active"));
  }

  @Test
  void whatHalvingStoppedEarlyIsMarked() {
    assertThat(texts(rungs.get("hollow"))).containsExactlyInAnyOrder("2", "3");
    assertThat(rungs.get("early").asText()).contains("2 settings that did fewer than 10 epochs");
    assertThat(seen.get("hollow")).isEmpty();
    assertThat(seen.get("early").asText()).isEmpty();
  }

  @Test
  void aSweepWithoutAnyResultSaysSoAndDrawsNothing() {
    assertThat(diverged.get("errors")).isEmpty();
    assertThat(diverged.get("answer").asText())
        .isEqualTo("No setting has a result, and all is over: of 4 trials 4 diverged.");
    assertThat(diverged.get("shown")).isEmpty();
    assertThat(diverged.get("heads")).isEmpty();
  }

  @Test
  void parametersHaveShortNamesInTheRankingAndOnTheAxes() {
    List<String> titled = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (JsonNode head : seen.get("heads")) {
      if (!head.get("title").asText().isEmpty()) {
        titled.add(head.get("title").asText());
        names.add(head.get("name").asText());
      }
    }
    assertThat(titled)
        .containsExactly(
            "rule.perturbations", "training.learning-rate.max", "rule.gate", "network.layers");
    assertThat(names).containsExactly("perturbations", "learning-rate.max", "gate", "layers");
    assertThat(texts(seen.get("axes")).subList(0, 4)).isEqualTo(names);
  }

  @Test
  void labelsKeepApartAndInsideAndWhatIsCutIsMarked() {
    for (JsonNode page : List.of(seen, draws, rungs, lacking)) {
      assertThat(page.get("meeting")).isEmpty();
      assertThat(page.get("outside")).isEmpty();
      assertThat(page.get("cutShort").asInt()).isZero();
      page.get("ticks").forEach(count -> assertThat(count.asInt()).isGreaterThan(1));
    }
    assertThat(texts(seen.get("cut"))).contains("true").isEqualTo(texts(seen.get("cued")));
  }

  @Test
  void onPaperWhatIsFoldedShowsAndChartsFit() {
    assertThat(texts(seen.get("unfolded"))).containsExactly("true", "700");
    assertThat(seen.get("folded").get(0).asBoolean()).isFalse();
    assertThat(seen.get("folded").get(1).asInt()).isGreaterThan(700);
  }
}
