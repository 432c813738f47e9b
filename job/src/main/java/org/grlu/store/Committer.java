package org.grlu.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.Table;

/**
 * Writes what has ended to a sweep's tables, every few seconds as one new file each, in a thread of
 * its own. Epochs go first: a trial's row means that its epochs are there.
 */
public final class Committer implements AutoCloseable {
  private static final long PERIOD_MILLIS = 3000;
  private static final int MOST_FILES = 200;

  private final Table trials;
  private final Table epochs;
  private final Schema trialSchema;
  private final Runnable afterCommit;
  private final String shown;
  private final Recurring thread;
  private List<Object[]> trialRows = new ArrayList<>();
  private List<Object[]> epochRows = new ArrayList<>();

  /**
   * @param trialSchema of the sweep's trials
   * @param afterCommit is run in the committer's thread
   */
  public Committer(RunFolder folder, Schema trialSchema, Runnable afterCommit) throws IOException {
    this.trials = folder.table(RunFolder.TRIALS);
    this.epochs = folder.table(RunFolder.EPOCHS);
    this.trialSchema = trialSchema;
    this.afterCommit = afterCommit;
    this.shown = folder.shown();
    this.thread = new Recurring("sweep-commits", PERIOD_MILLIS, this::work);
  }

  /** Takes a trial's rows, to be written within seconds. */
  public synchronized void add(Object[] trial, List<Object[]> itsEpochs) {
    trialRows.add(trial);
    epochRows.addAll(itsEpochs);
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
    if (trials.files() > MOST_FILES) {
      compact();
    }
    afterCommit.run();
  }

  private void commit() throws IOException {
    List<Object[]> newTrials;
    List<Object[]> newEpochs;
    synchronized (this) {
      newTrials = trialRows;
      newEpochs = epochRows;
      trialRows = new ArrayList<>();
      epochRows = new ArrayList<>();
    }
    if (!newEpochs.isEmpty()) {
      epochs.append(RunRows.epochSchema(), newEpochs);
    }
    if (!newTrials.isEmpty()) {
      trials.append(trialSchema, newTrials);
    }
  }

  private void compact() throws IOException {
    epochs.compact(RunRows.epochSchema());
    trials.compact(trialSchema);
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
    compact();
  }

  /** Writes what is left, as {@link #close} does, but leaves the files as they are: it is quick. */
  public void end() throws IOException {
    thread.end(0);
    check();
    commit();
  }
}
