package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.grlu.config.Json;

/** Hadoop's own small HDFS, of one name node and one data node, as a process on loopback. */
final class MiniDfs implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final Thread hook;
  private final int port;

  private MiniDfs(Process process, Thread hook, int port) {
    this.process = process;
    this.hook = hook;
    this.port = port;
  }

  /** Starts it; it keeps its blocks in a folder. */
  static MiniDfs in(Path folder) throws IOException, InterruptedException {
    Path jars = Grlu.HOME.resolve("job/mini-hadoop/target/jars");
    assertThat(jars).isDirectoryContaining("glob:**/hadoop-client-minicluster-*.jar");
    Path details = folder.resolve("details.json");
    Path log = folder.resolve("log.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dtest.build.data=" + folder.resolve("data"),
                "-cp",
                jars + "/*",
                "org.apache.hadoop.test.MiniDFSClusterManager",
                "-datanodes",
                "1",
                "-format",
                "-writeDetails",
                details.toString()));
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Thread hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    // it is written when all nodes are up
    while (!Files.exists(details) || !Files.readString(details).endsWith("}")) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IllegalStateException("no HDFS: " + Files.readAllLines(log));
      }
      Thread.sleep(50);
    }
    Number port = (Number) Json.read(Files.readString(details)).get("namenode_port");
    return new MiniDfs(process, hook, port.intValue());
  }

  /** A path's URI. */
  String uri(String path) {
    return "hdfs://127.0.0.1:" + port + path;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
