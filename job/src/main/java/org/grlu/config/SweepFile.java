package org.grlu.config;

import java.nio.file.Path;

/**
 * A sweep: a trial's configuration and what is varied of it.
 *
 * @param path where it was read
 * @param base what holds where no parameter says otherwise
 * @param sweep what is searched
 * @param written the block {@code sweep} in HOCON, with its defaults
 */
public record SweepFile(Path path, Settings base, SweepSettings sweep, String written) {
  /** HOCON that reads back to the same sweep; values of the base with where they came from. */
  public String render() {
    return base.render() + "grlu.sweep " + written;
  }
}
