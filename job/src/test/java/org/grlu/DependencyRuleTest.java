package org.grlu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.grlu.reports.Goal;
import org.grlu.reports.TrialStatus;
import org.junit.jupiter.api.Test;

/** Which package may name which, read from the sources. */
class DependencyRuleTest {
  private static final Path SOURCES = Path.of("src/main/java/org/grlu");

  /** Each may name those before it. */
  private static final List<String> ORDER =
      List.of(
          "math",
          "noise",
          "network",
          "export",
          "features",
          "rule",
          "training",
          "config",
          "sweep",
          "store",
          "spark",
          "run",
          "bench",
          "cli");

  private static final Set<String> SPARK = Set.of("spark", "run", "bench", "cli");

  /** A qualified name, imported or in place; comments are gone by then. */
  private static final Pattern NAME = Pattern.compile("\\b(?:org|com|jdk)\\.[a-z]+\\.[a-zA-Z.]+");

  private record Source(Path file, String packageName, String code) {}

  @Test
  void packagesNameOnlyThoseBeforeThem() {
    assertNone(
        (source, name) -> {
          if (!name.startsWith("org.grlu.")) {
            return false;
          }
          String other = name.substring("org.grlu.".length()).replaceAll("\\..*", "");
          return ORDER.contains(other)
              ? ORDER.indexOf(other) > ORDER.indexOf(source.packageName)
              : !other.equals("datasets") && !(other.equals("reports") && mayReport(source, name));
        });
  }

  /**
   * How a trial ended is one enum, from the trial to the table; so is what settings are ranked by,
   * from the file to the page.
   */
  private static boolean mayReport(Source source, String name) {
    return ORDER.indexOf(source.packageName) >= ORDER.indexOf("sweep")
        || (source.packageName.equals("training") && name.equals(TrialStatus.class.getName()))
        || (source.packageName.equals("config") && name.equals(Goal.class.getName()));
  }

  @Test
  void randomNumbersAndKernelsKnowNoDatasets() {
    assertNone(
        (source, name) ->
            Set.of("math", "noise").contains(source.packageName)
                && name.startsWith("org.grlu.datasets"));
  }

  @Test
  void onlyWhatRunsNamesSpark() {
    assertNone(
        (source, name) ->
            name.startsWith("org.apache.spark") && !SPARK.contains(source.packageName));
  }

  @Test
  void onlyWhatRunsAndTheStoreNameHadoop() {
    assertNone(
        (source, name) ->
            name.startsWith("org.apache.hadoop")
                && !SPARK.contains(source.packageName)
                && !source.packageName.equals("store"));
  }

  @Test
  void onlyConfigNamesTypesafeConfig() {
    assertNone(
        (source, name) ->
            name.startsWith("com.typesafe.config") && !source.packageName.equals("config"));
  }

  @Test
  void onlySimdClassesNameTheVectorApi() {
    assertNone(
        (source, name) ->
            name.startsWith("jdk.incubator.vector.")
                && !(source.packageName.equals("math")
                    && source.file.getFileName().toString().startsWith("Simd")));
  }

  @Test
  void noClassSetsTheMaster() {
    assertThat(sources())
        .noneMatch(s -> s.code.matches("(?s).*\\b(setMaster|master)\\s*\\(\\s*[^)\\s].*"));
  }

  @Test
  void everyPackageIsInTheOrder() {
    assertThat(sources()).hasSizeGreaterThan(60).allMatch(s -> ORDER.contains(s.packageName));
  }

  private static void assertNone(BiPredicate<Source, String> forbidden) {
    List<String> found = new ArrayList<>();
    for (Source source : sources()) {
      Matcher names = NAME.matcher(source.code);
      while (names.find()) {
        if (forbidden.test(source, names.group())) {
          found.add(source.file + " names " + names.group());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static List<Source> sources() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(DependencyRuleTest::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source read(Path file) {
    try {
      String code =
          Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
      return new Source(file, SOURCES.relativize(file).getName(0).toString(), code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
