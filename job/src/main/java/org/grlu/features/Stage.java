package org.grlu.features;

import java.io.Serializable;
import java.util.Map;
import org.grlu.network.ArrayFile;

/** A step from images to codes; may be used by any number of threads. */
interface Stage extends Serializable {
  int inputs();

  int outputs();

  /**
   * Computes some rows.
   *
   * @param in Not modified. (count x inputs)
   * @param out Modified. (count x outputs), zeros before
   */
  void apply(int count, float[] in, float[] out);

  /** What it is, with its numbers, in one line: by which {@link Stages#read} makes it again. */
  String line();

  /** Its arrays by name. */
  Map<String, ArrayFile.Matrix> arrays();
}
