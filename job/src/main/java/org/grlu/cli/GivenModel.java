package org.grlu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.grlu.network.ModelFile;
import org.grlu.network.ModelFileException;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** Model files that an option names: what is wrong with one is said with its name. */
final class GivenModel {
  private GivenModel() {}

  static ModelFile read(String option, Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw fault(option, path, "there is no such file");
    }
    try {
      return ModelFile.read(Files.readAllBytes(path));
    } catch (ModelFileException e) {
      throw fault(option, path, e.getMessage());
    }
  }

  static Weights weights(String option, Path path, ModelFile file, NetworkShape shape) {
    try {
      return file.weights(shape);
    } catch (ModelFileException e) {
      throw fault(option, path, e.getMessage());
    }
  }

  private static CommandException fault(String option, Path path, String message) {
    return new CommandException(ExitCode.BAD_INPUT, option + " " + path + ": " + message);
  }
}
