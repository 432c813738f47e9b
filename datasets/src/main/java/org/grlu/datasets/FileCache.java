package org.grlu.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder that holds verified files. A file appears under its own name only whole and verified,
 * so that any number of fetchers may work in one folder.
 */
final class FileCache implements FileSource {
  static final String CHECKSUMS = "SHA256SUMS";

  private final Folder folder;

  FileCache(Folder folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "cache " + folder;
  }

  @Override
  public void provide(Collection<PublishedFile> wanted, Map<PublishedFile, String> provided)
      throws IOException {
    Shortfall shortfall = new Shortfall();
    for (PublishedFile file : wanted) {
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
  String install(PublishedFile file, InputStream content) throws IOException {
    byte[] bytes = readVerified(file, content);
    write(file.name(), bytes);
    return sha256(bytes);
  }

  /** Writes the checksums in the form that {@code sha256sum --check} reads, where they changed. */
  void recordChecksums(Collection<PublishedFile> files, Map<PublishedFile, String> sha256) {
    StringBuilder lines = new StringBuilder();
    for (PublishedFile file : files) {
      lines.append(sha256.get(file)).append("  ").append(file.name()).append('\n');
    }
    byte[] content = lines.toString().getBytes(StandardCharsets.UTF_8);
    if (!hasContent(CHECKSUMS, content)) {
      write(CHECKSUMS, content);
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

  private String verify(PublishedFile file) throws IOException {
    long bytes = folder.size(file.name()).orElseThrow(() -> new WrongContentException("not there"));
    if (bytes > file.size()) {
      throw tooLong(file);
    }
    byte[] content = folder.read(file.name());
    check(file, content);
    return sha256(content);
  }

  /** Reads no more than the file may have: who sends it may never end. */
  private static byte[] readVerified(PublishedFile file, InputStream in) throws IOException {
    byte[] content = in.readNBytes(Math.toIntExact(file.size()));
    if (in.read() >= 0) {
      throw tooLong(file);
    }
    check(file, content);
    return content;
  }

  private static void check(PublishedFile file, byte[] content) throws WrongContentException {
    if (content.length < file.size()) {
      throw new WrongContentException(content.length + " bytes, expected " + file.size());
    }
    MessageDigest md5 = Digests.md5();
    md5.update(content);
    String found = Digests.hex(md5);
    if (!found.equals(file.md5())) {
      throw new WrongContentException("MD5 " + found + ", expected " + file.md5());
    }
  }

  private static WrongContentException tooLong(PublishedFile file) {
    return new WrongContentException("more bytes than the expected " + file.size());
  }

  private static String sha256(byte[] content) {
    MessageDigest sha256 = Digests.sha256();
    sha256.update(content);
    return Digests.hex(sha256);
  }

  private void write(String name, byte[] content) {
    try {
      folder.write(name, content);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private boolean hasContent(String name, byte[] content) {
    try {
      return folder.size(name).orElse(-1) == content.length
          && Arrays.equals(folder.read(name), content);
    } catch (IOException e) {
      return false;
    }
  }
}
