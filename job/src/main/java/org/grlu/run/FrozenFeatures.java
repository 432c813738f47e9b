package org.grlu.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.Path;
import org.grlu.config.FeatureFile;
import org.grlu.config.Json;
import org.grlu.features.Encoder;
import org.grlu.network.ModelFileException;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.RunFolder;
import org.grlu.store.RunException;

/**
 * A slow system that lies in a file.
 *
 * @param sha256 of the file's bytes
 * @param seen what it has seen, as the file beside it says; "unknown" where there is none
 */
public record FrozenFeatures(Encoder encoder, String sha256, String seen) {
  private static final String UNKNOWN = "unknown";
  private static final String FILE = "features.file";

  /**
   * Reads one.
   *
   * @param option that names the file, for errors
   * @param file a path or URI
   * @throws RunException where it is not there, or is no slow system's
   */
  public static FrozenFeatures at(String option, String file) throws IOException {
    Path path = HadoopFiles.path(file);
    if (path.getName().isEmpty()) {
      throw new RunException("%s %s: must be a file".formatted(option, file));
    }
    return in(option, folderOf(file), path.getName());
  }

  /** The folder that a file is in: a path is a local one, whatever the cluster's file system. */
  public static RunFolder folderOf(String file) throws IOException {
    String uri =
        HadoopFiles.isUri(file) ? file : "file:" + java.nio.file.Path.of(file).toAbsolutePath();
    return RunFolder.of(uri, HadoopFiles.configuration());
  }

  /**
   * What {@code features.file} names, for a configuration.
   *
   * @param path a path or URI
   * @throws RunException where it is not there, or is no slow system's
   */
  public static FeatureFile file(String path) {
    try {
      return at(FILE, path).described(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FeatureFile described(String path) {
    return new FeatureFile(path, encoder.id(), sha256, encoder.inputs(), encoder.size(), seen);
  }

  /**
   * The system that a configuration's file holds.
   *
   * @throws RunException where the file is another than the one that the configuration was read
   *     with
   */
  public static Encoder of(FeatureFile file) throws IOException {
    FrozenFeatures found = at(FILE, file.path());
    if (!found.sha256.equals(file.sha256())) {
      throw new RunException(
          "%s %s: is not the file any more that the trials read; its SHA-256 was %s and is %s"
              .formatted(FILE, file.path(), file.sha256(), found.sha256));
    }
    return found.encoder;
  }

  /** The same of a file in a folder. */
  static FrozenFeatures in(String option, RunFolder folder, String name) throws IOException {
    String shown = "%s %s/%s".formatted(option, folder.shown(), name);
    byte[] bytes =
        folder.read(name).orElseThrow(() -> new RunException(shown + ": there is no such file"));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      Encoder encoder = Encoder.fromFile(bytes);
      return new FrozenFeatures(encoder, HexFormat.of().formatHex(digest), seen(folder, encoder));
    } catch (ModelFileException e) {
      throw new RunException(shown + ": " + e.getMessage());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String seen(RunFolder folder, Encoder encoder) throws IOException {
    byte[] beside = folder.read(Features.IDENTITY).orElse(null);
    if (beside == null) {
      return UNKNOWN;
    }
    try {
      var facts = Json.read(new String(beside, StandardCharsets.UTF_8));
      boolean ofThis = encoder.id().equals(facts.get("features"));
      return ofThis && facts.get("seen") instanceof String seen ? seen : UNKNOWN;
    } catch (RuntimeException e) {
      // no JSON: somebody else's file
      return UNKNOWN;
    }
  }
}
