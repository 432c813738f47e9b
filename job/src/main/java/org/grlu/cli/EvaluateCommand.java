package org.grlu.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.features.Encoder;
import org.grlu.network.ModelFile;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.reports.RunFolder;
import org.grlu.run.Features;
import org.grlu.run.FrozenFeatures;
import org.grlu.training.Evaluation;
import org.grlu.training.ExampleStream;
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
      description = "Weights W0, b0, W1, b1, ... as NumPy's .npz; a path or URI.")
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
    NamedFile named = NamedFile.of("--model", model);
    ModelFile file = GivenModel.read(named);
    Optional<byte[]> resolved = named.readBeside(RunFolder.CONFIGURATION);
    String found = resolved.isPresent() ? named.pathBeside(RunFolder.CONFIGURATION) : null;
    String hocon = new String(resolved.orElse(new byte[0]), StandardCharsets.UTF_8);
    Settings settings = settings(found, hocon, named, file);
    if (settings.stream().context() != ExampleStream.Context.NONE) {
      throw named.fault(
          "has a context for each task of its stream, and images that it is asked about here are of none; its training's table tasks has its accuracies");
    }
    TrialSettings trial = settings.trial();
    State state = trial.rule().scoresByState() ? trial.state() : State.NONE;
    Weights weights = GivenModel.weights(named, file, settings.shape(), state);
    Terminal terminal = new Terminal();
    Dataset images = DataSource.read(settings, terminal);
    Dataset data =
        settings.features().isPresent() ? encoded(named, found, settings, images) : images;
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
    System.err.println("configuration: " + source(found));
    if (settings.stream().hasTasks()) {
      System.err.println(
          "of all classes, and of images as they are: what a stream's tasks come to is in the run's tables");
    }
    print(settings, weights, all, shown);
    return ExitCode.DONE;
  }

  /** The images' codes by the slow system that the model was trained on. */
  private Dataset encoded(NamedFile named, String found, Settings settings, Dataset images)
      throws IOException {
    Encoder encoder;
    if (settings.featuresFile().isPresent()) {
      encoder = FrozenFeatures.of(settings.featuresFile().get());
    } else {
      RunFolder run = FrozenFeatures.folderOf(named.toString());
      String reports =
          found == null ? settings.reportDirectory() : FrozenFeatures.folderOf(run.shown()).shown();
      String id =
          named
              .readBeside(RunFolder.STATUS)
              .map(bytes -> Json.read(new String(bytes, StandardCharsets.UTF_8)))
              .filter(status -> status.get("features") instanceof String)
              .map(status -> (String) status.get("features"))
              .orElse(settings.featuresIdentity(images.sha256()).id());
      encoder =
          Features.stored(reports, id)
              .orElseThrow(
                  () ->
                      named.fault(
                          "reads codes of features %s, which are not in %s/%s; grlu features %s --out %s trains them"
                              .formatted(
                                  id,
                                  reports,
                                  Features.FOLDER,
                                  found == null ? "CONF" : ResumeCommand.quoted(found),
                                  ResumeCommand.quoted(reports))));
    }
    if (encoder.inputs() != images.pixelsPerImage()) {
      throw named.fault(
          "reads codes of images of %d values; those of dataset %s have %d"
              .formatted(encoder.inputs(), images.name(), images.pixelsPerImage()));
    }
    return images.encoded(encoder);
  }

  /** The training's configuration without its data cuts, if it is beside the model. */
  private Settings settings(String found, String hocon, NamedFile named, ModelFile file) {
    List<String> all = new ArrayList<>(sets);
    if (found != null) {
      all.clear();
      // cuts and batch are the training's, and need not fit the data that is measured
      all.addAll(
          List.of(
              "dataset.train-examples=0",
              "dataset.validation-examples=0",
              "training.batch-size=1"));
    } else if (sets.stream()
        .noneMatch(set -> set.matches("\\s*(grlu\\.)?network\\.layers\\s*=.*"))) {
      all.add("network.layers=" + GivenModel.layers(named, file));
    }
    if (dataset != null || directory != null) {
      all.add("dataset.name=" + Json.of(dataset == null ? "directory" : dataset));
      all.add("dataset.directory=" + Json.of(directory == null ? "" : directory));
      all.addAll(List.of("dataset.train=", "dataset.test="));
      if (directory == null) {
        all.addAll(List.of("dataset.prefix=", "dataset.transpose=false", "dataset.first-class=0"));
      }
    }
    return found == null ? ConfigReader.read(null, all) : ConfigReader.read(found, hocon, all);
  }

  private String source(String found) {
    if (found != null) {
      return found + (sets.isEmpty() ? "" : ", which comes before --set");
    }
    return sets.isEmpty() ? "defaults" : "--set";
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
