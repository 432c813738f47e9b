package org.grlu.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.Table;

/**
 * Writes what has ended to a sweep's tables, every few seconds as one new file each, in a thread of
 * its own. Trials go last: a trial's row means that its epochs are there, and what else there is.
 */
public final class Committer implements AutoCloseable {
  private static final long PERIOD_MILLIS = 3000;
  private static final int MOST_FILES = 200;

  /** By name, in the order of writing. */
  private final Map<String, Part> parts = new LinkedHashMap<>();

  private final Runnable afterCommit;
  private final String shown;
  private final Recurring thread;

  /** A table, and rows that are to be written to it. */
  private static final class Part {
    private final Table table;
    private final Schema schema;
    private List<Object[]> rows = new ArrayList<>();

    Part(Table table, Schema schema) {
      this.table = table;
      this.schema = schema;
    }

    void write(List<Object[]> taken) throws IOException {
      if (!taken.isEmpty()) {
        table.append(schema, taken);
      }
    }

    List<Object[]> take() {
      List<Object[]> taken = rows;
      rows = new ArrayList<>();
      return taken;
    }
  }

  /**
   * @param trialSchema of the sweep's trials
   * @param afterCommit is run in the committer's thread
   */
  public Committer(RunFolder folder, Schema trialSchema, Runnable afterCommit) throws IOException {
    Map<String, Schema> schemas = new LinkedHashMap<>(RunRows.besideSchemas());
    schemas.put(RunFolder.TRIALS, trialSchema);
    for (Map.Entry<String, Schema> each : schemas.entrySet()) {
      parts.put(each.getKey(), new Part(folder.table(each.getKey()), each.getValue()));
    }
    this.afterCommit = afterCommit;
    this.shown = folder.shown();
    this.thread = new Recurring("sweep-commits", PERIOD_MILLIS, this::work);
  }

  /**
   * Takes a trial's rows, to be written within seconds.
   *
   * @param beside the rows of other tables, by their names
   */
  public synchronized void add(Object[] trial, Map<String, List<Object[]>> beside) {
    beside.forEach((table, rows) -> parts.get(table).rows.addAll(rows));
    parts.get(RunFolder.TRIALS).rows.add(trial);
  }

  /** Why nothing is written any more, in one line; null while it is. */
  public String failure() {
    Throwable e = thread.failure();
    return e == null
        ? null
        : "%s: %s".formatted(shown, e instanceof IOException ? e.getMessage() : e.toString());
  }

  /**
   * Does nothing while rows are written.
   *
   * @throws IOException where they can't be
   * @throws IllegalStateException where the committer ended by anything else
   */
  public void check() throws IOException {
    Throwable e = thread.failure();
    if (e instanceof IOException) {
      throw new IOException(failure(), e);
    }
    if (e != null) {
      throw new IllegalStateException(failure(), e);
    }
  }

  private void work() throws IOException {
    commit();
    if (parts.get(RunFolder.TRIALS).table.files() > MOST_FILES) {
      for (Part part : parts.values()) {
        part.table.compactNewest(part.schema);
      }
    }
    afterCommit.run();
  }

  private void commit() throws IOException {
    Map<Part, List<Object[]>> taken = new LinkedHashMap<>();
    synchronized (this) {
      parts.values().forEach(part -> taken.put(part, part.take()));
    }
    for (Map.Entry<Part, List<Object[]>> each : taken.entrySet()) {
      each.getKey().write(each.getValue());
    }
  }

  /**
   * Writes what is left and makes few files of many.
   *
   * @throws IOException where this, or a commit before it, failed
   * @throws IllegalStateException where the committer ended by anything else
   */
  @Override
  public void close() throws IOException {
    end();
    for (Part part : parts.values()) {
      part.table.compact(part.schema);
    }
  }

  /** Writes what is left, as {@link #close} does, but leaves the files as they are: it is quick. */
  public void end() throws IOException {
    thread.end(0);
    check();
    commit();
  }
}
