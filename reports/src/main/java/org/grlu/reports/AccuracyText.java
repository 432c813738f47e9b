package org.grlu.reports;

import java.util.Locale;

/** An accuracy for people, the same on the console and on pages. */
public final class AccuracyText {
  private AccuracyText() {}

  /**
   * The mean over seeds and the 95 % interval of the mean, "97.20% [96.91, 97.49]"; of one seed,
   * which has none, "97.20%"; of none nothing.
   */
  public static String of(Sample sample) {
    return sample.mean() == null ? "" : share("%.2f%%", sample.mean()) + interval(sample);
  }

  /** The same under a heading that says per cent. */
  static String figure(Sample sample) {
    return sample.mean() == null ? "" : share("%.2f", sample.mean()) + interval(sample);
  }

  private static String interval(Sample sample) {
    return sample.low() == null
        ? ""
        : " [" + share("%.2f", sample.low()) + ", " + share("%.2f", sample.high()) + "]";
  }

  private static String share(String format, double share) {
    return String.format(Locale.ROOT, format, 100 * share);
  }
}
