package org.grlu.reports;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sweep's page. Tables are made here and show without scripts; charts are drawn in the browser
 * from the data that the page holds as JSON.
 */
final class Page {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  private final SweepReport report;

  Page(SweepReport report) {
    this.report = report;
  }

  String html() throws IOException {
    PageTables tables = new PageTables(report);
    Map<String, String> parts = new HashMap<>();
    parts.put("title", Html.escaped(report.description().name()));
    parts.put("style", resource("page.css"));
    parts.put("selection", tables.selection());
    parts.put("summary", tables.summary());
    parts.put("asked", tables.asked());
    parts.put("columns", tables.columns());
    parts.put("ranking", tables.ranking());
    parts.put("tasks", tables.tasks());
    parts.put("importance", ImportanceTable.html(report));
    parts.put("failures", tables.failures());
    parts.put("costs", tables.costs());
    parts.put("provenance", tables.provenance());
    parts.put("running", running());
    parts.put("history", SweepHistory.html(report));
    parts.put("slots", SlotChart.html(report));
    parts.put("data", json(data()));
    parts.put("notice", "/* " + resource("d3-LICENSE").strip() + " */");
    parts.put("library", resource("d3.min.js"));
    parts.put(
        "charts",
        resource("frame.js")
            + resource("save.js")
            + resource("charts.js")
            + resource("overlap.js")
            + resource("fronts.js")
            + resource("brush.js")
            + resource("maps.js")
            + resource("slots.js")
            + resource("age.js"));
    return filled("page.html", parts);
  }

  /** That the sweep runs, and how old the page is; empty of one that does not. */
  private String running() throws IOException {
    if (!report.isHeld()) {
      return "";
    }
    Instant now = Instant.now();
    return new Html()
        .markup("<p class=\"warning\" id=\"running\" data-made=\"" + now + "\">")
        .text(
            String.format(
                Locale.ROOT,
                "The sweep runs: %,d of %,d trials were over at %s. The page loads itself anew each minute. ",
                report.trials().size(),
                report.description().trialsPlanned(),
                PageTables.TIME.format(now)))
        .markup("<span id=\"age\"></span></p>")
        .toString();
  }

  /** A resource with its places filled in. */
  static String filled(String name, Map<String, String> parts) throws IOException {
    // in one pass, so that a value that looks like a place is only text
    Matcher places = PLACE.matcher(resource(name));
    return places.replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1))));
  }

  private Map<String, Object> data() throws IOException {
    Map<String, Object> data = new PageData(report).values();
    Map<String, String> names = ShortNames.ofParameters(report.parameters());
    data.put("names", report.parameters().stream().map(p -> names.get(p.path())).toList());
    SweepDescription description = report.description();
    // a setting of fewer epochs was stopped early, or waits
    data.put("wholeEpochs", "halving".equals(description.search()) ? description.epochs() : 0);
    return data;
  }

  /** JSON that can't end the element that it stands in. */
  static String json(Object values) throws IOException {
    return new ObjectMapper().writeValueAsString(values).replace("<", "\\u003c");
  }

  static String resource(String name) throws IOException {
    try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
