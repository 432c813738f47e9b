package org.grlu.config;

import java.util.Locale;

/** The scale on which a parameter's values are searched. */
public enum Scale {
  LINEAR,
  LOG,
  /** Values without an order: words, lists and flags. */
  CATEGORY;

  /** Returns the scale's word in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
