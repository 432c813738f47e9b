package org.grlu.features;

import org.grlu.network.ArrayFile;
import org.grlu.network.ModelFileException;

/** Stages from their lines and arrays. */
final class Stages {
  private Stages() {}

  /**
   * Makes a stage again.
   *
   * @param line of {@link Stage#line}
   * @param prefix of its arrays' names
   * @throws ModelFileException where there is no such stage, or its arrays are not as they must be
   */
  static Stage read(String line, ArrayFile file, String prefix) {
    String[] words = line.split(" ");
    try {
      return switch (words[0]) {
        case Linear.NAME -> Linear.read(words, file, prefix);
        case Patches.NAME -> Patches.read(words, file, prefix);
        case Largest.NAME -> Largest.read(words);
        case Norm.NAME -> new Norm(Integer.parseInt(words[1]));
        default -> throw new ModelFileException("stage %s: there is no such stage", line);
      };
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new ModelFileException("stage %s: its numbers can't be read", line);
    }
  }

  static void check(boolean holds, String array, String must) {
    if (!holds) {
      throw new ModelFileException("array %s: %s", array, must);
    }
  }
}
