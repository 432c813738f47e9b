package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** YARN's own resource manager and a node manager, in a process of their own, on loopback. */
final class MiniYarn implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Path folder;
  private final Process process;
  private final Thread hook = new Thread(this::end);

  private MiniYarn(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts it; its configuration, logs and local files go to the folder. */
  static MiniYarn in(Path folder) throws IOException, InterruptedException {
    Path module = Grlu.HOME.resolve("job/mini-hadoop");
    Path jars = module.resolve("target/jars");
    assertThat(jars).isDirectoryContaining("glob:**/hadoop-client-minicluster-*.jar");
    Path out = Files.createDirectories(folder).resolve("out.txt");
    Path java = Path.of(System.getProperty("java.home"));
    ProcessBuilder builder =
        new ProcessBuilder(
                java.resolve("bin/java").toString(),
                "@" + Grlu.HOME.resolve("submit-scripts/java-options"),
                "-Xmx512m",
                "-cp",
                jars + "/*",
                module.resolve("src/main/java/YarnCluster.java").toString(),
                folder.toString())
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile());
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    MiniYarn yarn = new MiniYarn(folder, builder.start());
    try {
      yarn.waitUntilReady(out);
      return yarn;
    } catch (AssertionError | InterruptedException e) {
      yarn.close();
      throw e;
    }
  }

  private void waitUntilReady(Path out) throws InterruptedException {
    Grlu.until(
        () -> Grlu.lines(out).contains("ready") || !process.isAlive(),
        () -> "standard error " + Grlu.lines(folder.resolve("err.txt")));
    assertThat(process.isAlive())
        .as("YARN is up; standard error %s", Grlu.lines(folder.resolve("err.txt")))
        .isTrue();
  }

  /** What {@code HADOOP_CONF_DIR} names. */
  Path configuration() {
    return folder.resolve("conf");
  }

  /** All lines of the containers' logs: {@code stdout} or {@code stderr}. */
  List<String> logs(String name) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("logs"))) {
      for (Path file : files.filter(each -> each.endsWith(name)).sorted().toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  /** The containers' processes: application masters and executors. */
  List<ProcessHandle> containers() {
    return process
        .descendants()
        .filter(each -> each.info().command().orElse("").endsWith("/java"))
        .toList();
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  /**
   * Ends it in order: a node manager that is killed leaves its containers, and starts some while
   * they are counted. By force only what is left then.
   */
  private void end() {
    List<ProcessHandle> all = process.descendants().toList();
    try {
      process.getOutputStream().close();
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      // it has ended already
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
