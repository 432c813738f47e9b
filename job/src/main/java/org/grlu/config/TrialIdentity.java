package org.grlu.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What makes two trials the same: the dataset's digest, the version of its rule, and every value
 * that changes the result and is not its default. Keys are sorted, so that order in a file does not
 * matter, and a key that is added later keeps today's ids.
 *
 * @param json canonical
 * @param id its SHA-256, hex
 */
public record TrialIdentity(String json, String id) {
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
