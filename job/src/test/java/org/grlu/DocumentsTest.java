package org.grlu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the documents of the repository name is there. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PUBLISHED = ROOT.resolve("reports/published");
  private static final int MOST_README_BYTES = 8192;
  private static final long MOST_PUBLISHED_BYTES = 12_000_000;

  /** What a build and runs leave, or no file of this repository. */
  private static final Set<String> OTHERS = Set.of("target", ".git", "runs", "logs");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w./-])(?:conf|datasets|job|reports|submit-scripts)/[\\w./-]*\\w");
  private static final Pattern TEST_CLASS = Pattern.compile("\\b[A-Z][A-Za-z]+(?:Test|IT)\\b");

  /** Relative to the root. */
  private static final Set<Path> FILES = new TreeSet<>();

  @BeforeAll
  static void list() throws IOException {
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return OTHERS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            FILES.add(ROOT.relativize(file));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static List<Path> documents() {
    List<Path> documents = FILES.stream().filter(f -> f.toString().endsWith(".md")).toList();
    assertThat(documents).hasSizeGreaterThan(8);
    return documents;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  /** All that the pattern finds, its first group if it has one. */
  private static List<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(found.groupCount() == 0 ? 0 : 1))
        .toList();
  }

  private static String unfenced(Path document) throws IOException {
    return FENCED.matcher(read(document)).replaceAll("");
  }

  /** As web pages of repositories name them. */
  private static Set<String> anchors(Path document) throws IOException {
    return all(HEADING, unfenced(document)).stream()
        .map(h -> h.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path document : documents()) {
      for (String link : all(LINK, unfenced(document))) {
        if (link.matches("https?:.*")) {
          continue;
        }
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
        if (!Files.exists(ROOT.resolve(target))
            || (parts.length == 2 && !anchors(target).contains(parts[1]))) {
          dead.add(document + " links to " + link);
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void filesThatAreNamedAreThere() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      String text = LINK.matcher(read(document)).replaceAll("]");
      for (String file : all(FILE, text)) {
        if (!file.contains("/target/")
            && !file.endsWith("/NAME")
            && !Files.exists(ROOT.resolve(file))) {
          missing.add(document + " names " + file);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void testsThatAreNamedAreThere() throws IOException {
    Set<String> classes =
        FILES.stream()
            .filter(f -> f.toString().contains("src/test/java/"))
            .map(f -> f.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    for (Path document : documents()) {
      assertThat(classes).as(document.toString()).containsAll(all(TEST_CLASS, read(document)));
    }
  }

  @Test
  void everyPackageIsDescribed() throws IOException {
    String table = read(Path.of("job/README.md"));
    Path sources = Path.of("job/src/main/java/org/grlu");
    assertThat(all(Pattern.compile("(?m)^\\| `(\\w+)` \\| .* \\| (?:no|yes) \\|$"), table))
        .doesNotHaveDuplicates()
        .containsAll(
            FILES.stream()
                .filter(f -> f.startsWith(sources))
                .map(f -> sources.relativize(f).getName(0).toString())
                .toList());
  }

  /** What a test compiles is what is shown. */
  @Test
  void javaThatIsShownIsSomewhereInTheTests() throws IOException {
    List<String> blocks = new ArrayList<>();
    String text = Files.readString(ROOT.resolve("job/README.md"));
    Matcher java = Pattern.compile("(?s)```java\\n(.*?)```").matcher(text);
    while (java.find()) {
      blocks.add(java.group(1));
    }
    String sources =
        Files.readString(ROOT.resolve("job/src/test/resources/org/grlu/cli/DampedRule.java"))
            + Files.readString(ROOT.resolve("job/src/test/java/org/grlu/store/OwnMetricTest.java"));
    assertThat(blocks).hasSize(2).allSatisfy(block -> assertThat(sources).contains(block));
  }

  @Test
  void readmeIsOnePage() throws IOException {
    assertThat(Files.size(ROOT.resolve("README.md"))).isLessThanOrEqualTo(MOST_README_BYTES);
  }

  @Test
  void readmeShowsTheFirstSweepAsItIs() throws IOException {
    String sweep = read(Path.of("conf/sweeps/first.conf"));
    assertThat(read(Path.of("README.md")))
        .contains("```\n" + sweep.substring(sweep.indexOf("grlu {")) + "```\n");
  }

  @Test
  void publishedRunsAreThoseOfTheirTable() throws IOException {
    String table = Files.readString(PUBLISHED.resolve("runs.csv"));
    Pattern row = Pattern.compile("(?m)^\\|.* \\| ([\\d.]+) % \\| `([^`;]+)` \\| `(.+)` \\|$");
    Matcher rows = row.matcher(Files.readString(PUBLISHED.resolve("README.md")));
    int found = 0;
    for (; rows.find(); found++) {
      String name = rows.group(2).contains(",") ? "\"" + rows.group(2) + "\"" : rows.group(2);
      assertThat(table.lines().filter(line -> line.startsWith(name + ",")))
          .as(name)
          .singleElement()
          .asString()
          .contains("," + rows.group(1) + ",")
          .contains("," + rows.group(3) + " --json");
    }
    assertThat(found).isEqualTo(12);
  }

  @Test
  void publishedResultsStaySmall() throws IOException {
    long bytes = 0;
    for (Path file : FILES) {
      if (ROOT.resolve(file).startsWith(PUBLISHED)) {
        bytes += Files.size(ROOT.resolve(file));
      }
    }
    assertThat(bytes).isBetween(1_000_000L, MOST_PUBLISHED_BYTES);
  }
}
