package org.grlu.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which code this is. */
public final class Provenance {
  private Provenance() {}

  /**
   * Version and commit, as the build wrote them: "0.2.0 (1a2b3c4)", with + where files differed.
   */
  public static String codeVersion() {
    Properties properties = new Properties();
    try (InputStream in =
        Provenance.class.getResourceAsStream("/org/grlu/cli/version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String commit = properties.getProperty("commit");
    String version = properties.getProperty("version");
    // outside a checkout the build leaves the placeholder
    return commit.startsWith("$")
        ? version
        : "%s (%s%s)"
            .formatted(version, commit, properties.getProperty("dirty").equals("true") ? "+" : "");
  }
}
