package org.grlu.config;

import java.util.Locale;

/** The axis on which a parameter's values were searched. */
public enum Scale {
  LINEAR,
  LOG,
  /** No order: words, lists, flags. */
  CATEGORY;

  /** As it stands in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
