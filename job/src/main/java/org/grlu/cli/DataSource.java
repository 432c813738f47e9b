package org.grlu.cli;

import java.io.PrintStream;
import java.util.List;
import org.grlu.config.ConfigException;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.DatasetFetcher;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.Folder;
import org.grlu.datasets.PublishedDataset;

/** Datasets by configuration, fetched where need be. */
final class DataSource {
  private DataSource() {}

  /** The dataset, cut, if the configuration fits it. */
  static Dataset load(Settings settings, Terminal terminal) {
    Dataset dataset = read(settings, terminal);
    List<String> unfit = settings.unfit(dataset);
    if (!unfit.isEmpty()) {
      throw new ConfigException(unfit);
    }
    Dataset cut = dataset.cut(settings.trainExamples(), settings.validationExamples());
    remark(cut);
    return cut;
  }

  /** Says which classes have no example, where there are such. */
  static void remark(Dataset dataset) {
    dataset.lacking().ifPresent(System.err::println);
  }

  /** The dataset, uncut. */
  static Dataset read(Settings settings, Terminal terminal) {
    String directory = settings.data().directory();
    if (!directory.isEmpty()) {
      Folder folder = Folders.at("dataset.directory", directory);
      return Datasets.read(settings.datasetName(), folder, settings.data().options());
    }
    if (settings.data().areOwn()) {
      return files(settings);
    }
    return settings
        .data()
        .published()
        .map(dataset -> Datasets.read(dataset.name(), fetch(dataset, settings, terminal)))
        .orElseGet(Datasets::sample);
  }

  private static Dataset files(Settings settings) {
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
