package org.grlu.config;

import java.util.List;

/** Says that a configuration can't be used. The message has one line for each fault. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param faults one line for each fault, at least one
   */
  public ConfigException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
  }
}
