package org.grlu.features;

import java.io.Serializable;
import org.grlu.math.TopK;

/**
 * All that makes a slow system, but for the images it sees.
 *
 * @param kind of system
 * @param seed of all that it draws
 * @param size the length of the code of an autoencoder, of principal components of pixels, or of
 *     random projections
 * @param hidden neurons between the pixels and the code of an autoencoder, and back; 0 for a linear
 *     one
 * @param learning of an autoencoder
 * @param learningRate 0 for the learning's own
 * @param epochs of an autoencoder
 * @param perturbations antithetic pairs, of an autoencoder's example or of a step of evolution
 * @param filters of patches
 * @param patch a patch's height and width
 * @param grid the pooled code has so many rows and columns of filters' sums
 * @param steps of evolution
 * @param whiten what is done to the code
 * @param whitenExamples how many images it is made of, from the first; 0 for all
 * @param ridge of whitening, as a share of the mean variance
 * @param components that are kept of whitening by components
 * @param expand neurons of the sparse expansion; 0 for none
 * @param expandShare the share of them that is active
 */
public record FeatureSettings(
    Kind kind,
    long seed,
    int size,
    int hidden,
    Learning learning,
    double learningRate,
    int epochs,
    int perturbations,
    int filters,
    int patch,
    int grid,
    int steps,
    Whiten whiten,
    int whitenExamples,
    double ridge,
    int components,
    int expand,
    double expandShare)
    implements Serializable {

  /** Raised whenever the same settings would give other codes. */
  public static final int VERSION = 1;

  /** Kinds of systems; in configurations the same in small letters with - in the place of _. */
  public enum Kind {
    /** The pixels themselves. */
    PIXELS,
    AUTOENCODER,
    HEBBIAN_PATCHES,
    RANDOM_PATCHES,
    EVOLUTION_PATCHES,
    PCA,
    RANDOM;

    /** Whether anything of it but whitening depends on the images that it sees. */
    public boolean learns() {
      return this != PIXELS && this != RANDOM_PATCHES;
    }

    /** Whether its code is made of filters of patches. */
    public boolean ofPatches() {
      return this == HEBBIAN_PATCHES || this == RANDOM_PATCHES || this == EVOLUTION_PATCHES;
    }
  }

  /** How an autoencoder learns. */
  public enum Learning {
    BACKPROP,
    /** The encoder by the reconstruction's reward, the decoder by its own error. */
    GRLU,
    /** Both by the reward. */
    NOISE
  }

  /** What is done to the code. */
  public enum Whiten {
    NONE,
    /** (C + ridge I)^(-1/2), which leaves it as long as it is. */
    ZCA,
    /** The largest principal components. */
    PCA
  }

  /** The length of the code before whitening and expansion, of images of so many pixels. */
  public int raw(int pixels) {
    return kind == Kind.PIXELS ? pixels : kind.ofPatches() ? filters * grid * grid : size;
  }

  /** The length of the code, of images of so many pixels. */
  public int outputs(int pixels) {
    if (expand > 0) {
      return expand;
    }
    return whiten == Whiten.PCA ? components : raw(pixels);
  }

  /** |x|^2 of a code x of so many values: as many, or as are active of a sparse one. */
  public double squaredNorm(int values) {
    return expand > 0 ? TopK.count(expandShare, expand) : values;
  }

  /** Of the same form, but drawn rather than learned, and with nothing after its backbone. */
  public FeatureSettings drawn() {
    Kind other = kind.ofPatches() ? Kind.RANDOM_PATCHES : kind == Kind.PIXELS ? kind : Kind.RANDOM;
    return withBackbone(other, size);
  }

  /** Random projections of images. */
  public FeatureSettings product(int outputs) {
    return withBackbone(Kind.RANDOM, outputs);
  }

  private FeatureSettings withBackbone(Kind other, int outputs) {
    return new FeatureSettings(
        other,
        seed,
        outputs,
        hidden,
        learning,
        learningRate,
        epochs,
        perturbations,
        filters,
        patch,
        grid,
        steps,
        Whiten.NONE,
        whitenExamples,
        ridge,
        components,
        0,
        expandShare);
  }

  /**
   * Multiplications of an image's whitening and expansion, and of an autoencoder's hidden layer.
   */
  public double productsAfter(int pixels) {
    double raw = raw(pixels);
    double whitened = whiten == Whiten.PCA ? components : raw;
    double whitening = whiten == Whiten.NONE ? 0 : raw * whitened;
    double layer = kind == Kind.AUTOENCODER ? (double) hidden * (pixels + size) : 0;
    return whitening + whitened * expand + layer;
  }
}
