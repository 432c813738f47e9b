package org.grlu.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The identity of a trial: the dataset's digest, the version of the rule, and every value that
 * changes the result and is not its default. Two trials with the same identity have the same
 * result. Keys are sorted, so the order of keys in a file does not matter. A key that is added
 * later does not change the ids of today.
 *
 * @param json the identity as canonical JSON
 * @param id the SHA-256 of {@code json}, hex
 */
public record TrialIdentity(String json, String id) {
  /** Returns the identity that a dataset's digest and some values make. */
  static TrialIdentity of(String datasetSha256, Map<String, Object> values) {
    Map<String, Object> all = new TreeMap<>(values);
    all.put("dataset.sha256", datasetSha256);
    String json = Json.of(all);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return new TrialIdentity(json, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
