package org.grlu.features;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.TopK;
import org.grlu.network.ArrayFile;
import org.grlu.noise.StreamKey;

/** Trains slow systems: a backbone, then whitening, then layer norm, then a sparse expansion. */
public final class SlowSystem {
  /** What keys of streams are for, below the features'. */
  private static final int BACKBONE = 0;

  private static final int EXPANSION = 1;

  private final FeatureSettings settings;
  private final Parts parts;
  private final Listener listener;
  private final LabelledImages images;
  private final long key;
  private final List<Stage> stages = new ArrayList<>();
  private Map<String, ArrayFile.Matrix> beside = Map.of();

  private SlowSystem(FeatureSettings settings, Parts parts, Listener listener) {
    this.settings = settings;
    this.parts = parts;
    this.listener = listener;
    images = parts.images();
    key = StreamKey.of(settings.seed(), StreamKey.Purpose.FEATURES);
  }

  /** Hears how it goes: what is done, in a few words. */
  public interface Listener {
    void said(String line);
  }

  /**
   * Trains one. The settings have no {@link #faults}.
   *
   * @param id what it is to be called
   * @throws FeatureException where it diverges
   */
  public static Encoder train(FeatureSettings settings, String id, Parts parts, Listener listener) {
    return train(settings, id, parts, listener, null);
  }

  /**
   * The same.
   *
   * @param backbone a system of the same settings but for whitening and expansion, of which it has
   *     none; null where there is none yet
   */
  public static Encoder train(
      FeatureSettings settings, String id, Parts parts, Listener listener, Encoder backbone) {
    SlowSystem system = new SlowSystem(settings, parts, listener);
    if (backbone == null) {
      system.backbone();
    } else {
      // its last stage is layer norm
      system.stages.addAll(backbone.stages().subList(0, backbone.stages().size() - 1));
      system.beside = backbone.beside();
    }
    system.whiten();
    system.stages.add(new Norm(system.length()));
    system.expand();
    return new Encoder(id, system.stages, system.beside);
  }

  /** What can't be computed of images of these sides, a line each; see {@link FeatureFaults}. */
  public static List<String> faults(FeatureSettings settings, int rows, int columns, int channels) {
    return FeatureFaults.of(settings, rows, columns, channels);
  }

  private int length() {
    return stages.isEmpty() ? images.pixelsPerImage() : stages.get(stages.size() - 1).outputs();
  }

  private void backbone() {
    long own = StreamKey.child(key, BACKBONE);
    int size = settings.size();
    switch (settings.kind()) {
      case PIXELS -> {}
      case RANDOM_PATCHES, HEBBIAN_PATCHES, EVOLUTION_PATCHES -> patches(own);
      case PCA -> {
        say("covariance of the pixels of %d images", images.size());
        Moments moments = Moments.of(parts, List.of(), images.pixelsPerImage(), images.size());
        say("principal components of %d pixels", images.pixelsPerImage());
        stages.add(Whitening.of(moments).components(size));
      }
      case RANDOM -> {
        double[] mean = parts.map(1, Moments::mean).get(0);
        float[] draws = Normals.of(own, 1 / Math.sqrt(mean.length), settings.size() * mean.length);
        double[] weights = new double[draws.length];
        for (int i = 0; i < draws.length; i++) {
          weights[i] = draws[i];
        }
        stages.add(Whitening.centred(mean, weights, size, Linear.Shape.RECTIFIED));
      }
      case AUTOENCODER -> autoencoder(own);
    }
  }

  private void autoencoder(long own) {
    int size = settings.size();
    int epochs = settings.epochs();
    int pairs = settings.perturbations();
    boolean backprop = settings.learning() == FeatureSettings.Learning.BACKPROP;
    boolean noise = settings.learning() == FeatureSettings.Learning.NOISE;
    AutoencoderLayers layers =
        AutoencoderLayers.of(images.pixelsPerImage(), settings.hidden(), size);
    say("autoencoder of %d: %d epochs of %d images", size, epochs, images.size());
    Parts.Part part =
        backprop
            ? new BackpropAutoencoder(size, settings.hidden(), rate(), epochs, own)
            : new GrluAutoencoder(size, noise, rate(), epochs, pairs, own);
    double[] packed = parts.map(1, part).get(0);
    double[] errors = layers.errors(packed);
    for (int epoch = 0; epoch < epochs; epoch++) {
      if (!Double.isFinite(errors[epoch])) {
        throw new FeatureException(
            String.format(
                Locale.ROOT,
                "features.learning-rate = %s: the autoencoder diverged in epoch %d; must be less",
                rate(),
                epoch + 1));
      }
      say("epoch %d of %d: squared error a pixel %.4f", epoch + 1, epochs, errors[epoch]);
    }
    stages.addAll(layers.stages(packed));
    beside = layers.beside(packed);
  }

  /**
   * The learning's own rate where none is given; by noise it is that of 64 pairs times the share of
   * them there are. Twice as much diverges on MNIST, and nearly so on brighter images.
   */
  private double rate() {
    if (settings.learningRate() > 0) {
      return settings.learningRate();
    }
    double share = Math.min(1, settings.perturbations() / 64.0);
    return switch (settings.learning()) {
      case BACKPROP -> 1e-3;
      case GRLU -> 3e-3 * share;
      case NOISE -> 1e-3 * share;
    };
  }

  private void patches(long own) {
    int filters = settings.filters();
    int patch = settings.patch();
    float[] weights;
    if (settings.kind() == FeatureSettings.Kind.RANDOM_PATCHES) {
      weights = Normals.of(own, 1, filters * patch * patch);
      for (int f = 0; f < filters; f++) {
        PatchSample.normalise(weights, f * patch * patch, patch * patch);
      }
    } else if (settings.kind() == FeatureSettings.Kind.HEBBIAN_PATCHES) {
      say("%d filters of %d x %d compete for patches", filters, patch, patch);
      weights = floats(parts.map(1, new HebbianPatches(filters, patch, own)).get(0));
    } else {
      say("%d filters of %d x %d evolve for %d steps", filters, patch, patch, settings.steps());
      EvolutionPatches evolution =
          new EvolutionPatches(filters, patch, settings.perturbations(), settings.steps(), own);
      double[] found = parts.map(1, evolution).get(0);
      int n = found.length;
      say("fitness from %.3f to %.3f", found[n - 2], found[n - 1]);
      weights = floats(found);
    }
    stages.add(
        new Patches(images.rows(), images.columns(), patch, settings.grid(), filters, weights));
  }

  private void whiten() {
    if (settings.whiten() == FeatureSettings.Whiten.NONE) {
      return;
    }
    int all = images.size();
    int examples = settings.whitenExamples() == 0 ? all : Math.min(settings.whitenExamples(), all);
    say("covariance of %d values of %d images", length(), examples);
    Moments moments = Moments.of(parts, stages, length(), examples);
    say("decomposition of a covariance of %d values", length());
    Whitening whitening = Whitening.of(moments);
    stages.add(
        settings.whiten() == FeatureSettings.Whiten.ZCA
            ? whitening.zca(settings.ridge(), true)
            : whitening.components(settings.components()));
  }

  private void expand() {
    int units = settings.expand();
    if (units == 0) {
      return;
    }
    int d = length();
    long own = StreamKey.child(key, EXPANSION);
    float[] weights = Normals.of(own, 1 / Math.sqrt(d), units * d);
    stages.add(new Linear(d, units, Linear.Shape.PLAIN, weights, new float[units]));
    stages.add(new Largest(units, TopK.count(settings.expandShare(), units)));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private void say(String format, Object... arguments) {
    listener.said(String.format(Locale.ROOT, format, arguments));
  }
}
