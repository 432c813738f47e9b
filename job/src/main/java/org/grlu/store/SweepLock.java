package org.grlu.store;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.ipc.RemoteException;
import org.grlu.config.Json;
import org.grlu.reports.RunFolder;

/**
 * Which driver runs a sweep: a file with its owner and a heartbeat. It saves work and is not what
 * keeps a sweep right; that is that trials have ids and rows may be written twice. A file system
 * whose create is not atomic may let two drivers in: the one that lost finds out by its next
 * heartbeat.
 *
 * <p>An owner that is known to have ended, by its {@link ProcessMark}, is gone at once; any other
 * is alive while its heart beats.
 */
public final class SweepLock implements AutoCloseable {
  public static final String FILE = RunFolder.LOCK;

  public static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** A heart that was not heard for so many beats may have stopped. */
  private static final int SILENT_BEATS = 6;

  private final RunFolder folder;
  private final Map<String, Object> owner;
  private final Duration heartbeat;
  private final Thread heart;
  private volatile boolean open = true;
  private volatile String lostTo;

  private SweepLock(RunFolder folder, Map<String, Object> owner, Duration heartbeat) {
    this.folder = folder;
    this.owner = owner;
    this.heartbeat = heartbeat;
    heart = new Thread(this::beat, "sweep-lock");
    heart.setDaemon(true);
    heart.start();
  }

  /**
   * Takes a sweep.
   *
   * @param folder the sweep's, which is there
   * @param file the lock's in it
   * @param heartbeat how often the owner writes it, the same for all drivers
   * @param said gets a line where a stale lock is taken over
   * @throws SweepHeldException where another driver has it
   */
  public static SweepLock take(
      RunFolder folder, Path file, Configuration hadoop, Duration heartbeat, Consumer<String> said)
      throws IOException, InterruptedException {
    FileSystem files = file.getFileSystem(hadoop);
    Path path = files.makeQualified(file);
    Map<String, Object> owner = owner();
    for (int attempt = 0; attempt < 5; attempt++) {
      if (create(files, path, content(owner))) {
        return new SweepLock(folder, owner, heartbeat);
      }
      Optional<Map<String, Object>> found = read(folder);
      if (found.isEmpty()) {
        // given back this very moment, or not written to its end: yet, or for good
        Thread.sleep(500);
        if (attempt == 2) {
          files.delete(path, false);
        }
        continue;
      }
      Map<String, Object> other = found.get();
      if (!stale(folder, other, heartbeat)) {
        throw new SweepHeldException(
            "%s is being run by %s; its heartbeat: %s; if it is gone, try again %d seconds after that"
                .formatted(
                    folder.shown(),
                    words(other),
                    other.get("heartbeat"),
                    heartbeat.multipliedBy(SILENT_BEATS).toSeconds() + 1));
      }
      said.accept("taken over from %s, which is gone".formatted(words(other)));
      files.delete(path, false);
    }
    throw new SweepHeldException(folder.shown() + ": the lock changes hands all the time");
  }

  private static Map<String, Object> owner() {
    Map<String, Object> owner = new LinkedHashMap<>();
    owner.put("host", host());
    owner.put("pid", ProcessHandle.current().pid());
    ProcessMark.own().ifPresent(mark -> mark.putInto(owner));
    owner.put("user", System.getProperty("user.name"));
    owner.put("started_at", Instant.now().toString());
    owner.put("token", UUID.randomUUID().toString());
    return owner;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "unknown";
    }
  }

  private static byte[] content(Map<String, Object> owner) {
    Map<String, Object> all = new LinkedHashMap<>(owner);
    all.put("heartbeat", Instant.now().toString());
    return (Json.of(all) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String words(Map<String, Object> owner) {
    return "process %s of %s on %s (started %s)"
        .formatted(owner.get("pid"), owner.get("user"), owner.get("host"), owner.get("started_at"));
  }

  /** Whether the file was not there. Hadoop's own local file system looks first, then creates. */
  private static boolean create(FileSystem files, Path path, byte[] content) throws IOException {
    try (OutputStream out =
        path.toUri().getScheme().equals("file")
            ? Files.newOutputStream(
                java.nio.file.Path.of(path.toUri().getPath()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)
            : files.create(path, false)) {
      out.write(content);
      return true;
    } catch (java.nio.file.FileAlreadyExistsException | FileAlreadyExistsException e) {
      return false;
    } catch (RemoteException e) {
      // HDFS: it is there, and whoever made it has not closed it, or never will
      if (e.getClassName().endsWith(".AlreadyBeingCreatedException")) {
        return false;
      }
      throw e;
    }
  }

  private static Optional<Map<String, Object>> read(RunFolder folder) throws IOException {
    return folder.read(FILE).flatMap(SweepLock::parse);
  }

  /** A lock's content; empty where it is not what a driver writes. */
  private static Optional<Map<String, Object>> parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      Map<String, Object> read = text.endsWith("}\n") ? Json.read(text) : Map.of();
      boolean understood =
          read.get("host") instanceof String
              && read.get("pid") instanceof Number
              && read.get("token") instanceof String
              && read.get("heartbeat") instanceof String beat
              && Instant.parse(beat) != null;
      return understood ? Optional.of(read) : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private static boolean stale(RunFolder folder, Map<String, Object> other, Duration heartbeat)
      throws IOException, InterruptedException {
    Optional<ProcessMark> own = ProcessMark.own();
    Optional<ProcessMark> theirs = ProcessMark.of(other);
    if (own.isPresent() && theirs.isPresent() && theirs.get().isGone(own.get())) {
      return true;
    }
    if (!farFromNow(other, heartbeat)) {
      return false;
    }
    // the other machine's clock may be wrong: a heart that beats is alive
    Thread.sleep(heartbeat.toMillis() * 3 / 2);
    return read(folder).map(now -> now.equals(other)).orElse(true);
  }

  private static boolean farFromNow(Map<String, Object> owner, Duration heartbeat) {
    Instant beat = Instant.parse((String) owner.get("heartbeat"));
    Duration since = Duration.between(beat, Instant.now()).abs();
    return since.compareTo(heartbeat.multipliedBy(SILENT_BEATS)) > 0;
  }

  private void beat() {
    while (open) {
      try {
        Thread.sleep(heartbeat.toMillis());
        Optional<Map<String, Object>> now = read(folder);
        if (now.isPresent() && !owner.get("token").equals(now.get().get("token"))) {
          lostTo = words(now.get());
          return;
        }
        synchronized (this) {
          if (open) {
            folder.write(FILE, content(owner));
          }
        }
      } catch (IOException | RuntimeException e) {
        // a heartbeat that can't be written is no reason to stop: the tables' writer finds out
        System.getLogger(SweepLock.class.getName())
            .log(System.Logger.Level.WARNING, "heartbeat", e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Who has taken the sweep over; null while nobody has. */
  public String lostTo() {
    return lostTo;
  }

  /** Gives the sweep back. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      open = false;
    }
    heart.interrupt();
    if (lostTo == null) {
      folder.delete(FILE);
    }
  }
}
