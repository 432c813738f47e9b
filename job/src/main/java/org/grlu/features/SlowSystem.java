package org.grlu.features;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grlu.noise.StreamKey;

/** Trains slow systems. */
public final class SlowSystem {
  private SlowSystem() {}

  /** Hears how it goes: what is done, in a few words. */
  public interface Listener {
    void said(String line);
  }

  /**
   * What of its settings does not go together, or with images of such a form, a line each that
   * names the key.
   */
  public static List<String> faults(FeatureSettings settings, int rows, int columns, int channels) {
    return List.of();
  }

  /**
   * Trains one.
   *
   * @param id what it is to be called
   */
  public static Encoder train(FeatureSettings settings, String id, Parts parts, Listener listener) {
    int pixels = parts.images().pixelsPerImage();
    List<Stage> stages = new ArrayList<>();
    switch (settings.kind()) {
      case RANDOM -> stages.add(random(settings, pixels));
      default -> {}
    }
    stages.add(new Norm(settings.raw(pixels)));
    return new Encoder(id, stages, Map.of());
  }

  private static Stage random(FeatureSettings settings, int pixels) {
    float[] weights = new float[settings.size() * pixels];
    long key = StreamKey.of(settings.seed(), StreamKey.Purpose.FEATURES);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) ((StreamKey.child(key, i) >>> 11) * 0x1p-53 - 0.5);
    }
    return new Linear(pixels, settings.size(), true, weights, new float[settings.size()]);
  }
}
