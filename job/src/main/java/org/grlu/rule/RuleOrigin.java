package org.grlu.rule;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Locates the code of a rule that is not built in.
 *
 * @param type the class of the rule's definition
 */
record RuleOrigin(Class<?> type) {
  /**
   * Returns the jar or the class path folder that holds the class.
   *
   * @throws RuleException if the class is in neither
   */
  Path path() {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | RuntimeException e) {
      throw new RuleException(
          "%s: must be in a jar or a folder, which %s is not".formatted(type.getName(), source), e);
    }
  }

  /**
   * Returns the jar's SHA-256 in hexadecimal digits. For a folder it is the SHA-256 over the names
   * and digests of its class files.
   *
   * @throws RuleException if a file cannot be read
   */
  String sha256() {
    Path path = path();
    try {
      if (!Files.isDirectory(path)) {
        return HexFormat.of().formatHex(digest().digest(Files.readAllBytes(path)));
      }
      MessageDigest all = digest();
      for (Path file : classes(path)) {
        String name = path.relativize(file).toString().replace('\\', '/');
        all.update((name + '\n').getBytes(StandardCharsets.UTF_8));
        all.update(digest().digest(Files.readAllBytes(file)));
      }
      return HexFormat.of().formatHex(all.digest());
    } catch (IOException e) {
      throw new RuleException("%s: %s can't be read: %s".formatted(type.getName(), path, e), e);
    }
  }

  private static List<Path> classes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
