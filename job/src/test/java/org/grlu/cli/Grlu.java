package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.grlu.config.Json;

/** Calls of {@code submit-scripts/grlu}, each a process of its own, from a folder of the test's. */
final class Grlu {
  /** The repository. */
  static final Path HOME = Path.of(System.getProperty("grlu.home")).toAbsolutePath().normalize();

  /** A small network on the embedded digits: an epoch takes a fraction of a second. */
  static final String SMALL =
      """
      grlu {
        dataset.name = mnist-sample
        network.layers = [784, 32, 10]
        rule.perturbations = 2
        training.epochs = 3
      }
      """;

  private static final long PATIENCE_SECONDS = 180;

  private final Path folder;
  private final Path script;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();

  /** How a call ended. */
  record Result(int code, List<String> out, List<String> err) {
    /** The last line on standard output, which {@code --json} makes JSON. */
    Map<String, Object> json() {
      return Json.read(out.get(out.size() - 1));
    }

    /** Asserts that it ended in one line for people, and that line's words. */
    Result saysOnly(int expected, String... words) {
      assertThat(err).as("standard error").hasSize(1);
      return says(expected, words);
    }

    /** Asserts the code, and that the one line for it has these words. */
    Result says(int expected, String... words) {
      assertThat(err.stream().filter(line -> line.startsWith("grlu: ")))
          .as("standard error %s", err)
          .singleElement()
          .asString()
          .contains(words);
      assertThat(err).as("no stack trace").noneMatch(line -> line.startsWith("\tat "));
      assertThat(code).as("exit code; standard error %s", err).isEqualTo(expected);
      return this;
    }

    Result succeeds() {
      assertThat(code).as("exit code; standard error %s", err).isZero();
      return this;
    }
  }

  Grlu(Path folder, Path script) {
    this.folder = folder;
    this.script = script;
    environment.put("GRLU_LOG_DIR", folder.resolve("logs").toString());
  }

  /** On two cores, bound to loopback. */
  static Grlu in(Path folder) {
    return new Grlu(folder, HOME.resolve("submit-scripts/grlu")).master("local[2]");
  }

  Grlu master(String master) {
    return option("--master", master).loopback();
  }

  private Grlu loopback() {
    return conf("spark.driver.host=127.0.0.1")
        .conf("spark.driver.bindAddress=127.0.0.1")
        .conf("spark.ui.enabled=false");
  }

  Grlu conf(String setting) {
    return option("--conf", setting);
  }

  Grlu option(String... words) {
    options.addAll(List.of(words));
    return this;
  }

  /** The scalar kernels and the quick compiler: the same bits, and a short start. */
  Grlu quick() {
    return conf("spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1 -Dgrlu.kernels=scalar");
  }

  Grlu with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** A configuration in the folder. */
  Grlu file(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
    return this;
  }

  /** Runs to the end. */
  Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(options);
    command.addAll(List.of(arguments));
    return start(command).end();
  }

  /** Runs a line as a shell does into which it is pasted. */
  Result paste(String line) throws IOException, InterruptedException {
    return start(List.of("bash", "-c", line)).end();
  }

  Running start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(options);
    command.addAll(List.of(arguments));
    return start(command);
  }

  private Running start(List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    // what whoever runs the tests has set is no part of them
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                name.startsWith("GRLU_") || name.startsWith("SPARK_") || name.endsWith("_OPTIONS"));
    builder.environment().putAll(environment);
    return new Running(builder.start(), out, err);
  }

  /** A call that has not ended; closing it kills it. */
  static final class Running implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;
    private final Thread hook = new Thread(this::killAll);

    Running(Process process, Path out, Path err) {
      this.process = process;
      this.out = out;
      this.err = err;
      Runtime.getRuntime().addShutdownHook(hook);
    }

    Result end() throws IOException, InterruptedException {
      try (this) {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
            .as("ended; standard error %s", Files.readAllLines(err))
            .isTrue();
        // spark-submit, unlike the job, does not wait for the filter of its standard error
        waitFor(() -> process.exitValue() != 1 || !lines(err).isEmpty());
        return new Result(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
      }
    }

    void waitForLine(String start) throws InterruptedException {
      waitFor(() -> lines(out).stream().anyMatch(line -> line.startsWith(start)));
    }

    void waitForError(String start) throws InterruptedException {
      waitFor(() -> lines(err).stream().anyMatch(line -> line.startsWith(start)));
    }

    /** Of the JVM, which the script becomes. */
    long pid() {
      return process.pid();
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    /** As Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
      signal("INT");
    }

    /** As whoever manages processes does, before he kills them. */
    void terminate() throws IOException, InterruptedException {
      signal("TERM");
    }

    private void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    /** Whether it ignores interrupts because this JVM's own parent did. */
    boolean ignoresInterrupts() throws IOException {
      Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
      return Files.isReadable(status)
          && Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .anyMatch(line -> (Integer.parseInt(line.substring(line.length() - 1), 16) & 2) != 0);
    }

    /** Waits, as long as there is patience, until a condition holds. */
    void waitFor(BooleanSupplier condition) throws InterruptedException {
      until(condition, () -> "standard error " + lines(err));
    }

    private void killAll() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }

    @Override
    public void close() {
      Runtime.getRuntime().removeShutdownHook(hook);
      killAll();
    }
  }

  /** Waits for what must come true; fails, and says what else there is to say, if it does not. */
  static void until(BooleanSupplier condition, Supplier<String> said) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start)
          .as(said)
          .isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
      Thread.sleep(10);
    }
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names in a folder, in order; none where it is not there. */
  static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
