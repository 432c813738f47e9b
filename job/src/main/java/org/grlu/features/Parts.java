package org.grlu.features;

import java.io.Serializable;
import java.util.List;
import org.grlu.datasets.LabelledImages;

/**
 * The images that a slow system sees, and who computes over them: this thread, or a cluster. What
 * comes back does not depend on which.
 */
public interface Parts {
  /** The images, without what their labels say. */
  LabelledImages images();

  /**
   * Computes parts of some work, at most as many at a time as there are cores.
   *
   * @param parts how many; numbered from 0
   * @return what they return, in their order
   */
  List<double[]> map(int parts, Part part);

  /** What one part computes: a function of the images and its number, of no other state. */
  interface Part extends Serializable {
    double[] of(LabelledImages images, int number);
  }
}
