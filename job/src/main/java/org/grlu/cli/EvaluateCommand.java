package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.features.Encoder;
import org.grlu.network.Weights;
import org.grlu.training.Evaluation;
import org.grlu.training.TrialSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a saved model. */
@Command(
    name = "evaluate",
    description = {
      "Measure a saved model on a dataset's test set.",
      "",
      "What the file does not say (activation, k, skip, pixel constants) comes from resolved.conf"
          + " beside it, else from --set, else from the defaults."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description =
          "Weights W0, b0, W1, b1, ... as NumPy's .npz, or the folder of a run or trial that has a"
              + " model.npz; a path or URI.")
  private String model;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "mnist, fashion-mnist or mnist-sample; else that of the configuration.")
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
          "A key that no resolved.conf beside the model gives. " + ConfigurationOptions.STRINGS)
  private List<String> sets = new ArrayList<>();

  @Option(names = "--json", description = "End with one line of JSON on standard output.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    SavedModel saved = SavedModel.read("--model", model, sets, data());
    Settings settings = saved.settings();
    TrialSettings trial = saved.trial();
    Weights weights = saved.weights();
    Terminal terminal = new Terminal();
    Dataset images = DataSource.read(settings, terminal);
    Encoder encoder = saved.encoder(images.name(), images.pixelsPerImage(), images.sha256());
    Dataset data = encoder == null ? images : images.encoded(encoder);
    List<Integer> layers = settings.shape().layers();
    if (layers.get(0) != data.pixelsPerImage() || layers.get(layers.size() - 1) != data.classes()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--model %s: layers %s don't fit dataset %s: %d pixels, %d classes"
              .formatted(model, layers, data.name(), data.pixelsPerImage(), data.classes()));
    }
    DataSource.remark(data);
    Evaluation evaluation = new Evaluation(trial);
    Evaluation.Result all = evaluation.of(weights, data.test(), Integer.MAX_VALUE);
    Evaluation.Result shown = evaluation.of(weights, data.test(), 1000);
    System.err.println("configuration: " + saved.source());
    if (settings.stream().hasTasks()) {
      System.err.println(
          "of all classes, and of images as they are: what a stream's tasks come to is in the run's tables");
    }
    print(settings, weights, all, shown);
    return ExitCode.DONE;
  }

  /** Where the images are, if it was said. */
  private List<String> data() {
    List<String> all = new ArrayList<>();
    if (dataset != null || directory != null) {
      all.add("dataset.name=" + Json.of(dataset == null ? "directory" : dataset));
      all.add("dataset.directory=" + Json.of(directory == null ? "" : directory));
      all.addAll(List.of("dataset.train=", "dataset.test="));
      if (directory == null) {
        all.addAll(List.of("dataset.prefix=", "dataset.transpose=false", "dataset.first-class=0"));
      }
    }
    return all;
  }

  private void print(
      Settings settings, Weights weights, Evaluation.Result all, Evaluation.Result shown) {
    Map<String, Object> values = settings.values();
    System.out.printf(
        Locale.ROOT,
        "%s, activation %s, k %s, skip %s, pixel mean %s, deviation %s%n",
        settings.shape().widths(),
        values.get("network.activation"),
        values.get("network.k"),
        values.get("network.skip"),
        values.get("dataset.pixel-mean"),
        values.get("dataset.pixel-deviation"));
    System.out.printf(
        Locale.ROOT,
        "test accuracy %.2f%% (%d of %d), silent neurons %s%n",
        100 * all.accuracy(),
        all.correct(),
        all.images(),
        TrainCommand.shares(shown.silent()));
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("model", model);
      line.put("test_accuracy", all.accuracy());
      line.put("images", (long) all.images());
      line.put("correct", (long) all.correct());
      line.put("hidden_sparsity", shown.silent());
      line.put("weights_sha256", weights.sha256());
      System.out.println(Json.of(line));
    }
  }
}
