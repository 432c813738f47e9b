package org.grlu.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.grlu.datasets.Dataset;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Weights;
import org.grlu.noise.Permutation;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.training.Checkpoint;
import org.grlu.training.Evaluation;
import org.grlu.training.LocalEngine;
import org.grlu.training.TrialSettings;

/**
 * What an example costs on one thread, by the code that trains. Each figure is taken in windows of
 * time after a warm-up: without one, the SIMD kernels are measured before they are compiled.
 */
public final class ExampleBenchmark {
  private static final int WINDOWS = 15;
  private static final double WINDOW_SECONDS = 0.1;
  private static final int STEADY_WINDOWS = 6;
  private static final int MOST_WINDOWS = 60;
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Dataset dataset;
  private final double seconds;
  private final double warmUp;

  /**
   * What the windows gave.
   *
   * @param median of the windows, in the case's unit
   * @param low a tenth of the windows were below
   * @param high a tenth of the windows were above
   * @param bytes allocated by the thread, per example
   */
  public record Figure(double median, double low, double high, double bytes) {}

  /** A measured piece of work. */
  private interface Work {
    /** Works for a moment; how many units that were. */
    long some();
  }

  /**
   * For cases over one dataset.
   *
   * @param seconds of measuring each case
   * @param warmUp seconds of running it before that
   */
  public ExampleBenchmark(Dataset dataset, double seconds, double warmUp) {
    this.dataset = dataset;
    this.seconds = seconds;
    this.warmUp = warmUp;
  }

  /** Microseconds of training on one example. */
  public Figure train(TrialSettings settings) {
    return measure(trial(settings), 1e6);
  }

  /**
   * Microseconds of CPU of training on one example, once windows get no shorter: for estimates,
   * where other work may run on the same cores. The constructor's times are not used.
   */
  public double steadyMicros(TrialSettings settings) {
    return steady(trial(settings));
  }

  /** The same of evaluating one image. */
  public double steadyEvaluationMicros(TrialSettings settings) {
    return steady(evaluation(settings));
  }

  private static double steady(Work work) {
    double best = Double.POSITIVE_INFINITY;
    int steady = 0;
    for (int i = 0; i < MOST_WINDOWS && steady < STEADY_WINDOWS; i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      long examples = run(work, WINDOW_SECONDS);
      double micros = (THREADS.getCurrentThreadCpuTime() - start) * 1e-3 / examples;
      steady = micros < 0.95 * best ? 0 : steady + 1;
      best = Math.min(best, micros);
    }
    return best;
  }

  /** Milliseconds of evaluating 10,000 images, by weights of a trial that has just begun. */
  public Figure evaluate(TrialSettings settings) {
    return measure(evaluation(settings), 1e3 * 10_000);
  }

  private Work evaluation(TrialSettings settings) {
    Weights weights = Checkpoint.initial(settings, dataset.train()).weights();
    Evaluation evaluation = new Evaluation(settings);
    int count = Math.min(10_000, dataset.test().size());
    return () -> evaluation.of(weights, dataset.test(), count).images();
  }

  /** Nanoseconds of a Gaussian number: noise alone, a block of perturbations of a hidden layer. */
  public Figure noise(TrialSettings settings) {
    KeyedPerturbations noise = settings.perturbations();
    int rows = 64;
    int units = settings.shape().units(0);
    Arena memory = new Arena();
    Floats out = memory.of(units * rows);
    long[] step = {0};
    return measure(
        () -> {
          memory.settle();
          noise.step(step[0]++, 0.1, 0.1);
          noise.noise(0, 0, rows, 0, rows, out);
          return (long) units * rows;
        },
        1e9);
  }

  /** Billions of floating-point operations a second of {@code (m x k) (k x n)}, as float32. */
  public Figure product(int m, int n, int k) {
    Arena memory = new Arena();
    Floats a = memory.of(m * k);
    Floats b = memory.of(k * n);
    Floats c = memory.of(m * n);
    a.fill(0, m * k, 1e-3f);
    b.fill(0, k * n, 1e-3f);
    Kernels kernels = Kernels.best();
    Figure nanos =
        measure(
            () -> {
              memory.settle();
              kernels.multiplyAdd(m, n, k, a, 0, k, 1, b, 0, n, c, 0, n);
              return 2L * m * n * k;
            },
            1e9);
    return new Figure(1 / nanos.median(), 1 / nanos.high(), 1 / nanos.low(), nanos.bytes());
  }

  /** The rate of two trials on a thread each, as a share of twice that of one trial. */
  public Figure two(TrialSettings settings) {
    double alone = train(settings).median();
    CompletableFuture<Figure> other = CompletableFuture.supplyAsync(() -> train(settings));
    Figure one = train(settings);
    double together = (one.median() + other.join().median()) / 2;
    double share = alone / together;
    return new Figure(share, share, share, one.bytes());
  }

  /**
   * What a trial holds.
   *
   * @param bytes of the heap beyond the dataset, once garbage is collected
   * @param onLines whether weights and buffers start on cache lines in the step after that
   */
  public record Held(long bytes, Arena.OnLines onLines) {}

  /** What a trial holds between two steps. */
  public Held held(TrialSettings settings) {
    long before = usedHeap();
    Weights weights = Checkpoint.initial(settings, dataset.train()).weights();
    Work trial = trial(settings, weights);
    Evaluation evaluation = new Evaluation(settings);
    trial.some();
    long bytes = usedHeap() - before;
    // both still reachable here
    trial.some();
    evaluation.of(weights, dataset.test(), 1);
    return new Held(bytes, weights.memory().onLines());
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private Work trial(TrialSettings settings) {
    return trial(settings, Checkpoint.initial(settings, dataset.train()).weights());
  }

  private Work trial(TrialSettings settings, Weights weights) {
    LocalEngine engine = new LocalEngine(settings, dataset.train(), weights.memory());
    int[] order = Permutation.of(1, dataset.train().size());
    int batch = settings.training().batchSize();
    int perEpoch = settings.stepsPerEpoch(dataset.train().size());
    int[] step = {0};
    return () -> {
      int inEpoch = step[0]++ % perEpoch;
      engine.step(settings.step(0, inEpoch, perEpoch), order, inEpoch * batch, weights);
      return batch;
    };
  }

  private Figure measure(Work work, double unitsPerSecond) {
    run(work, warmUp);
    double[] windows = new double[WINDOWS];
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long units = 0;
    for (int i = 0; i < WINDOWS; i++) {
      long start = System.nanoTime();
      long some = run(work, seconds / WINDOWS);
      windows[i] = (System.nanoTime() - start) * 1e-9 * unitsPerSecond / some;
      units += some;
    }
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    Arrays.sort(windows);
    return new Figure(
        windows[WINDOWS / 2],
        windows[WINDOWS / 10],
        windows[WINDOWS - 1 - WINDOWS / 10],
        (double) bytes / units);
  }

  private static long run(Work work, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long units = 0;
    while (System.nanoTime() < end) {
      units += work.some();
    }
    return units;
  }
}
