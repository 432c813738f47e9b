package org.grlu.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.DataSettings;
import org.grlu.config.Home;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.spark.Predictions;
import org.grlu.spark.ProgressPlugin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a saved model's answers. */
@Command(
    name = "predict",
    description = {
      "Write a saved model's classes and probabilities of examples.",
      "",
      "Examples are Parquet, a file or a folder of files, which is read where it is, however much it"
          + " is; or one file of images, IDX or NumPy's .npy. Values must be as the training's"
          + " were. Answers are Parquet: file and row of an example, its label if it has one,"
          + " class, probabilities.",
      "",
      "What the model's file does not say comes from resolved.conf beside it, else from --set."
    })
final class PredictCommand implements Callable<Integer> {
  /** What the driver reads by itself; all else is Parquet. */
  private static final Pattern IMAGES = Pattern.compile(".*(idx[34]-ubyte(\\.gz)?|\\.npy)");

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description =
          "Weights as NumPy's .npz, as train writes them, or the folder of a run or trial that has a"
              + " model.npz; a path or URI.")
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description = "The examples; a path or URI.")
  private String data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "A new folder for the answers; a path or URI.")
  private String out;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description = "Of Parquet; else dataset.label-column. It need not be there.")
  private String labelColumn;

  @Option(
      names = "--feature-column",
      paramLabel = "NAME",
      description = "Of Parquet; else dataset.feature-column.")
  private String featureColumn;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description =
          "A key that no resolved.conf beside the model gives. " + ConfigurationOptions.STRINGS)
  private List<String> sets = new ArrayList<>();

  @Option(names = "--json", description = "End with one line of JSON on standard output.")
  private boolean json;

  private final Terminal terminal = new Terminal();

  /** Images that the driver has read, and whether it has their labels. */
  private record Read(LabelledImages images, String file, boolean labelled) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    SavedModel saved = SavedModel.read("--model", model, sets, data());
    String examples = Home.expand("--data", data);
    Read read = IMAGES.matcher(examples).matches() ? read(saved.settings(), examples) : null;
    Encoder encoder =
        saved.encoder(examples, read == null ? 0 : read.images.pixelsPerImage(), null);
    int width = encoder == null ? saved.inputs() : encoder.inputs();
    if (read != null && read.images.pixelsPerImage() != width) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--data %s: images of %d values; the model reads %d"
              .formatted(data, read.images.pixelsPerImage(), width));
    }
    String folder = Home.expand("--out", out);
    Deployment.checkReports(folder);
    Predictions.refuse(folder);
    SparkConf conf = ProgressPlugin.configure(new SparkConf()).setAppName("grlu predict");
    SparkStart.check(conf);
    terminal.rewrite("starting Spark on " + conf.get("spark.master"));
    Predictions.Result result;
    try {
      result =
          SparkStart.run(
              conf, terminal, spark -> answer(spark, saved, encoder, read, examples, folder));
    } finally {
      terminal.clear();
    }
    System.err.println("configuration: " + saved.source());
    print(result);
    return ExitCode.DONE;
  }

  /** The training's dataset is not asked for, nor how many values an example of it has. */
  private List<String> data() {
    List<String> columns =
        new ArrayList<>(List.of("dataset.directory=.", "dataset.train=", "dataset.test="));
    if (labelColumn != null) {
      columns.add("dataset.label-column=" + Json.of(labelColumn));
    }
    if (featureColumn != null) {
      columns.add("dataset.feature-column=" + Json.of(featureColumn));
    }
    return columns;
  }

  private Read read(Settings settings, String examples) throws IOException {
    NamedFile file = NamedFile.of("--data", examples);
    String labels =
        file.name()
            .replaceFirst("images|features", "labels")
            .replaceFirst("idx[34]-ubyte", "idx1-ubyte");
    boolean labelled = !labels.equals(file.name()) && file.folder().size(labels).isPresent();
    return new Read(
        Datasets.images(
            file.folder(), file.name(), labelled ? labels : null, settings.data().options()),
        file.name(),
        labelled);
  }

  private Predictions.Result answer(
      JavaSparkContext spark,
      SavedModel saved,
      Encoder encoder,
      Read read,
      String examples,
      String folder)
      throws IOException {
    DataSettings columns = saved.settings().data();
    spark.setJobGroup("predict", "answers to " + examples, true);
    try (Predictions predictions =
        new Predictions(
            spark,
            saved.trial(),
            saved.content(),
            encoder,
            columns.options().firstClass(),
            uri(folder),
            line -> terminal.rewrite("answers: " + line))) {
      return read == null
          ? predictions.write(
              "--data " + data, uri(examples), columns.labelColumn(), columns.featureColumn())
          : predictions.write(read.images, read.file, read.labelled);
    }
  }

  /** Without a scheme it would be of the cluster's own file system, not a local path. */
  private static String uri(String given) {
    return Folders.isUri(given) ? given : "file:" + Path.of(given).toAbsolutePath();
  }

  private void print(Predictions.Result result) {
    System.out.printf(Locale.ROOT, "answers to %,d examples in %s%n", result.rows(), out);
    if (result.labelled() > 0) {
      System.out.printf(
          Locale.ROOT,
          "accuracy %.2f%% (%d of %d)%n",
          100.0 * result.right() / result.labelled(),
          result.right(),
          result.labelled());
    }
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("model", model);
      line.put("data", data);
      line.put("examples", result.rows());
      line.put("labelled", result.labelled());
      line.put("correct", result.right());
      System.out.println(Json.of(line));
    }
  }
}
