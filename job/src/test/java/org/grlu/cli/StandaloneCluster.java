package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real standalone cluster on loopback: a master, workers and what executors they start, each a
 * process, from the Spark that the build laid down. Closing it leaves none of them.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Set<String> SET_BY_THE_BUILD =
      Set.of("SPARK_HOME", "SPARK_SCALA_VERSION", "SPARK_LOCAL_IP");

  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern WORKER = Pattern.compile("Starting Spark worker ([^ ]+:\\d+) ");
  private static final String REGISTERED = "Successfully registered with master";
  private static final long PATIENCE_SECONDS = 120;

  private final Path folder;
  private final Map<String, String> environment;
  private final List<Process> processes = new CopyOnWriteArrayList<>();
  private final Thread hook = new Thread(this::killAll);
  private final List<Worker> workers = new ArrayList<>();
  private final String url;
  private int started;

  /** One worker; its executors are its children. */
  static final class Worker {
    private final Process process;
    private final Path log;
    private final Path directory;

    private Worker(Process process, Path log, Path directory) {
      this.process = process;
      this.log = log;
      this.directory = directory;
    }

    /** Its address as one gives a master's. */
    String url() {
      return "spark://" + find(log, WORKER);
    }

    /** The processes of its executors. */
    List<ProcessHandle> executors() {
      return process.children().toList();
    }

    /** Its only executor, which is waited for. */
    ProcessHandle executor() throws InterruptedException {
      await("an executor of a worker", () -> executors().size() == 1);
      return executors().get(0);
    }

    /** The number of the executor that it started last; null where it has started none. */
    String executorId(String application) {
      try {
        return Grlu.names(directory.resolve(application)).stream()
            .max(Comparator.comparingInt(Integer::parseInt))
            .orElse(null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * A master, and workers of one core.
   *
   * @param hosts of the workers, see {@link #add}
   */
  StandaloneCluster(Path folder, String... hosts) throws IOException, InterruptedException {
    this(folder, Map.of(), hosts);
  }

  /** The same, where its processes have more variables in their environment. */
  StandaloneCluster(Path folder, Map<String, String> environment, String... hosts)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.environment = environment;
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Path log = folder.resolve("master.log");
      Process master =
          start(log, "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0");
      await("the master, see " + log, () -> !master.isAlive() || find(log, MASTER) != null);
      url = find(log, MASTER);
      assertThat(url).as("the master's URL in %s", log).isNotNull();
      for (String host : hosts) {
        launch(host, 1);
      }
      for (Worker worker : workers) {
        awaitRegistered(worker);
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** {@code spark://127.0.0.1:PORT}. */
  String master() {
    return url;
  }

  /** Those that run, the oldest first. */
  List<Worker> workers() {
    return workers;
  }

  /** Calls of grlu on this cluster, with small executors. */
  Grlu grlu(Path from) {
    return new Grlu(from, Grlu.HOME.resolve("submit-scripts/grlu"))
        .master(url)
        .conf("spark.executor.memory=512m")
        .conf("spark.eventLog.rolling.enabled=false")
        .conf("spark.eventLog.compress=false");
  }

  /** The scalar kernels and the quick compiler, in the driver and in executors: the same bits. */
  Grlu quick(Path from) {
    return grlu(from)
        .quick()
        .conf(
            "spark.executor.extraJavaOptions="
                + "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dgrlu.kernels=scalar");
  }

  /**
   * Another worker, which has registered.
   *
   * @param host a name of the loopback interface: Spark runs no two attempts of a task on one host
   */
  Worker add(String host, int cores) throws IOException, InterruptedException {
    Worker worker = launch(host, cores);
    awaitRegistered(worker);
    return worker;
  }

  private Worker launch(String host, int cores) throws IOException {
    String name = "worker-" + ++started;
    Path log = folder.resolve(name + ".log");
    Path directory = folder.resolve(name);
    Process process =
        start(
            log,
            "worker.Worker",
            "--host",
            host,
            "--cores",
            String.valueOf(cores),
            "--memory",
            "2g",
            "--webui-port",
            "0",
            "--work-dir",
            directory.toString(),
            url);
    Worker worker = new Worker(process, log, directory);
    workers.add(worker);
    return worker;
  }

  /** Stops a worker in order, as {@code stop-worker.sh} does: its executors end with it. */
  void stop(Worker worker) throws InterruptedException {
    worker.process.destroy();
    await("the end of a worker", () -> !worker.process.isAlive());
    workers.remove(worker);
  }

  private static void awaitRegistered(Worker worker) throws InterruptedException {
    Pattern pattern = Pattern.compile("(" + REGISTERED + ")");
    await(
        "a worker, see " + worker.log,
        () -> !worker.process.isAlive() || find(worker.log, pattern) != null);
    assertThat(worker.process.isAlive()).as("a worker, see %s", worker.log).isTrue();
  }

  private Process start(Path log, String main, String... arguments) throws IOException {
    String java = ProcessHandle.current().info().command().orElse("java");
    List<String> command =
        new ArrayList<>(
            List.of(
                java,
                "@" + Grlu.HOME.resolve("submit-scripts/java-options"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dspark.master.rest.enabled=false",
                "-cp",
                System.getenv("SPARK_HOME") + "/jars/*",
                "org.apache.spark.deploy." + main));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // SPARK_HOME, SPARK_SCALA_VERSION and SPARK_LOCAL_IP are the build's, others whoever runs it
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SPARK_") && !SET_BY_THE_BUILD.contains(name));
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** What the pattern's group is in a log's first line that has it; null in none. */
  private static String find(Path log, Pattern pattern) {
    return Grlu.lines(log).stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst()
        .orElse(null);
  }

  /** Kills the master, then all executors: without it, the workers start no others. */
  void killMasterThenExecutors() throws IOException, InterruptedException {
    List<ProcessHandle> executors = workers.stream().flatMap(w -> w.executors().stream()).toList();
    processes.get(0).destroyForcibly().waitFor();
    for (ProcessHandle executor : executors) {
      signal("KILL", executor);
    }
  }

  /** Sends a signal: KILL, STOP or CONT. */
  static void signal(String signal, ProcessHandle process)
      throws IOException, InterruptedException {
    String pid = String.valueOf(process.pid());
    int code = new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
    assertThat(code).as("kill -%s %s", signal, pid).isZero();
  }

  /** Waits for a condition, generously. */
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for %s", what).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private void killAll() {
    for (Process process : processes) {
      // the executors first: a worker that sees its end starts another
      List<ProcessHandle> executors = process.descendants().toList();
      process.destroyForcibly();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Override
  public void close() {
    killAll();
    for (Process process : processes) {
      process.onExit().join();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
