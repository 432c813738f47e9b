package org.grlu.reports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * The index of a report directory: the runs, sweeps and slow systems below it, the newest first, in
 * {@value #FILE}. Its links are relative, and it needs nothing but itself.
 *
 * <p>It holds what it shows as JSON, too. So a renewal reads only what is new or may have changed:
 * runs that are over are taken from the index as it stands. Several may write it at once: each
 * looks again after it has written, and writes again where something has changed meanwhile, so that
 * the last one to write misses nothing.
 */
public final class ReportIndex {
  public static final String FILE = "index.html";

  /** How many folders may be between the index and a run. */
  private static final int DEEP = 3;

  /** Each is for something that changed during the one before. */
  private static final int TRIES = 40;

  /** Raised when entries get another form: an index of another one is made from the folders. */
  private static final int VERSION = 1;

  private static final Pattern DATA =
      Pattern.compile("(?s)<script type=\"application/json\" id=\"entries\">(.*?)</script>");

  private final RunFolder root;
  private final boolean whole;

  private ReportIndex(RunFolder root, boolean whole) {
    this.root = root;
    this.whole = whole;
  }

  /**
   * Makes the index from all that is below a directory, sweeps without figures from their tables.
   *
   * @return where it is, for people; empty where there is nothing to show
   */
  public static Optional<String> write(RunFolder root) throws IOException {
    return new ReportIndex(root, true).written(Map.of());
  }

  /**
   * Brings the index up to date. That it can't be written is no reason for a command to fail.
   *
   * @param reports the report directory, a path or URI
   * @return why it is not up to date, in a line; empty where it is
   */
  public static Optional<String> renew(String reports, Configuration hadoop) {
    try {
      RunFolder root = RunFolder.at(reports, hadoop);
      new ReportIndex(root, false).written(known(root));
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      String why = e instanceof IOException io ? HadoopFiles.words(io) : e.toString();
      return Optional.of("%s/%s is not up to date: %s".formatted(reports, FILE, why));
    }
  }

  /** Whether a folder has an index. */
  public static boolean isIn(RunFolder folder) throws IOException {
    return folder
        .read(FILE)
        .map(bytes -> DATA.matcher(new String(bytes, StandardCharsets.UTF_8)).find())
        .orElse(false);
  }

  /** By path, the entries of the index as it stands; none where it is of another form. */
  private static Map<String, IndexEntry> known(RunFolder root) throws IOException {
    Map<String, IndexEntry> known = new HashMap<>();
    Matcher data =
        DATA.matcher(
            root.read(FILE).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse(""));
    if (data.find()) {
      ObjectMapper mapper = new ObjectMapper();
      JsonNode tree = mapper.readTree(data.group(1));
      if (tree.path("version").asInt() == VERSION) {
        for (JsonNode each : tree.path("entries")) {
          IndexEntry entry = mapper.treeToValue(each, IndexEntry.class);
          known.put(entry.path(), entry);
        }
      }
    }
    return known;
  }

  private Optional<String> written(Map<String, IndexEntry> known) throws IOException {
    List<IndexEntry> entries = collected(known);
    for (int i = 0; i < TRIES && !entries.isEmpty(); i++) {
      root.write(FILE, html(entries).getBytes(StandardCharsets.UTF_8));
      Map<String, IndexEntry> shown = new HashMap<>();
      entries.forEach(entry -> shown.put(entry.path(), entry));
      List<IndexEntry> now = collected(shown);
      if (now.equals(entries)) {
        break;
      }
      entries = now;
    }
    return entries.isEmpty() ? Optional.empty() : Optional.of(root.shown() + "/" + FILE);
  }

  private List<IndexEntry> collected(Map<String, IndexEntry> known) throws IOException {
    List<IndexEntry> entries = new ArrayList<>();
    collect(root, "", 1, known, entries);
    entries.sort(IndexEntry.NEWEST);
    return entries;
  }

  private void collect(
      RunFolder folder,
      String path,
      int depth,
      Map<String, IndexEntry> known,
      List<IndexEntry> entries)
      throws IOException {
    for (RunFolder inside : folder.folders()) {
      String name = inside.name();
      if (name.startsWith(".") || name.startsWith("_")) {
        continue;
      }
      String below = path.isEmpty() ? name : path + "/" + name;
      IndexEntry before = known.get(below);
      if (before != null && before.over()) {
        entries.add(before);
        continue;
      }
      try {
        Optional<IndexEntry> entry = IndexEntry.of(inside, below, whole);
        if (entry.isPresent()) {
          entries.add(entry.get());
        } else if (depth < DEEP) {
          collect(inside, below, depth + 1, known, entries);
        }
      } catch (IOException e) {
        entries.add(IndexEntry.unreadable(below, e));
      }
    }
  }

  private String html(List<IndexEntry> entries) throws IOException {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("version", VERSION);
    data.put("entries", entries);
    Map<String, String> parts = new HashMap<>();
    parts.put("title", Html.escaped(root.name().isEmpty() ? "reports" : root.name()));
    parts.put("style", Page.resource("page.css") + Page.resource("index.css"));
    parts.put("summary", summary(entries));
    parts.put("rows", rows(entries));
    parts.put("entries", Page.json(data));
    parts.put("script", Page.resource("index.js"));
    return Page.filled("index.html", parts);
  }

  private static String summary(List<IndexEntry> entries) {
    List<String> counts = new ArrayList<>();
    for (String kind : List.of(IndexEntry.SWEEP, IndexEntry.RUN, IndexEntry.FEATURES)) {
      long n = entries.stream().filter(entry -> entry.kind().equals(kind)).count();
      if (n > 0) {
        String noun = kind.equals(IndexEntry.FEATURES) ? "slow system" : kind;
        counts.add(String.format(Locale.ROOT, "%,d %s%s", n, noun, n == 1 ? "" : "s"));
      }
    }
    return Html.escaped(
        "%s, the newest first. As of %s."
            .formatted(String.join(", ", counts), PageTables.TIME.format(Instant.now())));
  }

  private static String rows(List<IndexEntry> entries) {
    Html out = new Html();
    for (IndexEntry entry : entries) {
      out.markup("<tr data-kind=\"").text(entry.kind()).markup("\">");
      out.cell("kind", entry.kind());
      out.markup("<td class=\"name\">");
      if (entry.page()) {
        out.markup("<a href=\"").text(link(entry.path())).markup("\">").text(entry.name());
        out.markup("</a>");
      } else {
        out.text(entry.name());
      }
      out.markup("<span>").text(entry.what()).markup("</span></td>");
      out.cell("status", entry.status());
      best(out, entry);
      out.named("figure", "CPU time", cost(entry));
      boolean dated = !entry.instant().equals(Instant.EPOCH);
      out.cell("time", dated ? PageTables.TIME.format(entry.instant()) : "");
      out.markup("</tr>\n");
    }
    return out.toString();
  }

  private static void best(Html out, IndexEntry entry) {
    out.markup("<td class=\"reached\">");
    if (entry.mean() != null) {
      Sample sample = new Sample(entry.seeds(), entry.mean(), null, entry.low(), entry.high());
      out.markup("<strong>").text(reached(entry, sample).replace(' ', '\u00a0'));
      out.markup("</strong> <span>").text(entry.measure().replace('_', ' '));
      out.text(entry.seeds() > 1 ? ", " + entry.seeds() + " seeds" : "").markup("</span>");
    }
    out.markup("</td>");
  }

  private static String reached(IndexEntry entry, Sample sample) {
    return Stream.of(Goal.values())
        .filter(goal -> goal.column().equals(entry.measure()))
        .findFirst()
        .map(goal -> goal.text(sample))
        .orElseGet(() -> AccuracyText.of(sample));
  }

  private static String cost(IndexEntry entry) {
    return entry.cpuSeconds() == null ? "" : PageTables.hours(entry.cpuSeconds());
  }

  /** A relative link to an entry's page. */
  static String link(String path) {
    try {
      return "./"
          + new URI(null, null, "/" + path + "/" + RunFolder.PAGE, null).getRawPath().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(path, e);
    }
  }
}
