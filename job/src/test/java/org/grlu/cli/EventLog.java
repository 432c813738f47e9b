package org.grlu.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Spark wrote down of one application, also while it runs. */
final class EventLog {
  private static final String RAN = "\"Executor Run Time\"";

  private final Path folder;
  private final Set<String> before;

  /**
   * A task's attempt.
   *
   * @param job its job's number; Spark's jobs here have one stage each
   * @param launchedAt in milliseconds since 1970
   * @param finishedAt when the driver had its result; 0 at its start
   * @param ranMillis of all its {@code spark.task.cpus}; 0 where it gave no result
   * @param speculative whether it is a copy of one that runs
   */
  record Attempt(
      int job,
      String executor,
      long launchedAt,
      long finishedAt,
      long ranMillis,
      boolean speculative,
      boolean successful) {}

  private EventLog(Path folder, Set<String> before) {
    this.folder = folder;
    this.before = before;
  }

  /** The log of the application that is the next to write one into this folder. */
  static EventLog ofNext(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new EventLog(folder, applications(folder).collect(Collectors.toSet()));
  }

  /** Applications' ids: a log has another name while it is written. */
  private static Stream<String> applications(Path folder) throws IOException {
    return Grlu.names(folder).stream()
        .filter(name -> !name.startsWith("."))
        .map(name -> name.replace(".inprogress", ""));
  }

  /** Makes a call write its log here. */
  Grlu of(Grlu grlu) {
    return grlu.conf("spark.eventLog.enabled=true").conf("spark.eventLog.dir=" + folder.toUri());
  }

  /** The application's id; null before it has one. */
  String application() {
    try {
      return applications(folder).filter(name -> !before.contains(name)).findFirst().orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> lines() {
    String application = application();
    if (application == null) {
      return List.of();
    }
    try {
      String text = read(folder.resolve(application));
      // the last line may not be whole yet
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> lines(String event) {
    return lines().stream().filter(line -> is(line, event)).toList();
  }

  private static boolean is(String line, String event) {
    return line.startsWith("{\"Event\":\"SparkListener" + event + "\"");
  }

  private static String read(Path ended) throws IOException {
    Path running = Path.of(ended + ".inprogress");
    try {
      return Files.readString(running, StandardCharsets.UTF_8);
    } catch (IOException e) {
      // it was renamed when the application ended
      return Files.readString(ended, StandardCharsets.UTF_8);
    }
  }

  /** The attempts that have begun. */
  List<Attempt> begun() {
    return attempts("TaskStart");
  }

  /** The attempts that have ended, however. */
  List<Attempt> ended() {
    return attempts("TaskEnd");
  }

  private List<Attempt> attempts(String event) {
    List<Attempt> attempts = new ArrayList<>();
    for (String line : lines(event)) {
      attempts.add(
          new Attempt(
              (int) number(line, "Stage ID"),
              text(line, "Executor ID"),
              number(line, "Launch Time"),
              number(line, "Finish Time"),
              line.contains(RAN) ? number(line, "Executor Run Time") : 0,
              line.contains("\"Speculative\":true"),
              line.contains("\"Task End Reason\":{\"Reason\":\"Success\"}")));
    }
    return attempts;
  }

  /** How many jobs have ended well. */
  int jobs() {
    return (int)
        lines("JobEnd").stream()
            .filter(line -> line.contains("\"Result\":\"JobSucceeded\""))
            .count();
  }

  /** How many executors had registered when the first job began. */
  long executorsAtFirstJob() {
    return lines().stream()
        .takeWhile(line -> !is(line, "JobStart"))
        .filter(line -> is(line, "ExecutorAdded"))
        .count();
  }

  /** When jobs ended well, in milliseconds since 1970. */
  List<Long> jobEnds() {
    return lines("JobEnd").stream()
        .filter(line -> line.contains("\"Result\":\"JobSucceeded\""))
        .map(line -> number(line, "Completion Time"))
        .toList();
  }

  /** The jobs' descriptions, those of jobs that failed too. */
  List<String> descriptions() {
    return lines("JobStart").stream().map(line -> text(line, "spark.job.description")).toList();
  }

  /** The executors on which attempts ended well. */
  Set<String> busyExecutors() {
    return ended().stream()
        .filter(Attempt::successful)
        .map(Attempt::executor)
        .collect(Collectors.toSet());
  }

  private static long number(String line, String field) {
    return field(line, field, (text, at) -> Long.parseLong(text.substring(at).split("\\D", 2)[0]));
  }

  private static String text(String line, String field) {
    return field(line, field, (text, at) -> text.substring(at + 1, text.indexOf('"', at + 1)));
  }

  private static <T> T field(String line, String field, BiFunction<String, Integer, T> value) {
    String start = "\"" + field + "\":";
    int at = line.indexOf(start);
    if (at < 0) {
      throw new IllegalStateException("no " + field + " in " + line);
    }
    return value.apply(line, at + start.length());
  }
}
