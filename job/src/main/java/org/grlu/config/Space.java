package org.grlu.config;

import java.util.List;

/** The values that a parameter may take. */
public sealed interface Space {

  /** A list of choices, each equally likely. */
  record Listed(List<Choice> choices) implements Space {
    public Listed {
      choices = List.copyOf(choices);
    }
  }

  /**
   * An interval of numbers.
   *
   * @param low the least number, inclusive
   * @param high the largest number, inclusive
   * @param scale the scale on which draws are uniform: {@link Scale#LINEAR} or {@link Scale#LOG}
   * @param whole whether only whole numbers are drawn
   */
  record Interval(double low, double high, Scale scale, boolean whole) implements Space {}
}
