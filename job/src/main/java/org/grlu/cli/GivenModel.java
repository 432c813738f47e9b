package org.grlu.cli;

import java.io.IOException;
import java.util.List;
import org.grlu.network.ModelFile;
import org.grlu.network.ModelFileException;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;

/** Model files that an option names: what is wrong with one is said with its name. */
final class GivenModel {
  private GivenModel() {}

  static ModelFile read(NamedFile file) throws IOException {
    return of(file, file.read());
  }

  /** The same of its content. */
  static ModelFile of(NamedFile file, byte[] content) {
    try {
      return ModelFile.read(content);
    } catch (ModelFileException e) {
      throw file.fault(e.getMessage());
    }
  }

  /** The widths, of dense layers alone: of others their arrays do not say what they are. */
  static List<Integer> layers(NamedFile file, ModelFile model) {
    try {
      return model.layers();
    } catch (ModelFileException e) {
      throw file.fault(e.getMessage());
    }
  }

  static Weights weights(NamedFile file, ModelFile model, NetworkShape shape) {
    return weights(file, model, shape, State.NONE);
  }

  /**
   * Those that have something beside them.
   *
   * @param state Modified: takes over what the file has
   */
  static Weights weights(NamedFile file, ModelFile model, NetworkShape shape, State state) {
    try {
      return model.weights(shape, state);
    } catch (ModelFileException e) {
      throw file.fault(e.getMessage());
    }
  }
}
