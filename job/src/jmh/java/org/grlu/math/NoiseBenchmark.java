package org.grlu.math;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Noise for a layer of 256 units: nanoseconds of a row, or of a block of all perturbations. Run by
 * {@code mvn -q -Pjmh -DskipTests -pl job -am test}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class NoiseBenchmark {
  private static final int UNITS = 256;

  /** A key for each perturbation, and the block. */
  @State(Scope.Thread)
  public static class Block {
    @Param({"16", "128"})
    public int perturbations;

    int[] low;
    int[] high;
    Floats out;

    @Setup
    public void allocate() {
      Random random = new Random(perturbations);
      low = random.ints(perturbations).toArray();
      high = random.ints(perturbations).toArray();
      out = Floats.of(UNITS * perturbations);
    }
  }

  /** One perturbation's row, each time of another stream. */
  @State(Scope.Thread)
  public static class Row {
    long key;
    final Floats out = Floats.of(UNITS);
  }

  @Benchmark
  public Floats gaussian(ChosenKernels k, Row row) {
    k.chosen.gaussian(row.key++, 0.1f, row.out, 0, UNITS);
    return row.out;
  }

  @Benchmark
  public Floats gaussians(ChosenKernels k, Block b) {
    k.chosen.gaussians(b.low, b.high, 0.1f, UNITS, b.perturbations, b.out);
    return b.out;
  }

  @Benchmark
  public Floats gumbels(ChosenKernels k, Block b) {
    k.chosen.gumbels(b.low, b.high, UNITS, b.perturbations, b.out);
    return b.out;
  }

  @Benchmark
  public Floats rademachers(ChosenKernels k, Block b) {
    k.chosen.rademachers(b.low, b.high, 0.1f, UNITS, b.perturbations, b.out);
    return b.out;
  }
}
