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
import org.grlu.network.ModelFile;
import org.grlu.network.ModelFileException;
import org.grlu.reports.FirstLayer;
import org.grlu.reports.RunFolder;
import org.grlu.reports.RunReport;

/** The page of one run, from the files of its folder alone. */
final class RunPage {
  private final RunFolder folder;
  private final Map<String, Object> status;

  private RunPage(RunFolder folder, Map<String, Object> status) {
    this.folder = folder;
    this.status = status;
  }

  /** Of the folder of one run; empty where it is another. */
  static Optional<RunPage> of(RunFolder folder) throws IOException {
    return folder
        .read(RunFolder.STATUS)
        .map(bytes -> Json.read(new String(bytes, StandardCharsets.UTF_8)))
        .filter(status -> status.containsKey("run"))
        .map(status -> new RunPage(folder, status));
  }

  /**
   * The page.
   *
   * @throws CommandException where the run is not over, or its configuration is not there
   */
  String html() throws IOException {
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
            first(settings).orElse(null));
    return new RunReport((String) status.get("run"), trial, epochs, told).html();
  }

  private Optional<FirstLayer> first(Settings settings) throws IOException {
    Optional<byte[]> model = folder.read(RunFolder.MODEL);
    if (model.isEmpty()) {
      return Optional.empty();
    }
    try {
      return FirstLayers.of(ModelFile.read(model.get()).weights(settings.shape()), image());
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
   * Writes the page into the folder.
   *
   * @return where, for people
   */
  String write() throws IOException {
    folder.write(RunFolder.PAGE, html().getBytes(StandardCharsets.UTF_8));
    return folder.shown() + "/" + RunFolder.PAGE;
  }
}
