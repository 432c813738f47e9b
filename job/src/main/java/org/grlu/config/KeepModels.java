package org.grlu.config;

import java.util.Locale;

/** Of which trials a sweep keeps the weights. */
public enum KeepModels {
  NONE,
  /** Every seed of the settings that are ranked first when the sweep is over. */
  BEST,
  /** Every trial that is done. */
  ALL;

  /** As it stands in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
