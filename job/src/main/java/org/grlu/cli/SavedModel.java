package org.grlu.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.features.Encoder;
import org.grlu.network.ModelFile;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.reports.RunFolder;
import org.grlu.run.Features;
import org.grlu.run.FrozenFeatures;
import org.grlu.run.KeptModels;
import org.grlu.training.ExampleStream;
import org.grlu.training.TrialSettings;

/** A saved model, with what its file does not say: by the training's configuration beside it. */
final class SavedModel {
  private final NamedFile named;

  /** Where the configuration is; null where there is none. */
  private final String found;

  private final boolean given;
  private final byte[] content;
  private final Settings settings;
  private final TrialSettings trial;
  private final Weights weights;

  private SavedModel(
      NamedFile named,
      String found,
      boolean given,
      byte[] content,
      Settings settings,
      TrialSettings trial,
      Weights weights) {
    this.named = named;
    this.found = found;
    this.given = given;
    this.content = content;
    this.settings = settings;
    this.trial = trial;
    this.weights = weights;
  }

  /**
   * Reads one.
   *
   * @param option that names it
   * @param sets keys of the network's, where no configuration is beside the file
   * @param data keys of the data that it is asked about, which outrank the training's
   */
  static SavedModel read(String option, String file, List<String> sets, List<String> data)
      throws IOException {
    NamedFile named = named(option, file);
    byte[] content = named.read();
    ModelFile model = GivenModel.of(named, content);
    Optional<byte[]> resolved = named.readBeside(RunFolder.CONFIGURATION);
    String found = resolved.isPresent() ? named.pathBeside(RunFolder.CONFIGURATION) : null;
    List<String> all = new ArrayList<>();
    if (found != null) {
      // cuts and batch are the training's, and need not fit the data that it is asked about
      all.addAll(
          List.of(
              "dataset.train-examples=0",
              "dataset.validation-examples=0",
              "training.batch-size=1"));
    } else {
      all.addAll(sets);
      if (sets.stream().noneMatch(set -> set.matches("\\s*(grlu\\.)?network\\.layers\\s*=.*"))) {
        all.add("network.layers=" + GivenModel.layers(named, model));
      }
    }
    all.addAll(data);
    Settings settings =
        found == null
            ? ConfigReader.read(null, all)
            : ConfigReader.read(found, new String(resolved.get(), StandardCharsets.UTF_8), all);
    if (settings.stream().context() != ExampleStream.Context.NONE) {
      throw named.fault(
          "has a context for each task of its stream, and images that it is asked about here are of none; its training's table tasks has its accuracies");
    }
    TrialSettings trial = settings.trial();
    State state = trial.rule().scoresByState() ? trial.state() : State.NONE;
    Weights weights = GivenModel.weights(named, model, settings.shape(), state);
    return new SavedModel(named, found, !sets.isEmpty(), content, settings, trial, weights);
  }

  /** The file, or that of the folder of a run. */
  private static NamedFile named(String option, String file) throws IOException {
    if (!file.endsWith(".npz")) {
      NamedFile inside = NamedFile.of(option, file.replaceFirst("/+$", "") + "/" + RunFolder.MODEL);
      if (inside.isThere()) {
        return inside;
      }
    }
    return NamedFile.of(option, file);
  }

  /** The training's configuration without its data cuts, or one of what was set. */
  Settings settings() {
    return settings;
  }

  TrialSettings trial() {
    return trial;
  }

  Weights weights() {
    return weights;
  }

  /** The file's bytes. */
  byte[] content() {
    return content;
  }

  /** Where the configuration is from, for people. */
  String source() {
    if (found != null) {
      return found + (given ? ", which comes before --set" : "");
    }
    return given ? "--set" : "defaults";
  }

  /** Values of an example that the model's first layer reads. */
  int inputs() {
    return settings.shape().layers().get(0);
  }

  /**
   * The slow system that the model was trained on; null where it reads examples themselves.
   *
   * @param data what the examples are called
   * @param values of an example; 0 if they are not known yet
   * @param sha256 of a dataset by which the system is found where its training's status is not
   *     beside the file; null of none
   */
  Encoder encoder(String data, int values, String sha256) throws IOException {
    if (settings.features().isEmpty()) {
      return null;
    }
    Encoder encoder =
        settings.featuresFile().isPresent()
            ? FrozenFeatures.of(settings.featuresFile().get())
            : stored(sha256);
    if (values != 0 && encoder.inputs() != values) {
      throw named.fault(
          "reads codes of images of %d values; those of dataset %s have %d"
              .formatted(encoder.inputs(), data, values));
    }
    if (encoder.size() != inputs()) {
      throw named.fault(
          "reads codes of %d values; those of features %s have %d"
              .formatted(inputs(), encoder.id(), encoder.size()));
    }
    return encoder;
  }

  /** The id of the slow system whose codes a trial of a sweep read, as its row says. */
  private static Optional<String> ofTrial(RunFolder sweep, String trialId) throws IOException {
    List<Map<String, Object>> rows =
        sweep
            .table(RunFolder.TRIALS)
            .read(row -> trialId.equals(row.get("trial_id")), "trial_id", "features_id");
    return rows.stream()
        .map(row -> (String) row.get("features_id"))
        .filter(Objects::nonNull)
        .findFirst();
  }

  private Encoder stored(String sha256) throws IOException {
    RunFolder run = FrozenFeatures.folderOf(named.toString());
    Optional<RunFolder> sweep = KeptModels.sweepOf(run);
    // reports/sweeps/NAME, or reports/RUN
    Optional<RunFolder> above =
        sweep.isPresent() ? sweep.flatMap(RunFolder::parent) : Optional.of(run);
    String reports =
        found == null
            ? settings.reportDirectory()
            : above.flatMap(RunFolder::parent).orElse(run).shown();
    Optional<String> known =
        sweep.isPresent()
            ? ofTrial(sweep.get(), run.name())
            : named
                .readBeside(RunFolder.STATUS)
                .map(bytes -> Json.read(new String(bytes, StandardCharsets.UTF_8)))
                .filter(status -> status.get("features") instanceof String)
                .map(status -> (String) status.get("features"));
    if (known.isEmpty() && sha256 == null) {
      throw named.fault(
          "reads codes of features that %s beside it would name; there is none, or features.file must be set"
              .formatted(RunFolder.STATUS));
    }
    String id = known.orElseGet(() -> settings.featuresIdentity(sha256).id());
    return Features.stored(reports, id)
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
}
