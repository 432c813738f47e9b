package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.grlu.config.Home;
import org.grlu.export.CsvMatrices;
import org.grlu.export.ExportException;
import org.grlu.export.OnnxModel;
import org.grlu.network.ModelFile;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.RunFolder;
import org.grlu.reports.TrialSearch;
import org.grlu.run.KeptModels;
import org.grlu.store.Provenance;
import org.grlu.training.TrialSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a saved model in the formats of other tools. */
@Command(
    name = "export",
    description = {
      "Write a saved model in the format of another tool.",
      "",
      "npz has W0, b0, W1, ... for NumPy, 32-bit floats. csv is a folder with a file for each of"
          + " them, a line for each unit. onnx is the network from pixels to logits, probabilities"
          + " and class, with the scale of pixels and layer norm in it.",
      "",
      "What the model's file does not say comes from resolved.conf beside it, else from --set."
    })
final class ExportCommand implements Callable<Integer> {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{4,64}");

  /** What to write. */
  enum Format {
    NPZ,
    ONNX,
    CSV
  }

  /** What ONNX reads. */
  enum Input {
    PIXELS,
    VALUES
  }

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "A model.npz, or the folder of a run that has one, each a path or URI; or a trial's id,"
              + " or as many of the first digits as no other trial has.")
  private String model;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "npz, onnx or csv.")
  private Format format;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to: a file; of csv a new folder. A path or URI.")
  private String out;

  @Option(
      names = "--in",
      paramLabel = "DIR",
      description = "The report directory that has the trial.")
  private String directory;

  @Option(
      names = "--input",
      paramLabel = "KIND",
      defaultValue = "pixels",
      description =
          "What onnx reads: pixels from 0 to 255, or values as the dataset has them"
              + " (${DEFAULT-VALUE}).")
  private Input input;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description =
          "A key that no resolved.conf beside the model gives. " + ConfigurationOptions.STRINGS)
  private List<String> sets = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    // the training's dataset is not asked for
    List<String> data = List.of("dataset.directory=.", "dataset.train=", "dataset.test=");
    SavedModel saved = SavedModel.read("MODEL", file(), sets, data);
    switch (format) {
      case NPZ -> write(ModelFile.write(saved.weights(), Map.of()));
      case CSV -> {
        refuseState(saved.trial());
        folder(CsvMatrices.of(saved.weights()));
      }
      case ONNX -> write(onnx(saved));
    }
    System.err.println("configuration: " + saved.source());
    System.out.printf("%s of %s in %s%n", word(), saved.settings().shape().widths(), out);
    return ExitCode.DONE;
  }

  private String word() {
    return format.name().toLowerCase(Locale.ROOT);
  }

  /** The model's file. */
  private String file() throws IOException {
    if (model.endsWith(".npz")) {
      return model;
    }
    String folder = Home.expand("MODEL", model);
    boolean trial = ID.matcher(model).matches() && !run(folder).exists();
    if (trial) {
      TrialSearch.Found found = TrialLookup.find(model, directory);
      folder = found.folder();
      RunFolder kept = KeptModels.of(run(folder), (String) found.row().get("trial_id"));
      folder = kept.exists() ? kept.shown() : folder;
    }
    if (run(folder).read(RunFolder.MODEL).isEmpty()) {
      throw fault(
          trial
              ? "its weights are not kept in %s; grlu report %s makes them again"
                  .formatted(folder, model)
              : "there is no %s in this folder".formatted(RunFolder.MODEL));
    }
    return folder + "/" + RunFolder.MODEL;
  }

  private RunFolder run(String folder) throws IOException {
    try {
      return RunFolder.at(folder, HadoopFiles.configuration());
    } catch (NoPathException e) {
      throw fault("not a path or URI");
    }
  }

  private byte[] onnx(SavedModel saved) {
    refuseState(saved.trial());
    if (saved.settings().features().isPresent()) {
      throw fault("reads codes of features, which have no form in ONNX here");
    }
    try {
      return OnnxModel.write(
          saved.settings().shape(),
          saved.weights(),
          saved.trial().pixels(),
          input == Input.PIXELS,
          Provenance.codeVersion());
    } catch (ExportException e) {
      throw fault(e.getMessage());
    }
  }

  private void refuseState(TrialSettings trial) {
    if (trial.rule().scoresByState()) {
      throw fault(
          "its rule scores by what it keeps beside the weights, which has no form in %s; npz has it"
              .formatted(word()));
    }
  }

  private void write(byte[] content) {
    NamedFile.of("--out", out).write(content);
  }

  private void folder(Map<String, byte[]> files) throws IOException {
    RunFolder folder = run(Home.expand("--out", out));
    if (!folder.create()) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--out %s: is there already; must be a new folder".formatted(out));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      folder.write(file.getKey(), file.getValue());
    }
  }

  private CommandException fault(String message) {
    return new CommandException(ExitCode.BAD_INPUT, model + ": " + message);
  }
}
