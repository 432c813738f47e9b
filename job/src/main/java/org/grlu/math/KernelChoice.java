package org.grlu.math;

import java.lang.module.ModuleFinder;
import java.util.Locale;

/**
 * Which kernels a JVM runs, and why.
 *
 * @param reason one line, for people
 */
record KernelChoice(Kernels kernels, String reason) {
  /** Made on first use: reading the SIMD class without its module would fail. */
  static final KernelChoice OF_THIS_JVM =
      of(System.getProperty("grlu.kernels", "auto").toLowerCase(Locale.ROOT), new ThisJvm());

  private static final String MODULE = "jdk.incubator.vector";

  /** The shortest vectors that beat the scalar kernels. */
  private static final int SHORTEST_BITS = 128;

  /** What the choice depends on. */
  interface Jvm {
    /** Whether the JVM has the module, started or not. */
    boolean hasModule();

    /** Whether the JVM was started with the module. */
    boolean isModuleStarted();

    /** Whether the compiler runs that makes vector instructions of the module's calls. */
    boolean compilesVectors();

    /** The processor's vectors, as the JVM uses them. */
    int vectorBits() throws ReflectiveOperationException;

    /** The SIMD kernels, loaded by name. */
    Kernels simd() throws ReflectiveOperationException;
  }

  /**
   * Chooses.
   *
   * @param wanted auto, simd or scalar
   */
  static KernelChoice of(String wanted, Jvm jvm) {
    if (wanted.equals("scalar")) {
      return scalar("as -Dgrlu.kernels=scalar asks; several times slower than SIMD");
    }
    String lacking = lacking(jvm);
    if (lacking == null) {
      try {
        int bits = jvm.vectorBits();
        if (bits >= SHORTEST_BITS) {
          Kernels simd = jvm.simd();
          return new KernelChoice(
              simd, "kernels: " + simd.name() + " (module " + MODULE + " is there)");
        }
        lacking = "vectors of %d bits are too short, they need %d".formatted(bits, SHORTEST_BITS);
      } catch (ReflectiveOperationException | LinkageError e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        lacking = "the SIMD kernels can't be loaded: " + cause;
      }
    }
    String asked = wanted.equals("simd") ? "though -Dgrlu.kernels=simd asks for SIMD; " : "";
    return scalar(asked + "several times slower than SIMD: " + lacking);
  }

  /** What SIMD kernels lack, in words; null for nothing. */
  private static String lacking(Jvm jvm) {
    if (!jvm.hasModule()) {
      return "this JVM (Java %d) has no module %s: take a JDK, 17 or later"
          .formatted(Runtime.version().feature(), MODULE);
    }
    if (!jvm.isModuleStarted()) {
      return "start the JVM with --add-modules=" + MODULE;
    }
    return jvm.compilesVectors()
        ? null
        : "this JVM runs without the compiler that makes vector instructions (C2); leave out -Xint"
            + " and -XX:TieredStopAtLevel";
  }

  private static KernelChoice scalar(String why) {
    return new KernelChoice(new ScalarKernels(), "kernels: scalar, " + why);
  }

  private static final class ThisJvm implements Jvm {
    @Override
    public boolean hasModule() {
      return isModuleStarted() || ModuleFinder.ofSystem().find(MODULE).isPresent();
    }

    @Override
    public boolean isModuleStarted() {
      return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    @Override
    public boolean compilesVectors() {
      // "mixed mode, emulated-client" is the quick compiler alone, by which vectors are objects
      String mode = System.getProperty("java.vm.info", "");
      return !mode.contains("interpreted mode") && !mode.contains("emulated-client");
    }

    @Override
    public int vectorBits() throws ReflectiveOperationException {
      // not named here: loading the class needs the module
      return Float.SIZE
          * Class.forName("org.grlu.math.SimdNoise").getDeclaredField("WIDTH").getInt(null);
    }

    @Override
    public Kernels simd() throws ReflectiveOperationException {
      return Class.forName("org.grlu.math.SimdKernels")
          .asSubclass(Kernels.class)
          .getDeclaredConstructor()
          .newInstance();
    }
  }
}
