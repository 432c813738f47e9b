package org.grlu.datasets;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder that holds verified files. A file appears under its own name only whole and verified:
 * it's written under a name that no other process or thread uses, then renamed atomically, so that
 * any number of fetchers may work in one folder.
 */
final class MnistCache implements MnistSource {
  static final String CHECKSUMS = "SHA256SUMS";

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path folder;

  MnistCache(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  @Override
  public String name() {
    return "cache " + folder;
  }

  @Override
  public void provide(Collection<MnistFile> wanted, Map<MnistFile, String> provided)
      throws IOException {
    Shortfall shortfall = new Shortfall();
    for (MnistFile file : wanted) {
      try {
        provided.put(file, verify(file));
      } catch (IOException e) {
        shortfall.add(file, e);
      }
    }
    shortfall.throwIfAny();
  }

  /**
   * Stores a file, once it's known to be right.
   *
   * @param content the uncompressed bytes; not closed
   * @return the file's SHA-256 in hexadecimal
   * @throws IOException if the content can't be read, or is wrong
   * @throws DataUnavailableException if the folder can't be written
   */
  String install(MnistFile file, InputStream content) throws IOException {
    Path temporary = temporary(file.name());
    try {
      String sha256;
      try (OutputStream out = create(temporary)) {
        sha256 = copyVerified(file, content, out);
      }
      rename(temporary, file.name());
      return sha256;
    } finally {
      deleteQuietly(temporary);
    }
  }

  /** Writes the checksums in the form that {@code sha256sum --check} reads, where they changed. */
  void recordChecksums(Collection<MnistFile> files, Map<MnistFile, String> sha256) {
    StringBuilder lines = new StringBuilder();
    for (MnistFile file : files) {
      lines.append(sha256.get(file)).append("  ").append(file.name()).append('\n');
    }
    byte[] content = lines.toString().getBytes(StandardCharsets.UTF_8);
    if (hasContent(folder.resolve(CHECKSUMS), content)) {
      return;
    }
    Path temporary = temporary(CHECKSUMS);
    try {
      Files.write(temporary, content, StandardOpenOption.CREATE_NEW);
      rename(temporary, CHECKSUMS);
    } catch (IOException e) {
      throw unwritable(e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  /** Deletes a file or a folder with what it holds; what can't be deleted stays. */
  static void deleteQuietly(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      // Thrown, it would hide the failure that led here, or turn a success into one.
    }
  }

  DataUnavailableException unwritable(IOException reason) {
    return new DataUnavailableException(
        String.format(
            "can't write to the cache folder %s (%s); check its permissions and free space, or set"
                + " another cache folder",
            folder, OneLine.of(reason)),
        reason);
  }

  private String verify(MnistFile file) throws IOException {
    Path path = folder.resolve(file.name());
    if (!Files.exists(path)) {
      throw new WrongContentException("not there");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return copyVerified(file, in, OutputStream.nullOutputStream());
    }
  }

  private static String copyVerified(MnistFile file, InputStream in, OutputStream out)
      throws IOException {
    MessageDigest md5 = Digests.md5();
    MessageDigest sha256 = Digests.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      bytes += n;
      if (bytes > file.size()) {
        throw new WrongContentException("more bytes than the expected " + file.size());
      }
      md5.update(buffer, 0, n);
      sha256.update(buffer, 0, n);
      out.write(buffer, 0, n);
    }
    if (bytes < file.size()) {
      throw new WrongContentException(bytes + " bytes, expected " + file.size());
    }
    String found = Digests.hex(md5);
    if (!found.equals(file.md5())) {
      throw new WrongContentException("MD5 " + found + ", expected " + file.md5());
    }
    return Digests.hex(sha256);
  }

  private Path temporary(String name) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable(e);
    }
    Path path = folder.resolve(name + "." + UUID.randomUUID() + ".part");
    // For an interrupted program, whose finally blocks don't run.
    path.toFile().deleteOnExit();
    return path;
  }

  private void rename(Path temporary, String name) {
    try {
      Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static boolean hasContent(Path path, byte[] content) {
    try {
      return Files.isRegularFile(path)
          && Files.size(path) == content.length
          && Arrays.equals(Files.readAllBytes(path), content);
    } catch (IOException e) {
      return false;
    }
  }

  private OutputStream create(Path path) {
    try {
      return new CacheOutput(Files.newOutputStream(path, StandardOpenOption.CREATE_NEW));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Tells a failure to write, which no other source can mend, from a failure to read. */
  private final class CacheOutput extends FilterOutputStream {
    CacheOutput(OutputStream file) {
      super(file);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
  }
}
