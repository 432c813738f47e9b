package org.grlu.sweep;

import java.util.HashMap;
import java.util.Map;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.ImageCode;

/**
 * A dataset's cuts, and their codes, each made once: trials that read the same share a broadcast.
 */
public final class DatasetCuts {
  private final Dataset uncut;
  private final Map<String, Dataset> cuts = new HashMap<>();
  private final Map<String, ImageCode> codes = new HashMap<>();

  public DatasetCuts(Dataset uncut) {
    this.uncut = uncut;
  }

  /** The images that a trial's network, or its slow system, sees. */
  public Dataset images(Settings settings) {
    int train = settings.trainExamples();
    int validation = settings.validationExamples();
    return cuts.computeIfAbsent(train + "/" + validation, cut -> uncut.cut(train, validation));
  }

  /** What makes the codes of the trials that ask for its features. */
  public void add(ImageCode code) {
    codes.put(code.id(), code);
  }

  /**
   * The dataset as a trial's network reads it.
   *
   * @throws IllegalStateException where the code that it asks for was not added
   */
  public Dataset of(Settings settings) {
    Dataset images = images(settings);
    if (settings.features().isEmpty()) {
      return images;
    }
    String id = settings.featuresIdentity(uncut.sha256()).id();
    ImageCode code = codes.get(id);
    if (code == null) {
      throw new IllegalStateException("features " + id + ": not trained");
    }
    String cut = settings.trainExamples() + "/" + settings.validationExamples();
    return cuts.computeIfAbsent(cut + "/" + id, key -> images.encoded(code));
  }
}
