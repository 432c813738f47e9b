package org.grlu.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What tells a process from all others of a machine, as Linux's {@code /proc} has it. A process id
 * alone doesn't: containers count from 1, each for itself, and may share a host name; and an id is
 * given again.
 *
 * @param bootId of the machine's kernel since it was started
 * @param namespace of the process ids
 * @param startTicks when the process began, in clock ticks since the boot; a clock that is set does
 *     not change it
 */
record ProcessMark(String bootId, String namespace, long pid, long startTicks) {
  private static final Path PROC = Path.of("/proc");

  /** After the command's name, which may hold anything: the state, and the start much later. */
  private static final int STATE = 0;

  private static final int START = 19;

  /** This process's; empty where {@code /proc} is not Linux's, or that of another namespace. */
  static Optional<ProcessMark> own() {
    long pid = ProcessHandle.current().pid();
    try {
      if (!Files.readSymbolicLink(PROC.resolve("self")).toString().equals(Long.toString(pid))) {
        return Optional.empty();
      }
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      String namespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
      return Optional.of(new ProcessMark(boot, namespace, pid, start(stat(pid))));
    } catch (IOException | RuntimeException e) {
      // no such file, or not as Linux writes it
      return Optional.empty();
    }
  }

  /** A lock's owner's; empty where the lock says too little. */
  static Optional<ProcessMark> of(Map<String, Object> owner) {
    return owner.get("boot_id") instanceof String boot
            && owner.get("pid_namespace") instanceof String namespace
            && owner.get("pid") instanceof Number pid
            && owner.get("start_ticks") instanceof Number start
        ? Optional.of(new ProcessMark(boot, namespace, pid.longValue(), start.longValue()))
        : Optional.empty();
  }

  /** Adds what {@link #of} reads, but for the process id. */
  void putInto(Map<String, Object> owner) {
    owner.put("boot_id", bootId);
    owner.put("pid_namespace", namespace);
    owner.put("start_ticks", startTicks);
  }

  /**
   * Whether it is sure that the process has ended.
   *
   * @param own this process's mark
   */
  boolean isGone(ProcessMark own) {
    if (!bootId.equals(own.bootId) || !namespace.equals(own.namespace)) {
      return false;
    }
    try {
      String[] stat = stat(pid);
      // a zombie has ended, and waits for its parent only
      return stat[STATE].equals("Z") || start(stat) != startTicks;
    } catch (NoSuchFileException e) {
      // unless the mount hides other users' processes (hidepid), and with them the first
      return Files.isReadable(PROC.resolve("1/stat"));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static String[] stat(long pid) throws IOException {
    String line = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
    return line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
  }

  private static long start(String[] stat) {
    return Long.parseLong(stat[START]);
  }
}
