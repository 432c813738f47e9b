package org.grlu.training;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Weights;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.StepSettings;

/** Trains one configuration with one seed, epoch by epoch. Use it in one thread. */
public final class Trial {
  private static final int SHOWN = 1000;
  private static final long PROGRESS_NANOS = 200_000_000L;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final TrialSettings settings;
  private final Dataset dataset;
  private final StepEngine engine;
  private final TrialListener listener;
  private final Evaluation evaluation;

  /** Null unless diagnostics are asked for. */
  private final Diagnostics diagnostics;

  /** Null where the stream has no tasks. */
  private final Tasks tasks;

  /** Null where no context is inferred. */
  private final ContextMeans contexts;

  private final Consolidation consolidation;

  private long epochStart;
  private double epochCpu;

  /** The steps of the current epoch that are done. */
  private int stepsDone;

  /**
   * Creates a trial.
   *
   * @param dataset the dataset, cut, as {@link TrialSettings#presented} returns it
   * @param engine the engine that computes the steps, for the same settings and training images
   * @param listener hears of the trial's progress
   */
  public Trial(TrialSettings settings, Dataset dataset, StepEngine engine, TrialListener listener) {
    this.settings = settings;
    this.dataset = dataset;
    this.engine = engine;
    this.listener = listener;
    this.evaluation = new Evaluation(settings);
    this.diagnostics = settings.diagnosed() ? new Diagnostics(settings, dataset.train()) : null;
    ExampleStream stream = settings.training().options().stream();
    this.tasks = settings.tasks();
    this.contexts =
        stream.context() == ExampleStream.Context.INFERRED
            ? new ContextMeans(settings, dataset.train())
            : null;
    evaluation.infer(contexts);
    this.consolidation = Consolidation.of(settings, dataset.train());
    begin();
  }

  /**
   * Trains from a checkpoint to the last epoch.
   *
   * @param from Modified: its weights are trained
   * @return the result, {@link TrialStatus#DONE} or {@link TrialStatus#DIVERGED}
   * @throws MetricException where a metric from a jar fails
   */
  public TrialResult run(Checkpoint from) {
    return run(from, settings.training().epochs());
  }

  /**
   * Trains from a checkpoint to the end of an epoch. The schedules of learning rate and noise scale
   * span all epochs of the settings, whatever {@code until} is.
   *
   * @param from Modified: its weights are trained
   * @param until the number of epochs to reach. A later call can go on from the checkpoint reached
   * @return the result; {@link TrialStatus#STOPPED} where the settings have more epochs
   * @throws MetricException where a metric from a jar fails
   */
  public TrialResult run(Checkpoint from, int until) {
    Weights weights = from.weights();
    List<EpochMetrics> epochs = new ArrayList<>(from.epochs());
    Presentation order = order(from);
    for (int epoch = epochs.size(); epoch < until; epoch++) {
      begin();
      order.begin(epoch);
      int steps = order.steps(epoch);
      long firstStep = order.firstStep(epoch);
      double reward = 0;
      int before = 0;
      long reported = epochStart;
      for (int i = 0; i < steps; i++) {
        StepSettings step = settings.step(epoch, i, steps, firstStep);
        int at = i * batchSize();
        order.draw(at);
        before += prequential() ? rightBefore(weights, order, at) : 0;
        consolidation.before(weights);
        double mean = engine.step(step, order.numbers(), at, weights);
        stepsDone = i + 1;
        if (Double.isNaN(mean)) {
          return diverged(step, order, at, weights, epochs);
        }
        order.learn(at, engine, settings.rule().rewardsPerExample());
        consolidation.after(epoch, step, weights);
        decay(step, weights);
        reward += mean;
        long now = System.nanoTime();
        if (now - reported > PROGRESS_NANOS) {
          reported = now;
          double seconds = (now - epochStart) * 1e-9;
          double share = (i + 1.0) / steps;
          listener.progress(epoch + 1, share, reward / (i + 1), (i + 1.0) * batchSize() / seconds);
        }
      }
      weights.fold();
      settings.rule().settle(settings.shape(), weights);
      StepSettings last = settings.step(epoch, steps - 1, steps, firstStep);
      for (int l = 0; l < settings.shape().depth(); l++) {
        if (!weights.finite(l)) {
          return diverged(last, order, 0, weights, epochs);
        }
      }
      consolidation.end(epoch, order, weights);
      if (!weights.state().finite()) {
        return diverged(last, order, 0, weights, epochs);
      }
      // with replay every other example is new
      double fresh = (double) steps * batchSize() / apart();
      double prequential = prequential() ? before / Math.ceil(fresh) : Double.NaN;
      epochs.add(metrics(epoch, order, reward / steps, prequential, weights, epochs));
      begin();
      listener.epoch(new Checkpoint(weights, List.copyOf(epochs), order.priorities()));
    }
    boolean done = epochs.size() >= settings.training().epochs();
    TrialStatus status = done ? TrialStatus.DONE : TrialStatus.STOPPED;
    Checkpoint reached = new Checkpoint(weights, List.copyOf(epochs), order.priorities());
    return new TrialResult(status, null, reached, Cost.NONE);
  }

  private boolean prequential() {
    return settings.training().options().stream().prequential();
  }

  /** Returns the distance from one new example to the next: 2 with replay, else 1. */
  private int apart() {
    return settings.training().options().stream().replay() > 0 ? 2 : 1;
  }

  /** Returns how many of a step's new examples are right before the step learns them. */
  private int rightBefore(Weights weights, Presentation order, int at) {
    return evaluation.right(
        weights, dataset.train(), order.numbers(), at, batchSize(), apart(), tasks);
  }

  private Presentation order(Checkpoint from) {
    TrainingSettings training = settings.training();
    return training.options().stream().kind() == ExampleStream.Kind.IID
        ? new ExampleOrder(training, dataset.train().size(), from.priorities())
        : new StreamOrder(training, tasks, dataset.train());
  }

  private void decay(StepSettings step, Weights weights) {
    double factor = settings.training().options().decay(step.number(), step.learningRate());
    if (factor != 1) {
      weights.decay((float) factor);
    }
  }

  private void begin() {
    epochStart = System.nanoTime();
    epochCpu = cpuSeconds();
    stepsDone = 0;
  }

  /**
   * Returns the cost since the last finished epoch, for a trial that ended by an exception. Call it
   * in the thread that ran the trial.
   */
  public Cost unfinished() {
    long examples = (long) stepsDone * batchSize();
    return new Cost(
        examples * settings.rule().passesPerExample(),
        cpuSeconds() - epochCpu,
        (System.nanoTime() - epochStart) * 1e-9);
  }

  private int batchSize() {
    return settings.training().batchSize();
  }

  private EpochMetrics metrics(
      int epoch,
      Presentation order,
      double reward,
      double prequential,
      Weights weights,
      List<EpochMetrics> before) {
    int steps = order.steps(epoch);
    StepSettings first = settings.step(epoch, 0, steps, order.firstStep(epoch));
    long examples = (long) steps * batchSize();
    if (contexts != null) {
      contexts.learn(settings.training().options().stream().task(epoch));
    }
    Evaluation.Result train = engine.evaluate(evaluation, weights, dataset.train(), SHOWN);
    Evaluation.Result validation = all(weights, dataset.validation());
    Evaluation.Result test = all(weights, dataset.test());
    Evaluation.Result shown = engine.evaluate(evaluation, weights, dataset.test(), SHOWN);
    Map<String, Double> own = OwnMetric.values(weights, dataset);
    double cpu = cpuSeconds() - epochCpu;
    double wall = (System.nanoTime() - epochStart) * 1e-9;
    ExampleStream stream = settings.training().options().stream();
    return EpochMetrics.of(
        new EpochEnd(
            epoch + 1,
            first,
            reward,
            train,
            validation,
            test,
            shown,
            examples,
            examples * settings.rule().passesPerExample(),
            cpu,
            wall,
            engine.takeTimes(),
            diagnosis(epoch, first, weights, shown.dead()),
            own,
            weights,
            dataset,
            Retention.of(stream, epoch, test, before, EpochMetric.OF_TASKS),
            Retention.of(stream, epoch, validation, before, EpochMetric.OF_TASKS_VALIDATION),
            classCosine(before),
            prequential));
  }

  private Evaluation.Result all(Weights weights, LabelledImages set) {
    return tasks == null
        ? engine.evaluate(evaluation, weights, set, Integer.MAX_VALUE)
        : evaluation.of(weights, set, Integer.MAX_VALUE, tasks);
  }

  /** Returns the overlap of classes, which training does not change: it is computed once. */
  private double classCosine(List<EpochMetrics> before) {
    if (tasks == null) {
      return Double.NaN;
    }
    return before.isEmpty()
        ? ClassOverlap.largestCosine(settings, dataset.train(), dataset.classes())
        : before.get(0).classCosine();
  }

  private Diagnosis diagnosis(
      int epoch, StepSettings first, Weights weights, List<Double> deadUnits) {
    if (diagnostics == null) {
      return Diagnosis.none(settings.shape().depth());
    }
    double before = cpuSeconds();
    return diagnostics.of(epoch, first, weights, deadUnits).took(cpuSeconds() - before);
  }

  private TrialResult diverged(
      StepSettings step, Presentation order, int from, Weights weights, List<EpochMetrics> epochs) {
    int[] numbers = order.numbers();
    int layer =
        engine.divergedLayer(evaluation, weights, dataset.train(), numbers, from, batchSize());
    String failure =
        "step %d, layer %d: NaN or infinite, at learning rate %s and noise scale %s"
            .formatted(step.number(), layer, step.learningRate(), step.noiseScale());
    return new TrialResult(
        TrialStatus.DIVERGED,
        failure,
        new Checkpoint(weights, List.copyOf(epochs), order.priorities()),
        unfinished());
  }

  private double cpuSeconds() {
    return THREADS.getCurrentThreadCpuTime() * 1e-9 + engine.cpuSecondsElsewhere();
  }
}
