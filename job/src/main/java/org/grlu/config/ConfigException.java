package org.grlu.config;

import java.util.List;

/** A configuration that can't be used: all that is wrong with it, a line each. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One line for each fault; at least one. */
  public ConfigException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
  }
}
