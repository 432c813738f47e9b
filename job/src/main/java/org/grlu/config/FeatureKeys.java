package org.grlu.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.datasets.PublishedDataset;
import org.grlu.features.FeatureSettings;
import org.grlu.features.SlowSystem;
import org.grlu.rule.Key;

/** The block {@code features}: the slow system that a trial's codes come from. */
final class FeatureKeys {
  static final String KIND = "features.kind";
  static final String DATASET = "features.dataset";
  static final String EXAMPLES = "features.examples";
  private static final String CLASSES = "features.classes";
  static final String FILE = "features.file";

  /** The key that describes the content of {@link #FILE}, see {@link FeatureFile#digest}. */
  static final String DIGEST = "features.digest";

  private static final String OF_FILE = "file";

  private static final Pattern CLASS = Pattern.compile("\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5]");

  /** The height and width of images of the datasets that {@link #DATASET} may name, in pixels. */
  private static final int SIDE = 28;

  private static final int PUBLISHED_CLASSES = 10;
  private static final String PREFIX = "features.";
  private static final String SEED = "features.seed";
  private static final String WHITEN = "features.whiten";
  private static final String LEARNING = "features.learning";
  private static final String NONE = "none";
  private static final String SAMPLE = "mnist-sample";

  private static final Object[] PATCHES = {
    "hebbian-patches", "random-patches", "evolution-patches"
  };

  private static final Object[] ANY = {
    "pixels",
    "autoencoder",
    "hebbian-patches",
    "random-patches",
    "evolution-patches",
    "pca",
    "random"
  };

  static final List<Key> ALL =
      List.of(
          Key.choice(
              KIND,
              NONE,
              "pixels",
              "autoencoder",
              "hebbian-patches",
              "random-patches",
              "evolution-patches",
              "pca",
              "random",
              OF_FILE),
          Keys.path(FILE, "", v -> true).apart().onlyIf(KIND, OF_FILE),
          Key.text(DIGEST, "empty", v -> v.isEmpty() || FeatureFile.isDigest(v))
              .apart()
              .onlyIf(KIND, OF_FILE),
          Key.text(
                  DATASET,
                  "empty, mnist, fashion-mnist or mnist-sample",
                  v -> v.isEmpty() || v.equals(SAMPLE) || PublishedDataset.of(v).isPresent())
              .onlyIf(KIND, ANY),
          Key.whole(EXAMPLES, 0, Integer.MAX_VALUE).onlyIf(KIND, ANY),
          new Key(
                  CLASSES,
                  Key.Type.STRINGS,
                  "each \"0\" to \"255\"",
                  v -> ((List<?>) v).stream().allMatch(c -> CLASS.matcher((String) c).matches()),
                  true)
              .onlyIf(KIND, ANY),
          Key.whole(SEED, 0, Long.MAX_VALUE).onlyIf(KIND, ANY),
          Key.whole("features.size", 1, 65536).onlyIf(KIND, "autoencoder", "pca", "random"),
          Key.whole("features.hidden", 0, 65536).onlyIf(KIND, "autoencoder"),
          Key.choice(LEARNING, "grlu", "noise", "backprop").onlyIf(KIND, "autoencoder"),
          Key.number("features.learning-rate", "at least 0", v -> v >= 0)
              .onlyIf(KIND, "autoencoder"),
          Key.whole("features.epochs", 1, 1000).onlyIf(KIND, "autoencoder"),
          Key.whole("features.perturbations", 1, 65536)
              .onlyIf(KIND, "autoencoder", "evolution-patches"),
          Key.whole("features.filters", 1, 4096).onlyIf(KIND, PATCHES),
          Key.whole("features.patch", 2, 256).onlyIf(KIND, PATCHES),
          Key.whole("features.grid", 1, 256).onlyIf(KIND, PATCHES),
          Key.whole("features.steps", 1, 1_000_000).onlyIf(KIND, "evolution-patches"),
          Key.choice(WHITEN, NONE, "zca", "pca").onlyIf(KIND, ANY),
          Key.whole("features.whiten-examples", 0, Integer.MAX_VALUE)
              .onlyIf(KIND, ANY)
              .onlyIf(WHITEN, "zca", "pca"),
          Key.number("features.ridge", "above 0", v -> v > 0)
              .onlyIf(KIND, ANY)
              .onlyIf(WHITEN, "zca"),
          Key.whole("features.components", 1, 65536).onlyIf(KIND, ANY).onlyIf(WHITEN, "pca"),
          Key.whole("features.expand", 0, 65536).onlyIf(KIND, ANY),
          Key.number("features.expand-share", "above 0, at most 1", v -> v > 0 && v <= 1)
              .onlyIf(KIND, ANY));

  private final Settings settings;

  FeatureKeys(Settings settings) {
    this.settings = settings;
  }

  /** Returns whether a key belongs to this block. */
  static boolean has(String path) {
    return path.startsWith(PREFIX);
  }

  /** Returns the slow system; empty where the network reads pixels. */
  Optional<FeatureSettings> system() {
    if (settings.text(KIND).equals(NONE)) {
      return Optional.empty();
    }
    Optional<FeatureFile> file = file();
    return Optional.of(
        new FeatureSettings(
            // a file tells only the length of its code, which is all that a random projection needs
            isFile() ? FeatureSettings.Kind.RANDOM : word(FeatureSettings.Kind.class, KIND),
            seed(),
            file.map(FeatureFile::outputs).orElse(settings.whole("features.size")),
            settings.whole("features.hidden"),
            word(FeatureSettings.Learning.class, LEARNING),
            settings.number("features.learning-rate"),
            settings.whole("features.epochs"),
            settings.whole("features.perturbations"),
            settings.whole("features.filters"),
            settings.whole("features.patch"),
            settings.whole("features.grid"),
            settings.whole("features.steps"),
            isFile() ? FeatureSettings.Whiten.NONE : word(FeatureSettings.Whiten.class, WHITEN),
            settings.whole("features.whiten-examples"),
            settings.number("features.ridge"),
            settings.whole("features.components"),
            isFile() ? 0 : settings.whole("features.expand"),
            settings.number("features.expand-share")));
  }

  private boolean isFile() {
    return settings.text(KIND).equals(OF_FILE);
  }

  /**
   * Returns the file that holds the system; empty where the system is not from a file, or the file
   * was not read.
   */
  Optional<FeatureFile> file() {
    return isFile() ? FeatureFile.of(settings.path(FILE), settings.text(DIGEST)) : Optional.empty();
  }

  private long seed() {
    long own = (long) settings.value(SEED);
    return own == 0 ? (long) settings.value("training.seed") : own;
  }

  private <E extends Enum<E>> E word(Class<E> type, String path) {
    return Enum.valueOf(type, settings.text(path).toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Returns the name of the dataset that the system sees; empty for the trial's own. */
  String dataset() {
    return settings.text(DATASET);
  }

  /** Returns the number of images that the system sees, counted from the first; 0 for all. */
  int examples() {
    return settings.whole(EXAMPLES);
  }

  /** Returns the classes whose images the system sees; an empty list for all. */
  List<Integer> classes() {
    return ((List<?>) settings.value(CLASSES))
        .stream().map(c -> Integer.valueOf((String) c)).toList();
  }

  /**
   * Returns in words what the system has seen when it is frozen: "mnist: training images but for
   * the last 10000", or "nothing" where all of it is drawn. Returns null where there is no system,
   * or its file was not read.
   */
  String seen() {
    FeatureSettings system = system().orElse(null);
    if (system == null) {
      return null;
    }
    if (isFile()) {
      return file().map(FeatureFile::seen).orElse(null);
    }
    if (system.whiten() == FeatureSettings.Whiten.NONE && !system.kind().learns()) {
      return "nothing";
    }
    String name = dataset().isEmpty() ? settings.datasetName() : dataset();
    String words = name + ": training images";
    if (dataset().isEmpty() && settings.trainExamples() > 0) {
      words += ", the first " + settings.trainExamples();
    } else if (dataset().isEmpty() && settings.validationExamples() > 0) {
      words += " but for the last " + settings.validationExamples();
    }
    if (!classes().isEmpty()) {
      words +=
          classes().stream()
              .map(String::valueOf)
              .collect(Collectors.joining(", ", ", of classes ", ""));
    }
    return examples() > 0 ? words + ", of these the first " + examples() : words;
  }

  /**
   * Returns the identity of the system: its values, its version, and what it has seen.
   *
   * @param datasetSha256 the digest of the trial's dataset
   */
  TrialIdentity identity(String datasetSha256) {
    Map<String, Object> given = new TreeMap<>();
    if (isFile()) {
      given.put(KIND, OF_FILE);
      file().ifPresent(file -> given.put(DIGEST, file.identity()));
      return TrialIdentity.of("", given);
    }
    Keys.ALL.stream()
        .filter(key -> has(key.path()) && settings.meansSomething(key.path()))
        .filter(key -> settings.changed(key.path()))
        .forEach(key -> given.put(key.path(), settings.value(key.path())));
    if (settings.whole("features.expand") == 0) {
      given.remove("features.expand-share");
    }
    given.put(SEED, seed());
    given.put("features.version", FeatureSettings.VERSION);
    if (!dataset().isEmpty()) {
      // the digests of a published dataset's files are fixed, so its name says as much
      return TrialIdentity.of("", given);
    }
    for (String cut : List.of("dataset.train-examples", "dataset.validation-examples")) {
      if (settings.whole(cut) > 0) {
        given.put(cut, settings.value(cut));
      }
    }
    return TrialIdentity.of(datasetSha256, given);
  }

  /**
   * Returns one line for each set of values that do not go together, though each is allowed by
   * itself.
   */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (system().isEmpty()) {
      return faults;
    }
    if (isFile() && file().isEmpty()) {
      faults.add(
          "%s = %s (%s): must be the features.npz of a slow system, with %s = %s"
              .formatted(FILE, settings.text(FILE), settings.origin(FILE), KIND, OF_FILE));
    }
    if (settings.whole("training.shift") > 0) {
      faults.add(fault("training.shift", "0", "codes are not images"));
    }
    if (settings.text("network.initial").equals("data-pairs")) {
      faults.add(fault("network.initial", "another", "training images are not what layers read"));
    }
    return faults;
  }

  private String fault(String path, String must, String why) {
    return "%s = %s (%s): must be %s with %s = %s: %s"
        .formatted(
            path,
            settings.value(path),
            settings.origin(path),
            must,
            KIND,
            settings.text(KIND),
            why);
  }

  /** Returns what does not fit the images that the system sees, or the trial's, one line each. */
  List<String> unfit(Dataset dataset) {
    FeatureSettings system = system().orElse(null);
    if (system == null) {
      return List.of();
    }
    if (isFile()) {
      return file()
          .filter(file -> file.inputs() != dataset.pixelsPerImage())
          .map(
              file ->
                  "%s = %s (%s): reads %d values; images of dataset %s have %d"
                      .formatted(
                          FILE,
                          settings.text(FILE),
                          settings.origin(FILE),
                          file.inputs(),
                          dataset.name(),
                          dataset.pixelsPerImage()))
          .stream()
          .toList();
    }
    LabelledImages images = dataset.train();
    List<String> faults =
        new ArrayList<>(
            SlowSystem.faults(system, images.rows(), images.columns(), images.channels()));
    boolean published = images.rows() == SIDE && images.columns() == SIDE && images.channels() == 1;
    if (!dataset().isEmpty() && !published) {
      faults.add(
          fault(
              DATASET, "empty", "its images are of 28 x 28 grey pixels, and the trial's are not"));
    }
    int classes = dataset().isEmpty() ? dataset.classes() : PUBLISHED_CLASSES;
    if (classes().stream().anyMatch(c -> c >= classes)) {
      faults.add(
          "%s = %s (%s): each must be below %d, the classes that there are"
              .formatted(CLASSES, classes(), settings.origin(CLASSES), classes));
    }
    return faults;
  }

  /**
   * Returns the number of values that the network's first layer reads.
   *
   * @param pixels the number of pixels of an image
   */
  int inputs(int pixels) {
    return system().map(system -> system.outputs(pixels)).orElse(pixels);
  }
}
