package org.grlu.features;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.grlu.network.Weights;

/** What of some settings can't be computed of images of some sides: a line each, with its key. */
final class FeatureFaults {
  /** The longest code whose covariance is decomposed: 8,192 would take a quarter of an hour. */
  private static final int LONGEST_DECOMPOSED = 4096;

  /** The most numbers of one array. */
  private static final long MOST_VALUES = Weights.MOST;

  private final List<String> lines = new ArrayList<>();

  private FeatureFaults() {}

  static List<String> of(FeatureSettings settings, int rows, int columns, int channels) {
    FeatureFaults faults = new FeatureFaults();
    int pixels = rows * columns * channels;
    if (settings.kind().ofPatches()) {
      faults.patches(settings, rows, columns, channels);
    }
    switch (settings.kind()) {
      case PCA -> faults.components(settings, pixels);
      case AUTOENCODER -> faults.autoencoder(settings);
      case EVOLUTION_PATCHES -> {
        faults.atLeast("perturbations", settings.perturbations(), 1);
        faults.atLeast("steps", settings.steps(), 1);
      }
      default -> {}
    }
    // what is wrong with the code itself says enough
    if (faults.lines.isEmpty()) {
      faults.fixed(settings, pixels);
      faults.products(settings, pixels);
    }
    return faults.lines;
  }

  private void patches(FeatureSettings settings, int rows, int columns, int channels) {
    int side = Math.min(rows, columns);
    if (channels != 1) {
      say(
          "kind = %s: patches are of images of one channel; these have %d",
          settings.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), channels);
      return;
    }
    atLeast("filters", settings.filters(), 1);
    if (settings.patch() < 2 || settings.patch() > side) {
      say(
          "patch = %d: must be from 2 to %d, the smaller side of images of %d x %d",
          settings.patch(), side, rows, columns);
    } else if (settings.grid() < 1 || settings.grid() > side - settings.patch() + 1) {
      say(
          "grid = %d: must be from 1 to %d, as many patches of %d as there are along a side of %d",
          settings.grid(), side - settings.patch() + 1, settings.patch(), side);
    }
  }

  private void components(FeatureSettings settings, int pixels) {
    if (pixels > LONGEST_DECOMPOSED) {
      say("kind = pca: images have %d values; must be at most %d", pixels, LONGEST_DECOMPOSED);
    } else if (settings.size() > pixels) {
      say("size = %d: must be at most %d, the values of an image", settings.size(), pixels);
    }
  }

  private void autoencoder(FeatureSettings settings) {
    boolean backprop = settings.learning() == FeatureSettings.Learning.BACKPROP;
    String learning = settings.learning().name().toLowerCase(Locale.ROOT);
    if (!backprop && settings.hidden() > 0) {
      say(
          "hidden = %d: must be 0 with features.learning = %s; only backprop has hidden layers",
          settings.hidden(), learning);
    }
    if (!backprop) {
      atLeast("perturbations", settings.perturbations(), 1);
    }
    atLeast("epochs", settings.epochs(), 1);
  }

  private void fixed(FeatureSettings settings, int pixels) {
    int raw = settings.raw(pixels);
    atLeast(settings.kind().ofPatches() ? "filters" : "size", raw, 1);
    if (settings.whiten() != FeatureSettings.Whiten.NONE && raw > LONGEST_DECOMPOSED) {
      say(
          "whiten = %s: the code has %d values; must be at most %d",
          settings.whiten().name().toLowerCase(Locale.ROOT), raw, LONGEST_DECOMPOSED);
    }
    if (settings.whiten() == FeatureSettings.Whiten.PCA
        && (settings.components() < 1 || settings.components() > raw)) {
      say(
          "components = %d: must be from 1 to %d, the length of the code",
          settings.components(), raw);
    }
    if (settings.expand() > 0 && !(settings.expandShare() > 0 && settings.expandShare() <= 1)) {
      say("expand-share = %s: must be above 0, at most 1", settings.expandShare());
    }
  }

  /** What no array holds shows before anything is trained. */
  private void products(FeatureSettings settings, int pixels) {
    long raw = settings.raw(pixels);
    long coded = settings.whiten() == FeatureSettings.Whiten.PCA ? settings.components() : raw;
    long hidden = Math.max(1, settings.hidden());
    long backbone =
        settings.kind().ofPatches()
            ? (long) settings.perturbations()
                * settings.filters()
                * settings.patch()
                * settings.patch()
            : Math.max(raw, hidden) * Math.max(pixels, settings.perturbations());
    long most = Math.max(coded * settings.expand(), backbone);
    if (most > MOST_VALUES) {
      say(
          "kind = %s: takes an array of %d numbers; must be at most %d",
          settings.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), most, MOST_VALUES);
    }
  }

  private void atLeast(String key, int value, int least) {
    if (value < least) {
      say("%s = %d: must be at least %d", key, value, least);
    }
  }

  private void say(String format, Object... arguments) {
    lines.add("features." + String.format(Locale.ROOT, format, arguments));
  }
}
