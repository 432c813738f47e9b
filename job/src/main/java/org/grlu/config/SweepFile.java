package org.grlu.config;

import java.nio.file.Path;

/**
 * A sweep: the configuration of its trials, and what varies among them.
 *
 * @param path the file that the sweep was read from
 * @param base the values where no parameter sets another
 * @param sweep the search
 * @param written the block {@code sweep} in HOCON, defaults included
 */
public record SweepFile(Path path, Settings base, SweepSettings sweep, String written) {
  /**
   * Returns HOCON that reads back to the same sweep. A comment gives the origin of each value of
   * {@code base}.
   */
  public String render() {
    return base.render() + "grlu.sweep " + written;
  }
}
