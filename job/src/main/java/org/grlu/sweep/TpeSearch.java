package org.grlu.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.grlu.config.Choice;
import org.grlu.config.Parameter;
import org.grlu.config.SweepSettings;
import org.grlu.noise.StreamKey;
import org.grlu.reports.Fronts;
import org.grlu.reports.Goal;
import org.grlu.reports.RankKey;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.TrialStatus;

/**
 * Settings that {@link Parzen} proposes: a generation of random draws, the same as those of a
 * random search, then generations that learn from all before them. Settings are ranked by the
 * goals' means over seeds, of which one that failed or diverged counts as the worst there is, and
 * by several goals by their Pareto fronts; within a generation all have the results of the
 * generations before alone.
 *
 * <p>What is drawn for a proposal is a function of the seed of the search, its generation and its
 * place in it. The last generation may be cut short, and is gone on with where more settings are
 * asked for.
 */
final class TpeSearch implements Search {
  /** Of the draws by the density of the best, of which one is proposed. */
  private static final int CANDIDATES = 24;

  /** Where all of those are known or faulty, so many random draws are tried. */
  private static final int MOST_TRIES = 1_000;

  /** No character of a path: a stream that random search does not use. */
  private static final long STREAM = -1;

  private final Planner planner;
  private final SweepSettings sweep;
  private final List<Axis> axes;

  /** In the order of their proposals, of all generations. */
  private final List<Proposal> proposals = new ArrayList<>();

  private SweepPlan plan;
  private int asked;

  /** Why there are no more; null where there may be. */
  private String ended;

  /** How many settings there were when a generation was over. */
  private final List<Integer> generations = new ArrayList<>();

  /** A setting, where it lies on the axes, and its trials. */
  private record Proposal(double[] at, List<PlannedTrial> trials) {}

  private record Candidate(Planner.Setting setting, double[] at, double promise) {}

  /** With the generation of random draws. */
  TpeSearch(Planner planner, SweepSettings sweep) {
    this.planner = planner;
    this.sweep = sweep;
    this.axes = sweep.parameters().stream().map(Axis::of).toList();
    this.asked = Math.min(sweep.tpeStartup(), sweep.settings());
    // as many as settings are asked for, so that faults are said before anything runs
    planner.draws(sweep.settings()).subList(0, asked).forEach(this::add);
    plan = planner.plan(asked);
  }

  private boolean add(Planner.Setting setting) {
    List<PlannedTrial> trials = planner.add(setting);
    return !trials.isEmpty() && proposals.add(new Proposal(at(setting), trials));
  }

  /** Its coordinates; NaN where a parameter has no meaning. */
  private double[] at(Planner.Setting setting) {
    List<Parameter> parameters = sweep.parameters();
    return IntStream.range(0, axes.size())
        .mapToDouble(
            i -> {
              Choice choice = setting.choices().get(parameters.get(i));
              return choice == null ? Double.NaN : axes.get(i).at(choice);
            })
        .toArray();
  }

  @Override
  public SweepPlan plan() {
    return plan;
  }

  @Override
  public int toCome() {
    return ended != null ? 0 : sweep.settings() - asked;
  }

  @Override
  public Optional<String> ended() {
    return Optional.ofNullable(ended);
  }

  @Override
  public Map<PlannedTrial, Integer> ask(Function<String, RecordedEnd> ends) {
    Map<PlannedTrial, Integer> open = plan.open(ends);
    while (open.isEmpty() && toCome() > 0) {
      List<RankKey> results = proposals.stream().map(each -> result(each, ends)).toList();
      generations.add(results.size());
      ended = enough(results.stream().mapToDouble(key -> key.merits().get(0)).toArray());
      if (ended == null) {
        generation(ranked(results));
        open = plan.open(ends);
      }
    }
    return open;
  }

  /** Whether the search ends by {@code sweep.stop}, after these results of all generations. */
  private String enough(double[] values) {
    double best = best(values, 0, values.length);
    double target = sweep.goals().get(0).merit(sweep.stopTarget());
    if (sweep.stopTarget() > 0 && best >= target) {
      return "stop.target = %s is reached".formatted(sweep.stopTarget());
    }
    int before = generations.size() - 1 - sweep.stopPatience();
    if (sweep.stopPatience() > 0 && before >= 0) {
      int from = generations.get(before);
      if (best(values, from, values.length) <= best(values, 0, from)) {
        return "stop.patience = %d generations brought no better setting"
            .formatted(sweep.stopPatience());
      }
    }
    return null;
  }

  private static double best(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).max().orElse(Double.NEGATIVE_INFINITY);
  }

  /** A mean over seeds for each goal. */
  private RankKey result(Proposal proposal, Function<String, RecordedEnd> ends) {
    List<Double> merits = new ArrayList<>();
    for (int i = 0; i < sweep.goals().size(); i++) {
      Goal goal = sweep.goals().get(i);
      double sum = 0;
      for (PlannedTrial trial : proposal.trials) {
        RecordedEnd end = ends.apply(trial.trialId());
        Double reached = end.is(TrialStatus.DONE) ? end.reached().get(i) : null;
        sum += reached == null ? goal.worst() : reached;
      }
      merits.add(goal.merit(sum / proposal.trials.size()));
    }
    // those that reached the same stay in their order
    return new RankKey(false, 0, false, merits, "");
  }

  /** Coordinates of all, the best first. */
  private List<double[]> ranked(List<RankKey> results) {
    return new Fronts(results).order().stream().map(i -> proposals.get(i).at).toList();
  }

  private void generation(List<double[]> ranked) {
    int number = 1 + (asked - sweep.tpeStartup()) / sweep.generation();
    long key = StreamKey.child(StreamKey.of(sweep.searchSeed(), StreamKey.Purpose.SEARCH), STREAM);
    int size = Math.min(sweep.generation(), toCome());
    for (int place = 0; place < size && ended == null; place++) {
      if (propose(ranked, StreamKey.child(StreamKey.child(key, number), place))) {
        asked++;
      } else {
        ended = "no setting is left that is not known";
      }
    }
    plan = planner.plan(asked);
  }

  /** Plans one setting more; false where none is left to be found. */
  private boolean propose(List<double[]> ranked, long key) {
    List<double[]> pending =
        proposals.subList(ranked.size(), proposals.size()).stream().map(Proposal::at).toList();
    Parzen parzen = new Parzen(axes, ranked, pending);
    List<Candidate> candidates = new ArrayList<>();
    Uniforms uniforms = new Uniforms(key);
    for (int i = 0; i < CANDIDATES; i++) {
      Planner.Setting setting = planner.setting(choices(parzen.draw(uniforms)));
      double[] at = at(setting);
      candidates.add(new Candidate(setting, at, parzen.promise(at)));
    }
    candidates.sort(Comparator.comparingDouble(candidate -> -candidate.promise));
    for (Candidate candidate : candidates) {
      if (isNew(candidate.setting)) {
        return true;
      }
    }
    for (int i = 0; i < MOST_TRIES; i++) {
      double[] at = axes.stream().mapToDouble(axis -> axis.draw(uniforms)).toArray();
      if (isNew(planner.setting(choices(at)))) {
        return true;
      }
    }
    return false;
  }

  /** Adds a setting where it is none of those before, and without a fault. */
  private boolean isNew(Planner.Setting setting) {
    return !planner.faulty(setting) && add(setting);
  }

  private Map<Parameter, Choice> choices(double[] at) {
    Map<Parameter, Choice> choices = new LinkedHashMap<>();
    for (int i = 0; i < at.length; i++) {
      choices.put(sweep.parameters().get(i), axes.get(i).choice(at[i]));
    }
    return choices;
  }
}
