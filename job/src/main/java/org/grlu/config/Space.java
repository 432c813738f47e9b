package org.grlu.config;

import java.util.List;

/** The values that a parameter may take. */
public sealed interface Space {

  /** One of these, each as likely as the others. */
  record Listed(List<Choice> choices) implements Space {
    public Listed {
      choices = List.copyOf(choices);
    }
  }

  /**
   * A number between two, both included.
   *
   * @param scale {@link Scale#LINEAR} or {@link Scale#LOG}: on which it is uniform
   * @param whole whether only whole numbers are drawn
   */
  record Interval(double low, double high, Scale scale, boolean whole) implements Space {}
}
