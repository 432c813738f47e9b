package org.grlu.math;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.InkedPixels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one example of 784-256-10, or of 784-256-256-10, costs in each kernel: nanoseconds of a
 * call. Run by {@code mvn -q -Pjmh -DskipTests -pl job -am test}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class LayerBenchmark {
  private static final int WIDTH = 256;
  private static final int DIGITS = 10;

  /** The first layer, and the inked pixels of MNIST's images, some 150 each, in random order. */
  @State(Scope.Thread)
  public static class FirstLayer {
    final Floats weights = ChosenKernels.random(784 * WIDTH);
    final Floats units = Floats.of(WIDTH);
    final Floats coefficients = ChosenKernels.random(WIDTH);
    private final InkedPixels inked = Datasets.sample().train().inked();
    private final int images = Datasets.sample().train().size();
    private final Random random = new Random(1);
    final int[] index = new int[inked.position().length];
    final float[] value = new float[inked.position().length];
    int from;
    int to;

    @Setup
    public void unpack() {
      for (int i = 0; i < index.length; i++) {
        index[i] = inked.position()[i];
        value[i] = Byte.toUnsignedInt(inked.level()[i]) * 1e-3f;
      }
    }

    void next() {
      int image = random.nextInt(images);
      from = inked.start(image);
      to = inked.start(image + 1);
    }
  }

  /** A deeper layer, its source of {@value #WIDTH} units, and its pairs in lanes. */
  @State(Scope.Thread)
  public static class Layer {
    @Param({"10", "256"})
    public int units;

    @Param({"16", "128"})
    public int lanes;

    int stride;
    Floats weights;
    Floats sums;
    Floats h;
    Floats out;
    Floats z;
    Floats eligibility;
    Floats mean;
    Floats scale;

    @Setup
    public void allocate() {
      stride = Kernels.padded(units);
      weights = ChosenKernels.random(WIDTH * stride);
      sums = ChosenKernels.random(stride);
      h = ChosenKernels.random(WIDTH * lanes);
      out = Floats.of(units * lanes);
      z = Floats.of(units * lanes);
      eligibility = ChosenKernels.random(lanes * stride);
      mean = ChosenKernels.random(lanes);
      scale = ChosenKernels.random(lanes);
    }

    /** What is summed up over calls would grow without end. */
    @Setup(Level.Iteration)
    public void restore() {
      weights = ChosenKernels.random(WIDTH * stride);
      out = Floats.of(units * lanes);
    }
  }

  /** {@value #WIDTH} units of all pairs: their mean and half difference. */
  @State(Scope.Thread)
  public static class Pairs {
    private static final int BLOCKS = 4;

    @Param({"16", "128"})
    public int lanes;

    Floats s;
    Floats h;
    Floats out;
    Floats[] byLane;
    Floats[] scores;
    Floats logits;
    TopK topK;
    int turn;

    @Setup
    public void allocate(ChosenKernels k) {
      s = ChosenKernels.random(WIDTH * lanes);
      h = ChosenKernels.random(WIDTH * lanes);
      out = Floats.of(WIDTH * lanes);
      byLane = new Floats[3];
      Arrays.setAll(byLane, i -> Floats.of(lanes));
      logits = ChosenKernels.random(DIGITS * lanes);
      topK = new TopK(k.chosen, lanes, new Arena());
      scores = new Floats[BLOCKS];
      Floats all = ChosenKernels.random(BLOCKS * WIDTH * lanes);
      for (int i = 0; i < BLOCKS; i++) {
        scores[i] = new Floats(all.array(), i * out.length(), out.length());
      }
    }
  }

  @Benchmark
  public Floats sparseProduct(ChosenKernels k, FirstLayer f) {
    f.next();
    k.chosen.sparseProduct(f.index, f.value, f.from, f.to, f.weights, WIDTH, f.units, 0);
    return f.units;
  }

  @Benchmark
  public Floats sparseUpdate(ChosenKernels k, FirstLayer f) {
    f.next();
    k.chosen.sparseUpdate(f.index, f.value, f.from, f.to, f.coefficients, 0, f.weights, WIDTH);
    return f.weights;
  }

  /** W h, (units x lanes). */
  @Benchmark
  public Floats multiplyAddForward(ChosenKernels k, Layer l) {
    k.chosen.multiplyAdd(
        l.units, l.lanes, WIDTH, l.weights, 0, 1, l.stride, l.h, 0, l.lanes, l.out, 0, l.lanes);
    return l.out;
  }

  /** The update, noise x reward difference x input, summed over pairs: (256 x units). */
  @Benchmark
  public Floats multiplyAddUpdate(ChosenKernels k, Layer l) {
    k.chosen.multiplyAdd(
        WIDTH,
        l.stride,
        l.lanes,
        l.h,
        0,
        l.lanes,
        1,
        l.eligibility,
        0,
        l.stride,
        l.weights,
        0,
        l.stride);
    return l.weights;
  }

  /** An update's part that all pairs share. */
  @Benchmark
  public Floats rankOne(ChosenKernels k, Layer l) {
    k.chosen.rankOne(WIDTH, l.stride, l.h, 0, l.sums, 0, l.eligibility, 0, l.weights, 0);
    return l.weights;
  }

  @Benchmark
  public Floats normalisePairs(ChosenKernels k, Layer l) {
    k.chosen.normalisePairs(
        l.h, false, l.h, 1f, l.mean, l.scale, l.sums, l.sums, 0, l.units, l.lanes, l.z);
    return l.z;
  }

  @Benchmark
  public Floats pairSums(ChosenKernels k, Pairs p) {
    k.chosen.pairSums(p.s, false, p.h, WIDTH, p.lanes, p.byLane[0], p.byLane[1], p.byLane[2]);
    return p.byLane[0];
  }

  @Benchmark
  public Floats combine(ChosenKernels k, Pairs p) {
    k.chosen.combine(p.byLane[0], p.s, p.byLane[1], p.h, p.byLane[2], WIDTH, p.lanes, p.out);
    return p.out;
  }

  @Benchmark
  public Floats labelProbability(ChosenKernels k, Pairs p) {
    k.chosen.labelProbability(p.logits, DIGITS, p.lanes, 3, p.byLane[0]);
    return p.byLane[0];
  }

  /** The half of the units with the largest scores. */
  @Benchmark
  public Floats topK(ChosenKernels k, Pairs p) {
    p.topK.mask(p.scores[p.turn++ % Pairs.BLOCKS], WIDTH, p.lanes, WIDTH / 2, p.out);
    return p.out;
  }
}
