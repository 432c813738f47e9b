package org.grlu.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.network.ModelFile;
import org.grlu.network.ModelFileException;
import org.grlu.network.Weights;
import org.grlu.reports.FirstLayer;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.RunFolder;
import org.grlu.reports.RunReport;
import org.grlu.reports.TestAnswers;

/**
 * The page of one run, from the files of its folder. The answers to the test set are such a file
 * too, which is made where it is missing and the images can be read.
 */
final class RunPage {
  private final RunFolder folder;
  private final Map<String, Object> status;
  private final Data data;

  /** Where a run's images come from. */
  @FunctionalInterface
  interface Data {
    /** The dataset of a configuration, as images; empty where there are none to be asked about. */
    Optional<Dataset> of(Settings settings) throws IOException;
  }

  private RunPage(RunFolder folder, Map<String, Object> status, Data data) {
    this.folder = folder;
    this.status = status;
    this.data = data;
  }

  /** Of the folder of one run; empty where it is another. */
  static Optional<RunPage> of(RunFolder folder, Data data) throws IOException {
    return folder
        .read(RunFolder.STATUS)
        .map(bytes -> Json.read(new String(bytes, StandardCharsets.UTF_8)))
        .filter(status -> status.containsKey("run"))
        .map(status -> new RunPage(folder, status, data));
  }

  /** The run's name. */
  String name() {
    return (String) status.get("run");
  }

  /**
   * The page.
   *
   * @throws CommandException where the run is not over, or its configuration is not there
   */
  String html() throws IOException {
    return report().html();
  }

  /** What the page is made of; throws as {@link #html} does. */
  RunReport report() throws IOException {
    List<Map<String, Object>> trials = folder.table(RunFolder.TRIALS).read();
    Optional<byte[]> configuration = folder.read(RunFolder.CONFIGURATION);
    if (trials.isEmpty() || configuration.isEmpty()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "%s: %s"
              .formatted(
                  folder.shown(),
                  trials.isEmpty()
                      ? "the run is not over, there is nothing to report yet"
                      : "there is no " + RunFolder.CONFIGURATION + " in it"));
    }
    String file = folder.shown() + "/" + RunFolder.CONFIGURATION;
    String hocon = new String(configuration.get(), StandardCharsets.UTF_8);
    Settings settings = ConfigReader.read(file, hocon, List.of());
    Map<String, Object> trial = trials.get(trials.size() - 1);
    List<Map<String, Object>> epochs =
        folder.table(RunFolder.EPOCHS).read().stream()
            .sorted(Comparator.comparing(row -> (Integer) row.get("epoch")))
            .toList();
    // without Spark's options, which change no result and may hold what is no page's business
    RunReport.Told told =
        new RunReport.Told(
            settings.shape().widths(),
            "submit-scripts/grlu train " + ResumeCommand.quoted(file),
            (String) status.get("init"),
            new RowSettings(trial).changed(),
            first(settings).orElse(null),
            answers(settings, (String) trial.get("weights_sha256")));
    return new RunReport(name(), trial, epochs, told);
  }

  private Optional<FirstLayer> first(Settings settings) throws IOException {
    Optional<byte[]> model = folder.read(RunFolder.MODEL);
    if (model.isEmpty()) {
      return Optional.empty();
    }
    try {
      Weights weights = ModelFile.read(model.get()).weights(settings.shape());
      return FirstLayers.of(weights, image());
    } catch (ModelFileException e) {
      throw new IOException(
          "%s/%s: %s".formatted(folder.shown(), RunFolder.MODEL, e.getMessage()), e);
    }
  }

  /** An image's height, width and channels; none of a run that did not say it yet. */
  private List<Integer> image() {
    return status.get("image") instanceof List<?> list
        ? list.stream().map(Integer.class::cast).toList()
        : List.of();
  }

  /**
   * The answers of these weights, from their file, or by a pass over the test set. Null where there
   * can be none: a page without them says all else.
   */
  private TestAnswers answers(Settings settings, String weights) {
    try {
      Optional<byte[]> known = folder.read(TestAnswers.FILE);
      if (known.isPresent()) {
        TestAnswers answers = TestAnswers.fromJson(known.get());
        if (answers.weights().equals(weights)) {
          return answers;
        }
      }
      if (weights == null || !TestPass.fits(settings)) {
        return null;
      }
      String model = folder.shown() + "/" + RunFolder.MODEL;
      Optional<Dataset> dataset =
          folder.read(RunFolder.MODEL).isPresent() ? data.of(settings) : Optional.empty();
      if (dataset.isEmpty()) {
        return null;
      }
      SavedModel saved = SavedModel.read("MODEL", model, List.of(), List.of());
      TestAnswers answers = TestPass.of(saved, dataset.get());
      folder.write(TestAnswers.FILE, answers.toJson());
      return answers;
    } catch (IOException | RuntimeException e) {
      String why = e instanceof IOException io ? HadoopFiles.words(io) : e.getMessage();
      System.err.printf(
          "%s: the page is without the answers to the test set: %s%n", folder.shown(), why);
      return null;
    }
  }

  /**
   * Writes the page into the folder.
   *
   * @return where, for people
   */
  String write() throws IOException {
    folder.write(RunFolder.PAGE, html().getBytes(StandardCharsets.UTF_8));
    return folder.shown() + "/" + RunFolder.PAGE;
  }
}
