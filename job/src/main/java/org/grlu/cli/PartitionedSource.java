package org.grlu.cli;

import java.io.IOException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.ConfigException;
import org.grlu.config.DataSettings;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Folder;
import org.grlu.datasets.FolderOptions;
import org.grlu.datasets.IdxSet;
import org.grlu.spark.PartitionedDataset;
import org.grlu.training.OwnMetric;

/** Datasets by configuration that executors hold in parts. */
final class PartitionedSource {
  private PartitionedSource() {}

  /**
   * The dataset, uncut. Parquet and IDX are read by executors, what is fetched or comes with the
   * program by the driver.
   *
   * @param conf of the Spark that the command starts, which is started now
   */
  static PartitionedDataset load(Settings settings, Terminal terminal, SparkConf conf) {
    List<String> metrics = OwnMetric.found().stream().map(OwnMetric::column).toList();
    if (!metrics.isEmpty()) {
      throw new ConfigException(
          List.of(
              "engine.data = partitioned: must be broadcast with metrics of your own, which read the whole dataset: "
                  + String.join(", ", metrics)));
    }
    // before Spark starts: it may be fetched first
    Dataset here = settings.data().areOwn() ? null : DataSource.read(settings, terminal, conf);
    terminal.rewrite("starting Spark, which spreads the dataset");
    try {
      return SparkStart.ahead(
          conf,
          terminal,
          spark -> here == null ? own(spark, settings) : PartitionedDataset.of(spark, here));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("reading data declares neither", e);
    } finally {
      terminal.clear();
    }
  }

  private static PartitionedDataset own(JavaSparkContext spark, Settings settings) {
    DataSettings data = settings.data();
    String name = settings.datasetName();
    FolderOptions options = data.options();
    if (!data.directory().isEmpty()) {
      Folder folder = Folders.at("dataset.directory", DataSource.uri(data.directory()));
      return PartitionedDataset.idx(
          spark,
          name,
          IdxSet.of(folder, options, true),
          IdxSet.of(folder, options, false),
          options.firstClass());
    }
    return PartitionedDataset.parquet(
        spark,
        name,
        DataSource.uri(data.train()),
        DataSource.uri(data.test()),
        data.labelColumn(),
        data.featureColumn(),
        options.firstClass());
  }
}
