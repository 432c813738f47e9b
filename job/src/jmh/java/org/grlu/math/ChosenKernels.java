package org.grlu.math;

import java.util.Random;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The kernels under measurement, which are chosen once in a JVM: each has forks of its own. */
@State(Scope.Benchmark)
public class ChosenKernels {
  @Param({"simd", "scalar"})
  public String kernels;

  Kernels chosen;

  @Setup
  public void choose() {
    System.setProperty("grlu.kernels", kernels);
    chosen = Kernels.best();
    if (!chosen.name().startsWith(kernels)) {
      throw new IllegalStateException(Kernels.reason());
    }
  }

  /** Gaussian numbers, the same ones in each fork. */
  static Floats random(int n) {
    Random random = new Random(n);
    Floats out = Floats.of(n);
    for (int i = 0; i < n; i++) {
      out.set(i, (float) random.nextGaussian());
    }
    return out;
  }
}
