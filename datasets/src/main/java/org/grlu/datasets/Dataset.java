package org.grlu.datasets;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Training, validation and test images of one shape.
 *
 * @param name what the dataset is called in results
 * @param train what a network is trained on
 * @param validation what settings are chosen on; empty until {@link #cut} sets some apart
 * @param test what is reported, and never chosen on
 * @param classes the number of classes: 1 + the largest label of the uncut training and test sets
 * @param sha256 the SHA-256, in hexadecimal, over the uncut training set and then the test set; of
 *     each the number of images, rows and columns as big-endian 32-bit integers, then that of
 *     channels where it isn't 1, then the pixels, then the labels. Floats are preceded by "float32"
 *     and big-endian. A cut leaves it as it is.
 */
public record Dataset(
    String name,
    LabelledImages train,
    LabelledImages validation,
    LabelledImages test,
    int classes,
    String sha256)
    implements Serializable {

  /** How many classes without an example are named. */
  private static final int NAMED = 10;

  public Dataset {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(validation, "validation");
    Objects.requireNonNull(test, "test");
    Objects.requireNonNull(sha256, "sha256");
  }

  static Dataset uncut(String name, LabelledImages train, LabelledImages test, int classes) {
    DatasetDigest digest = new DatasetDigest();
    digest.begin(train);
    digest.add(train);
    digest.end(train);
    digest.begin(test);
    digest.add(test);
    digest.end(test);
    return new Dataset(name, train, train.slice(0, 0), test, classes, digest.hex());
  }

  /**
   * Which classes have no example in which set, in one line for people; empty where each has one
   * everywhere. Nothing forbids that, but a network can't learn such a class, or isn't tested on
   * it.
   */
  public Optional<String> lacking() {
    List<String> lacks = new ArrayList<>();
    lacking(lacks, "training", train);
    if (validation.size() > 0) {
      lacking(lacks, "validation", validation);
    }
    lacking(lacks, "test", test);
    return lacks.isEmpty()
        ? Optional.empty()
        : Optional.of("dataset " + name + ": no example of " + String.join(", nor of ", lacks));
  }

  private void lacking(List<String> lacks, String set, LabelledImages images) {
    List<Integer> absent = images.absent(classes);
    if (!absent.isEmpty()) {
      int more = absent.size() - NAMED;
      lacks.add(
          absent.stream()
              .limit(NAMED)
              .map(String::valueOf)
              .collect(
                  Collectors.joining(
                      ", ",
                      absent.size() == 1 ? "class " : "classes ",
                      (more > 0 ? " and " + more + " more" : "") + " in the " + set + " set")));
    }
  }

  /**
   * Sets the last {@code validationExamples} of the training set apart for validation, and keeps
   * the first {@code trainExamples} of what is left for training. The test set and the digest stay.
   *
   * @param trainExamples how many to train on; 0 for all that are left
   * @param validationExamples how many to validate on; may be 0
   * @throws DatasetException if a number is negative, or there are not enough examples
   * @throws IllegalStateException if a validation set has been set apart already
   */
  public Dataset cut(int trainExamples, int validationExamples) {
    if (validation.size() > 0) {
      throw new IllegalStateException(
          name + ": " + validation.size() + " validation examples have been set apart already");
    }
    int left = train.size() - validationExamples;
    if (trainExamples < 0 || validationExamples < 0 || left < 1 || trainExamples > left) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: can't cut %d training and %d validation examples from %d; both must be at least"
                  + " 0, at most %d together, and at least 1 must be left for training",
              name,
              trainExamples,
              validationExamples,
              train.size(),
              train.size()));
    }
    int kept = trainExamples == 0 ? left : trainExamples;
    LabelledImages keptTrain = kept == train.size() ? train : train.slice(0, kept);
    LabelledImages newValidation = train.slice(left, train.size());
    return new Dataset(name, keptTrain, newValidation, test, classes, sha256);
  }

  /** The same examples by their codes; the digest stays that of the images. */
  public Dataset encoded(ImageCode code) {
    return new Dataset(
        name,
        LabelledImages.ofCodes(train, code),
        LabelledImages.ofCodes(validation, code),
        LabelledImages.ofCodes(test, code),
        classes,
        sha256);
  }

  public int pixelsPerImage() {
    return train.pixelsPerImage();
  }
}
