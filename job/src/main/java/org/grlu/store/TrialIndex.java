package org.grlu.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.grlu.config.RowSettings;
import org.grlu.config.SweepFile;
import org.grlu.reports.Column;
import org.grlu.reports.Goal;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.TrialSearch;
import org.grlu.reports.TrialStatus;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Search;

/**
 * What the sweeps of a report directory know of one sweep's trials: how they ended in its own table
 * and in others', what the rungs of halving are to know, and what past trials cost. Whoever plans
 * or runs a sweep asks this and no table: each is read once, and a second time only for the rows
 * that are copied from it. ({@link TrialSearch} is for people who have the beginning of an id: it
 * looks through runs as well, and shows whole rows.)
 */
public final class TrialIndex {
  private static final int ROWS = 10_000;

  private static final String VALIDATION = "validation_accuracy";
  private static final String DIAGNOSTICS = RowSettings.column("report.diagnostics");

  private static final List<String> COLUMNS =
      List.of("trial_id", "status", "epochs_done", VALIDATION, "weights_sha256", DIAGNOSTICS);

  private final RunFolder own;
  private final List<RunFolder> others;
  private final Map<String, PlannedTrial> plan = new LinkedHashMap<>();
  private final Search search;
  private final List<Goal> goals;
  private final String[] columns;

  /** By trial: how it ended, as this sweep's table says, with what was copied to it. */
  private final Map<String, RecordedEnd> ends = new HashMap<>();

  /** As the others' tables say, where these were read for a plan. */
  private final Map<String, RecordedEnd> elsewhere = new HashMap<>();

  private final Map<String, List<Undiagnosed>> undiagnosed = new HashMap<>();

  /** By other sweep: the trials that it has, where the plan may grow. */
  private final Map<String, Set<String>> seen = new HashMap<>();

  /**
   * A result of a trial that is to run again, for its diagnostics alone.
   *
   * @param weightsSha256 what its weights are to be again after as many epochs
   */
  public record Undiagnosed(RecordedEnd end, String weightsSha256) {}

  /**
   * Nothing is read yet.
   *
   * @param own the sweep's folder, which need not be there
   * @param sweeps all folders of sweeps; this one's may be among them
   * @param search Modified: is told the accuracies at rungs that this sweep's tables have
   * @param goals that settings are ranked by
   */
  public TrialIndex(RunFolder own, List<RunFolder> sweeps, Search search, List<Goal> goals) {
    this.own = own;
    this.goals = goals;
    this.columns =
        Stream.concat(COLUMNS.stream(), goals.stream().map(Goal::column))
            .distinct()
            .toArray(String[]::new);
    this.others = sweeps.stream().filter(other -> !other.shown().equals(own.shown())).toList();
    this.search = search;
    grow();
  }

  /**
   * Reads for a plan: this sweep's tables and all others', of which nothing is copied.
   *
   * @param costs Modified: learns from all trials that are done
   * @param said gets a line for each other sweep that can't be read
   * @throws RunException where the report directory is no path
   * @throws IOException where it or this sweep's tables can't be read
   */
  public static TrialIndex of(SweepFile file, Search search, PastCosts costs, Consumer<String> said)
      throws IOException {
    String reports = file.base().reportDirectory();
    TrialIndex index;
    try {
      Configuration hadoop = HadoopFiles.configuration();
      String name = TrialSearch.SWEEPS + "/" + file.sweep().name();
      index =
          new TrialIndex(
              RunFolder.in(reports, name, hadoop),
              RunFolder.in(reports, TrialSearch.SWEEPS, hadoop).folders(),
              search,
              file.sweep().goals());
    } catch (NoPathException e) {
      throw new RunException("report.directory = %s: not a path or URI".formatted(reports));
    } catch (IOException e) {
      throw new IOException("report directory %s: %s".formatted(reports, HadoopFiles.words(e)), e);
    }
    index.read(costs, costs::take, said);
    // generations that are known already
    while (search.toCome() > 0 && !search.ask(index::known).isEmpty() && index.grow()) {
      index.undiagnosed.clear();
      index.read(costs, row -> {}, line -> {});
    }
    return index;
  }

  /** How a trial ended, here or else elsewhere. */
  private RecordedEnd known(String trialId) {
    RecordedEnd mine = ends.get(trialId);
    RecordedEnd others = elsewhere.get(trialId);
    return others != null && others.over() && (mine == null || others.replaces(mine))
        ? others
        : mine;
  }

  /**
   * Takes the trials that the search has planned since; they are to be read for.
   *
   * @return whether there are any
   */
  public boolean grow() {
    int before = plan.size();
    search.plan().trials().forEach(trial -> plan.put(trial.trialId(), trial));
    return plan.size() > before;
  }

  private void read(PastCosts costs, Consumer<Map<String, Object>> also, Consumer<String> said)
      throws IOException {
    String[] all =
        Stream.concat(Stream.of(columns), costs.columns().stream())
            .distinct()
            .toArray(String[]::new);
    own.table(RunFolder.TRIALS)
        .each(
            row -> {
              takeOwn(row);
              also.accept(row);
            },
            all);
    for (RunFolder other : others) {
      try {
        other
            .table(RunFolder.TRIALS)
            .each(
                row -> {
                  take(row, plan.keySet(), elsewhere);
                  also.accept(row);
                },
                all);
      } catch (IOException e) {
        said.accept(TrialSearch.leftOut(other, e));
      }
    }
    readRungs();
  }

  /**
   * Reads for a run: this sweep's table of trials. {@link #copyFromOthers} is to follow.
   *
   * @throws IOException where it can't be read
   */
  public void read() throws IOException {
    undiagnosed.clear();
    own.table(RunFolder.TRIALS).each(this::takeOwn, columns);
  }

  private void takeOwn(Map<String, Object> row) {
    take(row, plan.keySet(), ends);
    takeRung(row, "epochs_done");
  }

  private void take(Map<String, Object> row, Set<String> wanted, Map<String, RecordedEnd> into) {
    String id = (String) row.get("trial_id");
    if (!wanted.contains(id)) {
      return;
    }
    RecordedEnd found = RecordedEnd.of(row, goals);
    // one that failed has nothing to diagnose
    boolean asked = plan.get(id).setting().diagnosed() && found.measured();
    if (asked && !"epoch".equals(row.get(DIAGNOSTICS))) {
      undiagnosed
          .computeIfAbsent(id, each -> new ArrayList<>())
          .add(new Undiagnosed(found, (String) row.get("weights_sha256")));
    } else {
      into.merge(id, found, (a, b) -> b.replaces(a) ? b : a);
    }
  }

  private void takeRung(Map<String, Object> row, String epoch) {
    String id = (String) row.get("trial_id");
    if (plan.containsKey(id)) {
      search.tell(id, (int) row.get(epoch), (Double) row.get(VALIDATION));
    }
  }

  /** All epochs; should those have been deleted, the rungs know where trials waited. */
  private void readRungs() throws IOException {
    if (!search.rungs().isEmpty() && !ends.isEmpty()) {
      own.table(RunFolder.EPOCHS)
          .each(row -> takeRung(row, "epoch"), "trial_id", "epoch", VALIDATION);
    }
  }

  /**
   * Copies what other sweeps know and this one does not, so that this one's tables are complete:
   * trials that are over there and not here, and trials that are done there and failed here.
   *
   * @param said gets a line where trials are copied, and for each other sweep that can't be read
   * @throws IOException where this sweep's tables can't be read or written
   */
  public void copyFromOthers(Schema trialSchema, Consumer<String> said) throws IOException {
    int copied = 0;
    for (RunFolder other : others) {
      try {
        copied += copy(other, trialSchema);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (IOException e) {
        if (seen.put(other.shown(), Set.of()) == null) {
          said.accept(TrialSearch.leftOut(other, e));
        }
      }
    }
    if (copied > 0) {
      said.accept("%d trials are known from other sweeps".formatted(copied));
    }
    readRungs();
  }

  private int copy(RunFolder other, Schema trialSchema) throws IOException {
    Set<String> wanted = new HashSet<>(plan.keySet());
    ends.forEach(
        (id, mine) -> {
          if (mine.is(TrialStatus.DONE)) {
            wanted.remove(id);
          }
        });
    Map<String, RecordedEnd> theirs = new HashMap<>();
    Set<String> there = seen.get(other.shown());
    if (!wanted.isEmpty() && (there == null || !Collections.disjoint(wanted, there))) {
      boolean grows = search.toCome() > 0;
      Set<String> ids = new HashSet<>();
      other
          .table(RunFolder.TRIALS)
          .each(
              row -> {
                take(row, wanted, theirs);
                if (grows) {
                  ids.add((String) row.get("trial_id"));
                }
              },
              columns);
      if (grows) {
        seen.put(other.shown(), ids);
      }
    }
    Set<String> take = new HashSet<>();
    theirs.forEach(
        (id, found) -> {
          RecordedEnd mine = ends.get(id);
          boolean overHere = mine != null && mine.over();
          if (found.over() && (!overHere || found.is(TrialStatus.DONE))) {
            take.add(id);
          }
        });
    if (!take.isEmpty()) {
      // a trial's row means that all else of it is there
      for (Map.Entry<String, Schema> beside : RunRows.besideSchemas().entrySet()) {
        copy(other, beside.getKey(), beside.getValue(), take);
      }
      copy(other, RunFolder.TRIALS, trialSchema, take);
      take.forEach(id -> ends.put(id, theirs.get(id)));
    }
    return take.size();
  }

  private void copy(RunFolder from, String table, Schema schema, Set<String> ids)
      throws IOException {
    List<Object[]> rows = new ArrayList<>();
    from.table(table)
        .each(
            row -> {
              if (ids.contains(row.get("trial_id"))) {
                rows.add(fitted(schema, row));
                if (table.equals(RunFolder.TRIALS)) {
                  takeRung(row, "epochs_done");
                }
              }
              if (rows.size() == ROWS) {
                append(table, schema, rows);
              }
            });
    append(table, schema, rows);
  }

  /**
   * Writes rows and forgets them: there may be more than fit into memory. What this throws is of
   * this sweep's tables; an IOException is of the other's.
   */
  private void append(String table, Schema schema, List<Object[]> rows) {
    if (!rows.isEmpty()) {
      try {
        own.table(table).append(schema, rows);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      rows.clear();
    }
  }

  /** A row in this schema: what an older table lacks of the configuration, the plan has. */
  private Object[] fitted(Schema schema, Map<String, Object> row) {
    Map<String, Object> planned = new HashMap<>();
    PlannedTrial trial = plan.get((String) row.get("trial_id"));
    planned.put("setting_id", trial.settingId());
    RunRows.configuration(trial.settings())
        .forEach((path, value) -> planned.put(RowSettings.column(path), value));
    List<Object> values = new ArrayList<>();
    for (Column column : schema.columns()) {
      Object value = row.get(column.name());
      values.add(value == null ? planned.get(column.name()) : value);
    }
    return values.toArray();
  }

  /** By trial: how it ended here, or in the sweep that it was copied from. */
  public Map<String, RecordedEnd> ends() {
    return Collections.unmodifiableMap(ends);
  }

  /** By trial: results that lack the diagnostics that are asked for, here or elsewhere. */
  public Map<String, List<Undiagnosed>> undiagnosed() {
    return Collections.unmodifiableMap(undiagnosed);
  }

  /** The trials that are over, here or elsewhere. */
  public Set<String> over() {
    return withEnd(RecordedEnd::over);
  }

  /** Of those that are over, how many are done nowhere. */
  public long failed() {
    return (long) over().size() - withEnd(end -> end.is(TrialStatus.DONE)).size();
  }

  private Set<String> withEnd(Predicate<RecordedEnd> wanted) {
    return Stream.of(ends, elsewhere)
        .flatMap(map -> map.entrySet().stream())
        .filter(entry -> wanted.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** The epochs that a trial did here; 0 where it has no end. */
  public int epochs(String trialId) {
    RecordedEnd end = ends.get(trialId);
    return end == null ? 0 : end.epochs();
  }

  /** The trials that a run would begin with, by what this sweep's own tables say. */
  public Set<String> next() {
    return search.ask(ends::get).keySet().stream()
        .map(PlannedTrial::trialId)
        .collect(Collectors.toSet());
  }
}
