package org.grlu.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.TrialSearch;
import org.grlu.reports.TrialStatus;
import org.grlu.spark.TrialPool;
import org.grlu.store.Committer;
import org.grlu.store.RequestFiles;
import org.grlu.store.RunException;
import org.grlu.store.RunRows;
import org.grlu.store.SweepHeldException;
import org.grlu.store.SweepLock;
import org.grlu.store.TrialIndex;
import org.grlu.sweep.DatasetCuts;
import org.grlu.sweep.Limits;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Rungs;
import org.grlu.sweep.Stop;
import org.grlu.sweep.SweepProgress;
import org.grlu.sweep.SweepRequest;
import org.grlu.sweep.SweepState;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cost;

/**
 * One call of a sweep: from what its folder and its neighbours know already to the report. Nothing
 * but trials runs on Spark; whoever is killed here loses what ran and what ended in the last
 * seconds.
 */
public final class SweepRun implements AutoCloseable {
  private static final long SHOW_NANOS = 200_000_000;

  /** More than {@code grlu report} takes to write the page. */
  private static final Duration PAGE_TIME = Duration.ofMinutes(10);

  private final SweepRequest request;
  private final RunFolder folder;
  private final SweepLock lock;
  private final Listener listener;
  private final Map<String, PlannedTrial> plan = new LinkedHashMap<>();
  private final SweepState state;
  private final Rungs rungs;
  private final SweepPages pages;
  private final Features features;

  /** By their ids: why slow systems could not be trained. */
  private final Map<String, String> untrained = new HashMap<>();

  private final Map<String, Integer> written = new HashMap<>();
  private Map<String, List<TrialIndex.Undiagnosed>> undiagnosed = Map.of();
  private final Schema trialSchema;
  private final String startedAt = Instant.now().toString();
  private volatile Stop interrupt;
  private volatile Committer committer;
  private volatile SweepProgress shown;
  private boolean underWay;
  private long shownAt;

  /** Hears how a sweep goes. */
  public interface Listener {
    /** A few times a second. */
    void progress(SweepProgress progress);

    /** Something that happens once. */
    void said(String line);
  }

  private SweepRun(
      SweepRequest request,
      Features features,
      RunFolder folder,
      SweepLock lock,
      Listener listener) {
    this.features = features;
    this.request = request;
    this.folder = folder;
    this.lock = lock;
    this.listener = listener;
    request.plan().trials().forEach(trial -> plan.put(trial.trialId(), trial));
    this.state = new SweepState(request.plan().trials(), rankBy());
    this.rungs = new Rungs(request.file().sweep());
    this.pages = new SweepPages(folder, listener::said);
    this.trialSchema = RunRows.trialSchema(request.file().base());
  }

  /**
   * Takes a sweep, and reads and copies what is known of its trials.
   *
   * @param features where slow systems come from
   * @throws SweepHeldException where another driver runs it
   * @throws IOException where the report directory can't be read or written
   */
  public static SweepRun open(SweepRequest request, Features features, Listener listener)
      throws IOException, InterruptedException {
    String reports = request.file().base().reportDirectory();
    Configuration hadoop = HadoopFiles.configuration();
    String name = TrialSearch.SWEEPS + "/" + request.file().sweep().name();
    try {
      RunFolder folder = RunFolder.in(reports, name, hadoop);
      folder.create();
      SweepLock lock =
          SweepLock.take(
              folder, folder.path(SweepLock.FILE), hadoop, SweepLock.HEARTBEAT, listener::said);
      SweepRun run = new SweepRun(request, features, folder, lock, listener);
      try {
        run.read(RunFolder.in(reports, TrialSearch.SWEEPS, hadoop).folders());
        return run;
      } catch (IOException | RuntimeException e) {
        run.close();
        throw e;
      }
    } catch (SweepHeldException e) {
      throw e;
    } catch (NoPathException e) {
      throw new RunException("report.directory = %s: is no path or URI".formatted(reports));
    } catch (IOException e) {
      throw new IOException("report directory %s: %s".formatted(reports, HadoopFiles.words(e)), e);
    }
  }

  private void read(List<RunFolder> sweeps) throws IOException {
    folder.deleteLeftovers(PAGE_TIME);
    TrialIndex index = new TrialIndex(folder, sweeps, request.plan().trials(), rungs);
    index.read();
    RequestFiles.replaced(request, folder).ifPresent(listener::said);
    RequestFiles.outdated(request, folder).ifPresent(listener::said);
    RequestFiles.write(request, folder);
    index.copyFromOthers(trialSchema, listener::said);
    index.ends().forEach(this::know);
    undiagnosed = index.undiagnosed();
    // their rows count in the report until others replace them
    undiagnosed.forEach((id, all) -> all.forEach(one -> state.rank(plan.get(id), one.end())));
    long again = undiagnosed.keySet().stream().filter(id -> state.end(id) == null).count();
    if (again > 0) {
      listener.said("%d trials are known without diagnostics: they run again".formatted(again));
    }
    if (!isComplete()) {
      underWay = true;
      status("running", null);
    }
  }

  private void know(String id, RecordedEnd end) {
    written.put(id, end.epochs());
    boolean failed = end.is(TrialStatus.FAILED) || end.is(TrialStatus.DIVERGED);
    if (failed && request.failed() == SweepRequest.Failed.RETRY) {
      state.rank(plan.get(id), end);
    } else {
      state.put(plan.get(id), end);
    }
  }

  private String rankBy() {
    return request.file().sweep().rankBy();
  }

  /** How the sweep stands. */
  public SweepProgress progress() {
    long left = rungs.next(request.plan().trials(), state::end).size();
    return state.progress(0, left, Double.NaN);
  }

  /** Whether there is anything to run. */
  public boolean isComplete() {
    return rungs.next(request.plan().trials(), state::end).isEmpty();
  }

  /** Where the results are, for people. */
  public String shownFolder() {
    return folder.shown();
  }

  /**
   * Runs what is missing, and reports.
   *
   * @param spark not used, and may be null, where the sweep is complete
   * @throws IOException where something can't be written, or Spark was stopped from outside, or
   *     another driver has taken over: what was committed is safe; or where all is committed and
   *     the report can't be made of it
   * @throws IllegalStateException the same, by an error of the program's own
   */
  public SweepResult run(JavaSparkContext spark) throws IOException, InterruptedException {
    try {
      Optional<Stop> stop = Optional.empty();
      if (!isComplete()) {
        committer = new Committer(folder, trialSchema, this::afterCommit);
        pages.begin();
        stop = committed(spark);
      }
      return finish(stop);
    } finally {
      pages.end();
    }
  }

  private Optional<Stop> committed(JavaSparkContext spark)
      throws IOException, InterruptedException {
    Optional<Stop> stop;
    try {
      stop = trials(spark);
    } catch (Throwable e) {
      keepWhatEnded();
      throw e;
    }
    if (stop.filter(s -> s.kind() == Stop.Kind.SURROUNDINGS).isPresent()) {
      committer.check();
      throw new IOException(stop.get().reason());
    }
    return stop;
  }

  private Optional<Stop> trials(JavaSparkContext spark) throws IOException, InterruptedException {
    DatasetCuts cuts = new DatasetCuts(request.dataset());
    Optional<Stop> stopped = slowSystems(spark, cuts);
    if (stopped.isPresent()) {
      return stopped;
    }
    try (TrialPool pool = new TrialPool(spark, "sweep " + request.file().sweep().name())) {
      SweepTrials trials =
          new SweepTrials(
              request.file().sweep().name(),
              folder,
              plan,
              cuts,
              request.dataset().sha256(),
              request.file().sweep().budget().trialMinutes(),
              rungs.epochs(),
              written,
              undiagnosed,
              spark.version(),
              committer,
              new Updates());
      Limits limits = new Limits(request.file().sweep().budget(), this::otherStop);
      SweepLoop loop =
          new SweepLoop(pool, trials, limits, request.file().sweep().budget().lostExecutors());
      Optional<Stop> stop = Optional.empty();
      while (stop.isEmpty() && !isComplete()) {
        List<SweepLoop.Item> items = new ArrayList<>();
        for (Map.Entry<PlannedTrial, Integer> next :
            rungs.next(request.plan().trials(), state::end).entrySet()) {
          SweepLoop.Item item = trials.item(next.getKey(), next.getValue());
          String why = untrained.get(trials.codes(item));
          if (why == null) {
            items.add(item);
          } else {
            TrialOutcome failed = TrialOutcome.failed(why, List.of(), Cost.NONE);
            trials.ended(item, new TrialEnd(item.id(), failed, false, 0, 0));
          }
        }
        stop = loop.run(items);
      }
      return stop;
    }
  }

  /** Gets the slow systems of the trials that are left. */
  private Optional<Stop> slowSystems(JavaSparkContext spark, DatasetCuts cuts)
      throws IOException, InterruptedException {
    Map<String, Settings> needed = new LinkedHashMap<>();
    for (PlannedTrial trial : plan.values()) {
      if (state.end(trial.trialId()) == null && trial.setting().features().isPresent()) {
        Settings settings = trial.settings();
        needed.putIfAbsent(settings.featuresIdentity(request.dataset().sha256()).id(), settings);
      }
    }
    String group = "features of sweep " + request.file().sweep().name();
    try (SlowSystems systems = new SlowSystems(features, spark, group, listener::said)) {
      systems.begin(needed, cuts::images);
      return systems.await(cuts::add, untrained::put, this::otherStop);
    }
  }

  private Optional<Stop> otherStop() {
    if (interrupt != null) {
      return Optional.of(interrupt);
    }
    if (committer.failure() != null) {
      return Optional.of(new Stop(Stop.Kind.SURROUNDINGS, committer.failure()));
    }
    return lock.lostTo() == null
        ? Optional.empty()
        : Optional.of(
            new Stop(
                Stop.Kind.SURROUNDINGS,
                "%s was taken over by %s".formatted(folder.shown(), lock.lostTo())));
  }

  /** After a failure elsewhere, which is what is reported. */
  private void keepWhatEnded() {
    try {
      committer.end();
    } catch (IOException | RuntimeException e) {
      log("what ended last is lost", e);
    }
  }

  private static void log(String what, Exception e) {
    System.getLogger(SweepRun.class.getName()).log(System.Logger.Level.WARNING, what, e);
  }

  private final class Updates implements SweepTrials.Listener {
    @Override
    public void ended(PlannedTrial trial, TrialOutcome outcome) {
      rungs.ended(trial, outcome);
      state.put(trial, outcome.recorded());
    }

    @Override
    public void said(String line) {
      listener.said(line);
    }

    @Override
    public void tick(SweepLoop loop) {
      if (System.nanoTime() - shownAt > SHOW_NANOS) {
        shownAt = System.nanoTime();
        shown = state.progress(loop.runningTrials(), loop.openTrials(), loop.secondsLeft());
        listener.progress(shown);
      }
    }
  }

  /** In the committer's thread. */
  private void afterCommit() {
    if (shown != null) {
      try {
        status("running", null);
      } catch (IOException e) {
        // a disk that is full is the next commit's to report
        log("the status is not up to date", e);
      }
    }
  }

  private SweepResult finish(Optional<Stop> stop) throws IOException {
    boolean interrupted = stop.filter(s -> s.kind() == Stop.Kind.INTERRUPT).isPresent();
    if (committer != null) {
      if (interrupted) {
        committer.end();
      } else {
        committer.close();
      }
    }
    shown = progress();
    String word = stop.isEmpty() ? "done" : "stopped";
    String reason = stop.map(Stop::reason).orElse(null);
    try {
      if (!interrupted) {
        pages.last();
      }
    } finally {
      // a sweep is over when its tables are whole, whatever becomes of its page
      if (stop.isEmpty()) {
        folder.delete(SweepTrials.CHECKPOINTS);
      }
      underWay = false;
      status(word, reason);
    }
    SweepResult.End end =
        stop.isEmpty()
            ? SweepResult.End.DONE
            : interrupted ? SweepResult.End.INTERRUPTED : SweepResult.End.BUDGET;
    return new SweepResult(end, reason, shown, summary(word, reason));
  }

  private synchronized void status(String word, String reason) throws IOException {
    Map<String, Object> status = summary(word, reason);
    folder.write(RunFolder.STATUS, (Json.of(status) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Object> summary(String word, String reason) {
    SweepProgress now = shown == null ? progress() : shown;
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("sweep", request.file().sweep().name());
    summary.put("status", word);
    summary.put("reason", reason);
    summary.put("planned", (long) plan.size());
    summary.put("started_at", startedAt);
    summary.put("updated_at", Instant.now().toString());
    summary.put("rank_by", rankBy());
    summary.putAll(now.summary());
    summary.put("report", folder.shown());
    return summary;
  }

  /** Ends the sweep soon, in order; may be called by any thread. */
  public void interrupt() {
    interrupt = new Stop(Stop.Kind.INTERRUPT, "interrupted");
  }

  /** Gives the sweep back. */
  @Override
  public void close() throws IOException {
    if (underWay && lock.lostTo() == null) {
      try {
        status("stopped", "it ended by an error");
      } catch (IOException e) {
        log("the status is not up to date", e);
      }
    }
    lock.close();
  }
}
