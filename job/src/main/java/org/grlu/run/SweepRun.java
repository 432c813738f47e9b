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
import org.grlu.reports.Goal;
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
import org.grlu.sweep.Search;
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
  private final Search search;
  private final SweepPages pages;
  private final KeptModels models;
  private final Features features;

  /** By their ids: why slow systems could not be trained. */
  private final Map<String, String> untrained = new HashMap<>();

  private final Map<String, Integer> written = new HashMap<>();
  private final Map<String, List<TrialIndex.Undiagnosed>> undiagnosed = new HashMap<>();

  /** By trial: what the tables said of it when they were read last. */
  private final Map<String, RecordedEnd> told = new HashMap<>();

  private final Schema trialSchema;
  private final String startedAt = Instant.now().toString();
  private volatile Stop interrupt;
  private volatile Committer committer;
  private volatile SweepProgress shown;
  private volatile long planned;
  private TrialIndex index;
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
    this.state = new SweepState(List.of(), goals());
    this.search = request.search();
    this.pages = new SweepPages(folder, listener::said);
    this.models = new KeptModels(folder, request.file().sweep().keepModels(), plan, state);
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
      throw new RunException("report.directory = %s: not a path or URI".formatted(reports));
    } catch (IOException e) {
      throw new IOException("report directory %s: %s".formatted(reports, HadoopFiles.words(e)), e);
    }
  }

  private void read(List<RunFolder> sweeps) throws IOException {
    folder.deleteLeftovers(PAGE_TIME);
    index = new TrialIndex(folder, sweeps, search, goals());
    index.read();
    // its own generations first: none of their trials is one that is no longer asked for
    while (proposes()) {
      index.read();
    }
    RequestFiles.replaced(request, folder).ifPresent(listener::said);
    RequestFiles.outdated(request, folder).ifPresent(listener::said);
    RequestFiles.write(request, folder);
    index.copyFromOthers(trialSchema, listener::said);
    grow();
    know();
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

  /** Whether the search has more trials, now that it is told what is known. */
  private boolean proposes() {
    if (search.toCome() == 0) {
      return false;
    }
    know();
    search.ask(state::end);
    return index.grow();
  }

  /** Reads for what the search proposes, until something of it is to run. */
  private boolean grow() throws IOException {
    long before = planned;
    boolean grown = false;
    while (proposes()) {
      grown = true;
      index.read();
      index.copyFromOthers(trialSchema, listener::said);
    }
    know();
    if (grown || planned != before) {
      RequestFiles.write(request, folder);
    }
    return grown;
  }

  /** Takes what the index has read. */
  private void know() {
    for (PlannedTrial trial : request.plan().trials()) {
      if (plan.putIfAbsent(trial.trialId(), trial) == null) {
        state.add(trial);
      }
    }
    planned = request.planned();
    index
        .ends()
        .forEach(
            (id, end) -> {
              if (!end.equals(told.put(id, end))) {
                know(id, end);
              }
            });
    undiagnosed.clear();
    undiagnosed.putAll(index.undiagnosed());
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

  private List<Goal> goals() {
    return request.file().sweep().goals();
  }

  /** How the sweep stands. */
  public SweepProgress progress() {
    return state.progress(0, search.ask(state::end).size() + toCome(), Double.NaN);
  }

  /** Trials that are not planned yet. */
  private long toCome() {
    return (long) search.toCome() * request.file().sweep().seeds().size();
  }

  /** Whether there is nothing left to run. */
  public boolean isComplete() {
    return search.ask(state::end).isEmpty();
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
              search.rungs(),
              written,
              undiagnosed,
              spark.version(),
              models,
              committer,
              new Updates());
      Limits limits = new Limits(request.file().sweep().budget(), this::otherStop);
      SweepLoop loop =
          new SweepLoop(pool, trials, limits, request.file().sweep().budget().lostExecutors());
      Optional<Stop> stop = Optional.empty();
      while (stop.isEmpty() && !isComplete()) {
        List<SweepLoop.Item> items = new ArrayList<>();
        for (Map.Entry<PlannedTrial, Integer> next : search.ask(state::end).entrySet()) {
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
        if (stop.isEmpty() && grow()) {
          stop = slowSystems(spark, cuts);
        }
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
      outcome
          .epochs()
          .forEach(e -> search.tell(trial.trialId(), e.epoch(), e.validationAccuracy()));
      state.put(trial, outcome.recorded(goals()));
    }

    @Override
    public void said(String line) {
      listener.said(line);
    }

    @Override
    public void tick(SweepLoop loop) {
      if (System.nanoTime() - shownAt > SHOW_NANOS) {
        shownAt = System.nanoTime();
        int open = loop.openTrials();
        // what is to come is taken to cost what is open
        double all = open == 0 ? 1 : (open + toCome()) / (double) open;
        shown = state.progress(loop.runningTrials(), open + toCome(), all * loop.secondsLeft());
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
    search.ended().ifPresent(listener::said);
    if (stop.isEmpty()) {
      models.finish().ifPresent(listener::said);
    }
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
    summary.put("planned", planned);
    summary.put("started_at", startedAt);
    summary.put("updated_at", Instant.now().toString());
    summary.put("rank_by", request.file().sweep().rankedBy());
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
