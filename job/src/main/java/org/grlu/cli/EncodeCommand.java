package org.grlu.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.ConfigReader;
import org.grlu.config.DataSettings;
import org.grlu.config.Home;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.features.Encoder;
import org.grlu.run.Features;
import org.grlu.run.FrozenFeatures;
import org.grlu.spark.EncodedDataset;
import org.grlu.spark.ProgressPlugin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a dataset's codes. */
@Command(
    name = "encode",
    description = {
      "Write a dataset's codes as Parquet, a dataset again.",
      "",
      "A configuration reads it by dataset.train = DIR/train, dataset.test = DIR/test and"
          + " network.input-norm = none. Examples in Parquet are encoded where they are, however"
          + " many they are; floats must be as the slow system has seen pixels, from 0 to 1."
    })
final class EncodeCommand implements Callable<Integer> {
  private static final String FACTS = "codes.json";

  @Option(
      names = "--features",
      required = true,
      paramLabel = "ID|FILE",
      description =
          "The slow system: its id or the beginning of it, of one in the report directory; or its"
              + " features.npz, a path or URI.")
  private String features;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "mnist, fashion-mnist or mnist-sample; else what --set says.")
  private String dataset;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "A folder with four IDX files instead; a path or URI.")
  private String directory;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description =
          "A key: dataset.train=URI and dataset.test=URI for Parquet, report.directory=DIR. "
              + ConfigurationOptions.STRINGS)
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "A new folder for the codes; a path or URI.")
  private String out;

  @Option(names = "--json", description = "End with one line of JSON on standard output.")
  private boolean json;

  private final Terminal terminal = new Terminal();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Settings settings = settings();
    FrozenFeatures frozen = frozen(settings);
    String folder = Home.expand("--out", out);
    Deployment.checkReports(folder);
    EncodedDataset.refuse(folder);
    SparkConf conf = ProgressPlugin.configure(new SparkConf()).setAppName("grlu encode");
    SparkStart.check(conf);
    DataSettings data = settings.data();
    boolean parquet = data.areOwn() && !data.train().isEmpty() && !data.areArchives();
    Dataset images = parquet ? null : DataSource.read(settings, terminal, conf);
    if (images != null && images.pixelsPerImage() != frozen.encoder().inputs()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--features %s: reads %d values, and images of dataset %s have %d"
              .formatted(
                  features, frozen.encoder().inputs(), images.name(), images.pixelsPerImage()));
    }
    terminal.rewrite("starting Spark on " + conf.get("spark.master"));
    Map<String, Object> facts;
    try {
      facts =
          SparkStart.run(conf, terminal, spark -> encode(spark, settings, frozen, images, folder));
    } finally {
      terminal.clear();
    }
    System.out.printf(
        Locale.ROOT,
        "codes of %,d values of %,d training and %,d test examples in %s%n",
        frozen.encoder().size(),
        (Long) facts.get("train"),
        (Long) facts.get("test"),
        out);
    if (json) {
      System.out.println(Json.of(facts));
    }
    return ExitCode.DONE;
  }

  private Settings settings() {
    List<String> all = new ArrayList<>(sets);
    if (dataset != null || directory != null) {
      all.add("dataset.name=" + Json.of(dataset == null ? "directory" : dataset));
      all.add("dataset.directory=" + Json.of(directory == null ? "" : directory));
      all.addAll(List.of("dataset.train=", "dataset.test="));
    }
    return ConfigReader.open(null, all).slowSystem();
  }

  private FrozenFeatures frozen(Settings settings) throws IOException {
    return features.matches("[0-9a-f]+")
        ? Features.find(settings, "--features", features)
        : FrozenFeatures.at("--features", Home.expand("--features", features));
  }

  private Map<String, Object> encode(
      JavaSparkContext spark,
      Settings settings,
      FrozenFeatures frozen,
      Dataset images,
      String folder)
      throws IOException {
    DataSettings data = settings.data();
    Encoder encoder = frozen.encoder();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("features", encoder.id());
    facts.put("seen", frozen.seen());
    facts.put("dataset", settings.datasetName());
    facts.put("size", (long) encoder.size());
    try (EncodedDataset codes =
        new EncodedDataset(
            spark,
            encoder,
            uri(folder),
            data.labelColumn(),
            data.featureColumn(),
            terminal::rewrite)) {
      for (String set : List.of("train", "test")) {
        terminal.rewrite("codes of the set " + set);
        spark.setJobGroup("encode", "codes of the set " + set, true);
        if (images == null) {
          String key = "dataset." + set;
          String from = uri(set.equals("train") ? data.train() : data.test());
          facts.put(set, codes.write(set, key, from, data.labelColumn(), data.featureColumn()));
        } else {
          facts.put(set, codes.write(set, set.equals("train") ? images.train() : images.test()));
        }
      }
      codes.write(FACTS, (Json.of(facts) + "\n").getBytes(StandardCharsets.UTF_8));
      codes.commit();
    }
    return facts;
  }

  /** Without a scheme it would be of the cluster's own file system, not a local path. */
  private static String uri(String given) {
    return Folders.isUri(given) ? given : "file:" + Path.of(given).toAbsolutePath();
  }
}
