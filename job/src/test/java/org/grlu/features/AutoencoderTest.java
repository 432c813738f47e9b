package org.grlu.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.grlu.datasets.LabelledImages;
import org.junit.jupiter.api.Test;

class AutoencoderTest {
  private static final LabelledImages IMAGES = SmallImages.of(400);
  private static final int PIXELS = SmallImages.SIDE * SmallImages.SIDE;

  /** The least squared error a pixel of a linear code: the variance beyond its components. */
  private static double least(int size) {
    Moments moments = Moments.of(ThreadParts.one(IMAGES), List.of(), PIXELS, IMAGES.size());
    double[] variances = Whitening.of(moments).variances();
    double left = 0;
    for (int i = size; i < PIXELS; i++) {
      left += variances[i];
    }
    return left / PIXELS;
  }

  private static double error(TestSettings form) {
    Encoder encoder = SlowSystem.train(form.build(), "id", ThreadParts.one(IMAGES), line -> {});
    assertThat(encoder.reconstructs()).isTrue();
    float[] pixels = Encoder.pixels(IMAGES, 0, IMAGES.size());
    float[] made = Encoder.fromFile(encoder.toFile()).reconstruct(IMAGES, 0, IMAGES.size());
    double squares = 0;
    for (int i = 0; i < made.length; i++) {
      squares += (made[i] - pixels[i]) * (double) (made[i] - pixels[i]);
    }
    return squares / made.length;
  }

  private static TestSettings form(FeatureSettings.Learning learning) {
    TestSettings form = new TestSettings(FeatureSettings.Kind.AUTOENCODER);
    form.learning = learning;
    form.size = 6;
    form.perturbations = 16;
    return form;
  }

  @Test
  void linearCodesByBackpropagationComeNearPrincipalComponents() {
    TestSettings form = form(FeatureSettings.Learning.BACKPROP);
    form.epochs = 400;
    form.learningRate = 0.01;
    assertThat(error(form)).isBetween(least(6) * (1 - 1e-6), least(6) * 1.01);
  }

  @Test
  void hiddenLayersReconstructMore() {
    TestSettings form = form(FeatureSettings.Learning.BACKPROP);
    form.epochs = 400;
    form.hidden = 48;
    form.learningRate = 0.005;
    assertThat(error(form)).isLessThan(least(6) * 0.8);
  }

  /** Seeds are fixed, and what is left is far from the bounds. */
  @Test
  void linearCodesByRewardComeNearPrincipalComponents() {
    TestSettings form = form(FeatureSettings.Learning.GRLU);
    form.epochs = 40;
    form.learningRate = 0.02;
    assertThat(error(form)).isBetween(least(6) * (1 - 1e-6), least(6) * 1.1);
  }

  @Test
  void bothLayersLearnByNoise() {
    TestSettings form = form(FeatureSettings.Learning.NOISE);
    form.epochs = 40;
    form.learningRate = 0.01;
    assertThat(error(form)).isBetween(least(6) * (1 - 1e-6), least(6) * 1.25);
  }

  @Test
  void whatDivergesSaysByWhichRate() {
    TestSettings form = form(FeatureSettings.Learning.GRLU);
    form.learningRate = 1;
    form.epochs = 2;
    assertThatThrownBy(() -> error(form))
        .isInstanceOf(FeatureException.class)
        .hasMessage(
            "features.learning-rate = 1.0: the autoencoder diverged in epoch 1; must be less");
  }

  /** An epoch on a few images against the double form, which runs each pair's two passes. */
  @Test
  void stepsAreDifferencesOfRewardsTimesNoise() {
    LabelledImages few = SmallImages.of(5);
    for (boolean noise : new boolean[] {false, true}) {
      // a rate of nothing gives the weights that training starts from
      double[] before = new GrluAutoencoder(4, noise, 0, 1, 3, 7).of(few, 0);
      double[] after = new GrluAutoencoder(4, noise, 0.05, 1, 3, 7).of(few, 0);
      PlainGrluAutoencoder plain = new PlainGrluAutoencoder(few, before, 4, noise, 3, 7);
      plain.epoch(0.05);
      double largest = 0;
      for (int i = 0; i < plain.parameters.length; i++) {
        assertThat(after[i]).isCloseTo(plain.parameters[i], within(1e-5));
        largest = Math.max(largest, Math.abs(after[i] - before[i]));
      }
      assertThat(largest).isGreaterThan(0.01);
    }
  }
}
