package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.network.Weights;
import org.grlu.reports.TestAnswers;
import org.grlu.reports.TestAnswers.Mistake;
import org.grlu.training.ExampleStream;
import org.grlu.training.Predictor;

/** A pass of finished weights over the test set, in one thread. */
final class TestPass {
  private static final int BLOCK = 256;

  private TestPass() {}

  /** Whether images can be asked about by themselves: not where each has the context of a task. */
  static boolean fits(Settings settings) {
    return settings.stream().context() == ExampleStream.Context.NONE;
  }

  /**
   * The answers of a model in a file, with the slow system that it reads codes of.
   *
   * @param dataset its images
   * @throws CommandException where the dataset is none that the model reads
   */
  static TestAnswers of(SavedModel saved, Dataset dataset) throws IOException {
    Encoder encoder = saved.encoder(dataset.name(), dataset.pixelsPerImage(), dataset.sha256());
    LabelledImages images = dataset.test();
    LabelledImages read = encoder == null ? images : dataset.encoded(encoder).test();
    if (read.pixelsPerImage() != saved.inputs()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "the network reads %d values, an image of dataset %s has %d"
              .formatted(saved.inputs(), dataset.name(), read.pixelsPerImage()));
    }
    return of(saved.settings(), saved.weights(), read, images);
  }

  /**
   * The answers.
   *
   * @param read the test set as the network reads it
   * @param images the same as they are
   */
  static TestAnswers of(
      Settings settings, Weights weights, LabelledImages read, LabelledImages images) {
    Predictor predictor = new Predictor(settings.trial(), weights);
    int classes = predictor.classes();
    long[][] counts = new long[classes][classes];
    List<Mistake> mistakes = new ArrayList<>();
    int[] best = new int[BLOCK];
    float[] chances = new float[BLOCK * classes];
    for (int from = 0; from < read.size(); from += BLOCK) {
      int rows = Math.min(BLOCK, read.size() - from);
      predictor.predict(read, from, rows, best, chances);
      for (int r = 0; r < rows; r++) {
        int label = read.label(from + r);
        counts[label][best[r]]++;
        if (label != best[r]) {
          mistakes.add(mistake(from + r, label, best[r], chances, r * classes, classes));
        }
      }
    }
    List<Mistake> hardest =
        mistakes.stream()
            .sorted(Mistake.HARDEST)
            .limit(TestAnswers.MOST)
            .map(each -> pictured(each, images))
            .toList();
    return new TestAnswers(
        weights.sha256(), counts, images.rows(), images.columns(), images.channels(), hardest);
  }

  private static Mistake mistake(
      int image, int label, int first, float[] chances, int at, int classes) {
    int second = first == 0 ? 1 : 0;
    for (int j = 0; j < classes; j++) {
      if (j != first && chances[at + j] > chances[at + second]) {
        second = j;
      }
    }
    return new Mistake(
        image,
        label,
        chances[at + label],
        first,
        chances[at + first],
        second,
        chances[at + second],
        new byte[0]);
  }

  private static Mistake pictured(Mistake m, LabelledImages images) {
    boolean picture = images.rows() > 1 && (images.channels() == 1 || images.channels() == 3);
    return picture
        ? new Mistake(
            m.image(),
            m.label(),
            m.chance(),
            m.first(),
            m.firstChance(),
            m.second(),
            m.secondChance(),
            pixels(images, m.image()))
        : m;
  }

  /** As bytes; of floats from the least to the largest of the image. */
  private static byte[] pixels(LabelledImages images, int image) {
    LabelledImages one = images.slice(image, image + 1);
    if (!one.areFloats()) {
      return one.pixels().clone();
    }
    float[] values = one.features();
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (high > low ? Math.round(255 * (values[i] - low) / (high - low)) : 0);
    }
    return pixels;
  }
}
