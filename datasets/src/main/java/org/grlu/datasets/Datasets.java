package org.grlu.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Where datasets come from: a folder of IDX files, or the sample that comes with the program. */
public final class Datasets {
  private static final int IMAGE_DIMENSIONS = 3;
  private static final int LABEL_DIMENSIONS = 1;

  private Datasets() {}

  /**
   * Reads the four IDX files of a folder: {@code train-images-idx3-ubyte}, {@code
   * train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte},
   * each with or without {@code .gz}, compressed or not whatever the name, and also in the form
   * {@code train-images.idx3-ubyte}. Sizes, image shape and the number of classes come from the
   * files. Nothing is set apart for validation.
   *
   * @param name what the dataset is called in results
   * @throws DatasetException if a file is missing or damaged, the files don't fit together, there
   *     are fewer than 2 classes, or the test set has a label that the training set has not
   * @throws DataUnavailableException if a file is there but can't be read
   */
  public static Dataset read(String name, Folder directory) {
    if (!isFolder(directory)) {
      throw new DatasetException(directory + ": no such folder; must hold four IDX files");
    }
    return assemble(
        name,
        file(directory, "train-images", IMAGE_DIMENSIONS),
        file(directory, "train-labels", LABEL_DIMENSIONS),
        file(directory, "t10k-images", IMAGE_DIMENSIONS),
        file(directory, "t10k-labels", LABEL_DIMENSIONS));
  }

  /** As {@link #read(String, Folder)}, on a local disk. */
  public static Dataset read(String name, Path directory) {
    return read(name, Folder.local(directory));
  }

  /**
   * The dataset {@code mnist-sample}: the first 2,000 training and the first 500 test digits of
   * MNIST, which come with the program.
   */
  public static Dataset sample() {
    return assemble(
        "mnist-sample",
        resource("mnist-sample/train-images-idx3-ubyte.gz", IMAGE_DIMENSIONS),
        resource("mnist-sample/train-labels-idx1-ubyte.gz", LABEL_DIMENSIONS),
        resource("mnist-sample/t10k-images-idx3-ubyte.gz", IMAGE_DIMENSIONS),
        resource("mnist-sample/t10k-labels-idx1-ubyte.gz", LABEL_DIMENSIONS));
  }

  private static IdxFile file(Folder directory, String stem, int dimensions) {
    String dashed = stem + "-idx" + dimensions + "-ubyte";
    String dotted = stem + ".idx" + dimensions + "-ubyte";
    List<String> names = List.of(dashed, dashed + ".gz", dotted, dotted + ".gz");
    for (String name : names) {
      String path = directory.path(name);
      try {
        OptionalLong bytes = directory.size(name);
        if (bytes.isEmpty()) {
          continue;
        }
        if (bytes.getAsLong() > IdxFile.LARGEST_ARRAY) {
          throw new DatasetException(
              String.format(
                  Locale.ROOT,
                  "%s: %d bytes; at most %d are allowed",
                  path,
                  bytes.getAsLong(),
                  IdxFile.LARGEST_ARRAY));
        }
        return IdxFile.parse(path, directory.read(name), dimensions);
      } catch (IOException e) {
        throw unreadable(path, e);
      }
    }
    throw new DatasetException(
        directory + ": file missing; must hold one of " + String.join(", ", names));
  }

  private static boolean isFolder(Folder directory) {
    try {
      return directory.isFolder();
    } catch (IOException e) {
      throw unreadable(directory.toString(), e);
    }
  }

  private static DataUnavailableException unreadable(String path, IOException e) {
    return new DataUnavailableException(
        path + ": can't be read (" + OneLine.of(e) + "); check its permissions and the disk", e);
  }

  private static IdxFile resource(String name, int dimensions) {
    try (InputStream in = Datasets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without its resource " + name);
      }
      return IdxFile.parse(name, in.readAllBytes(), dimensions);
    } catch (IOException e) {
      throw new DataUnavailableException(
          name + ": can't be read from the program's jar (" + OneLine.of(e) + "); replace the jar",
          e);
    }
  }

  private static Dataset assemble(
      String name,
      IdxFile trainImages,
      IdxFile trainLabels,
      IdxFile testImages,
      IdxFile testLabels) {
    if (trainImages.extent(1) != testImages.extent(1)
        || trainImages.extent(2) != testImages.extent(2)) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: images of %d x %d pixels; must be %d x %d as in %s",
              testImages.name(),
              testImages.extent(1),
              testImages.extent(2),
              trainImages.extent(1),
              trainImages.extent(2),
              trainImages.name()));
    }
    LabelledImages train = labelled(trainImages, trainLabels);
    LabelledImages test = labelled(testImages, testLabels);
    return Dataset.uncut(name, train, test, classes(trainLabels, train, testLabels, test));
  }

  private static LabelledImages labelled(IdxFile images, IdxFile labels) {
    if (images.count() != labels.count()) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: %d labels; must be %d, one for each image of %s",
              labels.name(),
              labels.count(),
              images.count(),
              images.name()));
    }
    return new LabelledImages(images.extent(1), images.extent(2), images.values(), labels.values());
  }

  private static int classes(
      IdxFile trainLabels, LabelledImages train, IdxFile testLabels, LabelledImages test) {
    boolean[] seen = new boolean[1 << Byte.SIZE];
    int largest = 0;
    for (int i = 0; i < train.size(); i++) {
      seen[train.label(i)] = true;
      largest = Math.max(largest, train.label(i));
    }
    if (largest < 1) {
      throw new DatasetException(
          trainLabels.name() + ": the largest label is 0, which is 1 class; must be at least 2");
    }
    for (int i = 0; i < test.size(); i++) {
      if (!seen[test.label(i)]) {
        throw new DatasetException(
            String.format(
                Locale.ROOT,
                "%s: label %d of image %d; must be one that occurs in %s, where the largest is %d",
                testLabels.name(),
                test.label(i),
                i,
                trainLabels.name(),
                largest));
      }
    }
    return 1 + largest;
  }
}
