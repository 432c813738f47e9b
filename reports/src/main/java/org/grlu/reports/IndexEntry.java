package org.grlu.reports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A run, a sweep or a slow system in the index of a report directory, from the small files of its
 * folder.
 *
 * @param kind sweep, run or features
 * @param path of its folder, from the index
 * @param what it is of, in short; empty where its folder does not say
 * @param status how it stands, in words
 * @param over whether it changes no more, and need not be read again
 * @param measure what the best is measured by; empty where there is no best
 * @param mean the best; null where there is none
 * @param low the lower end of its 95 % interval; null of fewer than two seeds
 * @param high the upper end
 * @param seeds how many are behind the best
 * @param cpuSeconds what it cost; null where that is not known
 * @param time in ISO 8601 when it began or, of a sweep or a slow system, was last written; null
 *     where it is not known
 * @param page whether there is a page of it
 */
record IndexEntry(
    String kind,
    String path,
    String what,
    String status,
    boolean over,
    String measure,
    Double mean,
    Double low,
    Double high,
    int seeds,
    Double cpuSeconds,
    String time,
    boolean page) {
  static final String SWEEP = "sweep";
  static final String RUN = "run";
  static final String FEATURES = "features";

  /** Of a slow system: what it is. Its page is told by {@link RunFolder#FIGURES}. */
  private static final String IDENTITY = "features.json";

  /** The newest first; those of which no time is known last. */
  static final Comparator<IndexEntry> NEWEST =
      Comparator.comparing(IndexEntry::instant)
          .reversed()
          .thenComparing(IndexEntry::kind)
          .thenComparing(IndexEntry::path);

  /**
   * Of a folder; empty where it is none of a run, a sweep or a slow system.
   *
   * @param path of the folder, from the index
   * @param whole whether a sweep that has no figures yet may be read from its tables, which takes
   *     long where they are large
   */
  static Optional<IndexEntry> of(RunFolder folder, String path, boolean whole) throws IOException {
    Map<String, Object> status = json(folder, RunFolder.STATUS);
    if (status.containsKey("run")) {
      return Optional.of(run(folder, path, status));
    }
    if (folder.read(SweepDescription.FILE).isPresent()) {
      return Optional.of(sweep(folder, path, status, whole));
    }
    Map<String, Object> figures = json(folder, RunFolder.FIGURES);
    return figures.containsKey("features") || folder.read(IDENTITY).isPresent()
        ? Optional.of(features(folder, path, figures))
        : Optional.empty();
  }

  /** Of a folder that can't be read. */
  static IndexEntry unreadable(String path, IOException why) {
    String words = HadoopFiles.words(why).lines().findFirst().orElse("");
    return new IndexEntry(
        "", path, words, "can't be read", false, "", null, null, null, 0, null, null, false);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(RunFolder folder, String name) throws IOException {
    Optional<byte[]> bytes = folder.read(name);
    try {
      return bytes.isPresent() ? new ObjectMapper().readValue(bytes.get(), Map.class) : Map.of();
    } catch (JsonProcessingException e) {
      throw new IOException(name + ": is no JSON", e);
    }
  }

  private static IndexEntry run(RunFolder folder, String path, Map<String, Object> status)
      throws IOException {
    String word = text(status, "status");
    boolean over = !word.equals("running");
    boolean held = number(status, SweepDescription.VALIDATION) != null;
    String measure = held ? SweepDescription.VALIDATION : SweepDescription.TEST;
    Double reached = number(status, measure);
    return new IndexEntry(
        RUN,
        path,
        text(status, "of"),
        over ? word : "not over",
        over,
        reached == null ? "" : measure,
        reached,
        null,
        null,
        reached == null ? 0 : 1,
        number(status, "cpu_seconds"),
        (String) status.get("started_at"),
        hasPage(folder));
  }

  private static IndexEntry sweep(
      RunFolder folder, String path, Map<String, Object> status, boolean whole) throws IOException {
    Map<String, Object> figures = json(folder, RunFolder.FIGURES);
    if (figures.isEmpty() && whole) {
      figures = SweepFigures.of(SweepReport.of(folder));
    }
    Map<?, ?> best = figures.get("best") instanceof Map<?, ?> map ? map : Map.of();
    String updated = text(status, "updated_at");
    Double seeds = number(best, "seeds");
    return new IndexEntry(
        SWEEP,
        path,
        text(figures, "of"),
        standing(folder, status, figures),
        false,
        best.isEmpty() ? "" : text(figures, "rank_by"),
        number(best, "mean"),
        number(best, "low"),
        number(best, "high"),
        seeds == null ? 0 : seeds.intValue(),
        number(figures, "cpu_seconds"),
        updated.isEmpty() ? (String) figures.get("finished_at") : updated,
        hasPage(folder));
  }

  /** How a sweep stands; without a status by the number of its trials. */
  private static String standing(
      RunFolder folder, Map<String, Object> status, Map<String, Object> figures)
      throws IOException {
    Double planned = number(figures, "planned");
    Double trials = number(figures, "trials");
    boolean some = planned != null && trials != null && trials < planned;
    String share = some ? String.format(Locale.ROOT, "%,.0f of %,.0f trials", trials, planned) : "";
    String word = text(status, "status");
    if (word.equals("running") && folder.read(RunFolder.LOCK).isEmpty()) {
      word = "not over";
    }
    if (word.isEmpty()) {
      return some ? share : "done";
    }
    // halving is done before all trials have run
    return some && !word.equals("done") ? word + ", " + share : word;
  }

  private static IndexEntry features(RunFolder folder, String path, Map<String, Object> figures)
      throws IOException {
    String seen = text(figures, "seen");
    Double ridge = number(figures, "ridge_accuracy");
    Instant changed = folder.changed(figures.isEmpty() ? IDENTITY : RunFolder.FIGURES);
    return new IndexEntry(
        FEATURES,
        path,
        text(figures, "kind") + (seen.isEmpty() ? "" : ", seen: " + seen),
        "frozen",
        false,
        ridge == null ? "" : "linear readout",
        ridge,
        null,
        null,
        ridge == null ? 0 : 1,
        null,
        changed == null ? null : changed.toString(),
        hasPage(folder));
  }

  private static boolean hasPage(RunFolder folder) throws IOException {
    return folder.folder(RunFolder.PAGE).exists();
  }

  private static String text(Map<?, ?> map, String key) {
    return map.get(key) instanceof String text ? text : "";
  }

  private static Double number(Map<?, ?> map, String key) {
    return map.get(key) instanceof Number x && Double.isFinite(x.doubleValue())
        ? (Double) x.doubleValue()
        : null;
  }

  /** The folder's own name. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** When it was; the beginning of time where that is not known. */
  Instant instant() {
    try {
      return time == null ? Instant.EPOCH : Instant.parse(time);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
