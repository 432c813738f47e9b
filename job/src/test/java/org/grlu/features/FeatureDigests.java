package org.grlu.features;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.grlu.datasets.LabelledImages;

/** Prints the digest of the file of each kind of slow system, trained on a few images. */
public final class FeatureDigests {
  private static final int IMAGES = 40;

  private FeatureDigests() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    digests(1).forEach(System.out::println);
  }

  /** Settings of small systems of all kinds and whatever follows them. */
  static List<FeatureSettings> settings() {
    List<FeatureSettings> all = new ArrayList<>();
    for (FeatureSettings.Kind kind : FeatureSettings.Kind.values()) {
      TestSettings form = new TestSettings(kind);
      all.add(form.build());
      form.expand = 40;
      form.whiten = kind.ofPatches() ? FeatureSettings.Whiten.ZCA : FeatureSettings.Whiten.NONE;
      all.add(form.build());
      if (kind.ofPatches()) {
        form.whiten = FeatureSettings.Whiten.PCA;
        form.whitenExamples = 30;
        all.add(form.build());
      }
    }
    for (FeatureSettings.Learning learning : FeatureSettings.Learning.values()) {
      TestSettings form = new TestSettings(FeatureSettings.Kind.AUTOENCODER);
      form.learning = learning;
      form.hidden = learning == FeatureSettings.Learning.BACKPROP ? 20 : 0;
      all.add(form.build());
    }
    return all;
  }

  static List<String> digests(int threads) {
    LabelledImages images = SmallImages.of(IMAGES);
    List<String> lines = new ArrayList<>();
    for (FeatureSettings each : settings()) {
      ThreadParts parts = new ThreadParts(images, threads, threads);
      Encoder encoder = SlowSystem.train(each, "id", parts, line -> {});
      lines.add(each + " " + sha256(encoder.toFile()) + " " + codes(encoder, images));
    }
    return lines;
  }

  private static int codes(Encoder encoder, LabelledImages images) {
    float[] codes = new float[images.size() * encoder.size()];
    encoder.encode(images, 0, images.size(), codes, 0);
    return Arrays.hashCode(codes);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
