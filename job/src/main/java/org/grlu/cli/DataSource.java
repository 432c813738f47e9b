package org.grlu.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.grlu.config.ConfigException;
import org.grlu.config.DataSettings;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.DatasetFetcher;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.Folder;
import org.grlu.datasets.PublishedDataset;
import org.grlu.run.Features;
import org.grlu.spark.ParquetExamples;

/** Datasets by configuration, fetched where need be. */
final class DataSource {
  private DataSource() {}

  /** The dataset, cut, if the configuration fits it. */
  static Dataset load(Settings settings, Terminal terminal) {
    return load(settings, terminal, sparkOfItsOwn());
  }

  /**
   * The same.
   *
   * @param conf of the Spark that the command starts, where data are read with it
   */
  static Dataset load(Settings settings, Terminal terminal, SparkConf conf) {
    return cut(settings, read(settings, terminal, conf));
  }

  /** A dataset, cut, if the configuration fits it. */
  static Dataset cut(Settings settings, Dataset dataset) {
    List<String> unfit = settings.unfit(dataset);
    if (!unfit.isEmpty()) {
      throw new ConfigException(unfit);
    }
    Dataset cut = dataset.cut(settings.trainExamples(), settings.validationExamples());
    remark(cut);
    return cut;
  }

  /** Of commands that need Spark for nothing but their data. */
  private static SparkConf sparkOfItsOwn() {
    return new SparkConf().setAppName("grlu data").set("spark.ui.enabled", "false");
  }

  /** Says which classes have no example, where there are such. */
  static void remark(Dataset dataset) {
    dataset.lacking().ifPresent(System.err::println);
  }

  /** The dataset, uncut. */
  static Dataset read(Settings settings, Terminal terminal) {
    return read(settings, terminal, sparkOfItsOwn());
  }

  /**
   * The same.
   *
   * @param conf of the Spark that the command starts, where data are read with it
   */
  static Dataset read(Settings settings, Terminal terminal, SparkConf conf) {
    String directory = settings.data().directory();
    if (!directory.isEmpty()) {
      Folder folder = Folders.at("dataset.directory", directory);
      return Datasets.read(settings.datasetName(), folder, settings.data().options());
    }
    if (settings.data().areOwn()) {
      return settings.data().areArchives() ? archives(settings) : parquet(settings, terminal, conf);
    }
    return settings
        .data()
        .published()
        .map(dataset -> Datasets.read(dataset.name(), fetch(dataset, settings, terminal)))
        .orElseGet(Datasets::sample);
  }

  /** Slow systems, which may see other datasets than the configuration's. */
  static Features features(Settings settings, Terminal terminal) {
    return new Features(
        name ->
            read(
                settings.with(
                    Map.of(
                        "dataset.name", name,
                        "dataset.directory", "",
                        "dataset.train", "",
                        "dataset.test", "",
                        "dataset.fetch.cache", "")),
                terminal));
  }

  private static Dataset archives(Settings settings) {
    NamedFile train = NamedFile.of("dataset.train", settings.data().train());
    NamedFile test = NamedFile.of("dataset.test", settings.data().test());
    return Datasets.readArchives(
        settings.datasetName(),
        train.folder(),
        train.name(),
        test.folder(),
        test.name(),
        settings.data().options());
  }

  private static Dataset parquet(Settings settings, Terminal terminal, SparkConf conf) {
    terminal.rewrite("starting Spark, which reads dataset.train and dataset.test");
    try {
      return SparkStart.ahead(
          conf,
          terminal,
          spark -> {
            ParquetExamples train = parquet(settings, "dataset.train");
            ParquetExamples test = parquet(settings, "dataset.test");
            return Datasets.of(
                settings.datasetName(),
                train.values(),
                train.labels(),
                test.values(),
                test.labels(),
                settings.data().options());
          });
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("reading Parquet declares neither", e);
    } finally {
      terminal.clear();
    }
  }

  private static ParquetExamples parquet(Settings settings, String key) {
    DataSettings data = settings.data();
    String given = key.equals("dataset.train") ? data.train() : data.test();
    return ParquetExamples.read(key, uri(given), data.labelColumn(), data.featureColumn());
  }

  /** Without a scheme a path would be of the cluster's own file system, not a local one. */
  static String uri(String given) {
    return Folders.isUri(given) ? given : "file:" + Path.of(given).toAbsolutePath();
  }

  /** The folder of a published dataset's files. */
  static Folder fetch(PublishedDataset dataset, Settings settings, Terminal terminal) {
    PrintStream err = System.err;
    DatasetFetcher.Progress progress =
        new DatasetFetcher.Progress() {
          @Override
          public void downloaded(String file, long bytes, long total) {
            String of = total > 0 ? " of %.1f".formatted(total / 1e6) : "";
            terminal.rewrite("%s: %.1f%s MB".formatted(file, bytes / 1e6, of));
          }

          @Override
          public void message(String line) {
            terminal.clear();
            err.println(line);
          }
        };
    Folder cache = Folders.at("dataset.fetch.cache", settings.data().cacheDirectory());
    Folder folder = new DatasetFetcher(dataset, settings.data().fetch(cache), progress).fetch();
    terminal.clear();
    return folder;
  }
}
