package org.grlu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why the SIMD kernels do not run is said, each cause in its own words. */
class KernelChoiceTest {

  /** A JVM's, as it says itself. */
  public static final class Say {
    private Say() {}

    public static void main(String[] arguments) {
      System.out.println(Kernels.reason());
    }
  }

  private static String reason(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Say.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out.strip();
  }

  @Test
  void aJvmWithoutTheModuleSaysSoThoughSimdIsAskedFor() throws Exception {
    assertThat(reason("-Dgrlu.kernels=simd"))
        .startsWith("kernels: scalar, though -Dgrlu.kernels=simd asks for SIMD")
        .endsWith("start the JVM with --add-modules=jdk.incubator.vector");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-XX:MaxVectorSize=8     | vectors of 64 bits are too short, they need 128",
        "-XX:TieredStopAtLevel=1 | leave out -Xint and -XX:TieredStopAtLevel",
        "-Xint                   | leave out -Xint and -XX:TieredStopAtLevel"
      })
  void aJvmThatCannotMakeVectorInstructionsSaysSo(String option, String said) throws Exception {
    assertThat(reason("--add-modules=jdk.incubator.vector", option, "-Dgrlu.kernels=auto"))
        .startsWith("kernels: scalar, several times slower than SIMD: ")
        .endsWith(said);
  }

  /** A JVM that has all, but for what a test takes away. */
  private static class Complete implements KernelChoice.Jvm {
    @Override
    public boolean hasModule() {
      return true;
    }

    @Override
    public boolean isModuleStarted() {
      return true;
    }

    @Override
    public boolean compilesVectors() {
      return true;
    }

    @Override
    public int vectorBits() {
      return 256;
    }

    @Override
    public Kernels simd() throws ReflectiveOperationException {
      return new ScalarKernels();
    }
  }

  @Test
  void whatIsThereIsTaken() {
    assertThat(KernelChoice.of("simd", new Complete()).reason())
        .isEqualTo("kernels: scalar (module jdk.incubator.vector is there)");
    assertThat(KernelChoice.of("scalar", new Complete()).reason())
        .startsWith("kernels: scalar, as -Dgrlu.kernels=scalar asks");
  }

  @Test
  void aJvmThatHasNoSuchModuleIsNotToldToStartIt() {
    KernelChoice.Jvm old =
        new Complete() {
          @Override
          public boolean hasModule() {
            return false;
          }
        };
    assertThat(KernelChoice.of("simd", old).reason())
        .contains("asks for SIMD")
        .contains("has no module jdk.incubator.vector: take a JDK, 17 or later");
  }

  @Test
  void kernelsThatCannotBeLoadedSayWhy() {
    KernelChoice.Jvm broken =
        new Complete() {
          @Override
          public Kernels simd() {
            throw new NoSuchMethodError("FloatVector.fma");
          }
        };
    assertThat(KernelChoice.of("auto", broken).reason())
        .endsWith("the SIMD kernels can't be loaded: java.lang.NoSuchMethodError: FloatVector.fma");
  }
}
