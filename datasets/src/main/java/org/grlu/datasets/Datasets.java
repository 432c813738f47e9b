package org.grlu.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.grlu.datasets.npy.NpyException;
import org.grlu.datasets.npy.ZipArchive;

/** Where datasets come from: a folder, archives, or the sample that comes with the program. */
public final class Datasets {
  private static final int LABEL_DIMENSIONS = 1;
  static final List<String> TRAIN = List.of("train");
  static final List<String> TEST = List.of("t10k", "test");

  private Datasets() {}

  /** As {@link #read(String, Folder, FolderOptions)}, files as they are. */
  public static Dataset read(String name, Folder directory) {
    return read(name, directory, FolderOptions.AS_IS);
  }

  /** As {@link #read(String, Folder)}, on a local disk. */
  public static Dataset read(String name, Path directory) {
    return read(name, Folder.local(directory));
  }

  /**
   * Reads the four files of a folder: {@code train-images-idx3-ubyte}, {@code
   * train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte},
   * each with or without {@code .gz}, compressed or not whatever the name, and also in the form
   * {@code train-images.idx3-ubyte}. Images of several channels are {@code idx4}. In the place of
   * any stands an array of NumPy's, {@code train-images.npy} or {@code train-features.npy} and
   * {@code train-labels.npy}; {@code test} is as right as {@code t10k}. Sizes, image shape and the
   * number of classes come from the files. Nothing is set apart for validation.
   *
   * @param name what the dataset is called in results
   * @throws DatasetException if a file is missing or damaged, the files don't fit together, there
   *     are fewer than 2 classes, or the test set has a label that the training set has not
   * @throws DataUnavailableException if a file is there but can't be read
   */
  public static Dataset read(String name, Folder directory, FolderOptions options) {
    if (!isFolder(directory)) {
      throw new DatasetException(directory + ": no such folder; must hold four IDX files");
    }
    return of(
        name,
        examples(directory, options.prefix(), TRAIN),
        labels(directory, options.prefix(), TRAIN),
        examples(directory, options.prefix(), TEST),
        labels(directory, options.prefix(), TEST),
        options);
  }

  /**
   * Reads two archives of NumPy's, .npz, with arrays {@code x} or {@code features} and {@code y} or
   * {@code labels}; or {@code x_train} and {@code y_train}, {@code x_test} and {@code y_test},
   * which may be in one file.
   *
   * @param train the name of a file in {@code trainFolder}
   * @param test the name of a file in {@code testFolder}
   * @throws DatasetException as of a folder
   * @throws DataUnavailableException if a file is there but can't be read
   */
  public static Dataset readArchives(
      String name,
      Folder trainFolder,
      String train,
      Folder testFolder,
      String test,
      FolderOptions options) {
    Archive first = new Archive(trainFolder, train);
    Archive second = new Archive(testFolder, test);
    return of(
        name,
        first.examples("x_train"),
        first.labels("y_train"),
        second.examples("x_test"),
        second.labels("y_test"),
        options);
  }

  /**
   * Reads one file of images or vectors: IDX of three or four dimensions, or an array of NumPy's.
   *
   * @param labels the name of the file of their labels; null where there is none, and each is 0
   * @throws DatasetException if a file is missing or damaged, or they don't fit together
   * @throws DataUnavailableException if a file is there but can't be read
   */
  public static LabelledImages images(
      Folder folder, String file, String labels, FolderOptions options) {
    byte[] content = present(folder, file);
    String path = folder.path(file);
    boolean array = isArray(file);
    Values values =
        array
            ? NpyFile.values(path, content)
            : IdxFile.parse(path, content, file.contains("idx4") ? 4 : 3).values();
    if (options.transpose() && values.areVectors()) {
      throw new DatasetException(
          "dataset.transpose = true: must be false where " + path + " holds vectors");
    }
    if (labels == null) {
      values.check();
      return values.labelled(new byte[values.count()], options.transpose());
    }
    byte[] theirs = present(folder, labels);
    return labelled(
        values,
        isArray(labels)
            ? NpyFile.labels(folder.path(labels), theirs)
            : IdxFile.parse(folder.path(labels), theirs, LABEL_DIMENSIONS).labels(),
        options);
  }

  private static boolean isArray(String file) {
    return file.endsWith(".npy");
  }

  private static byte[] present(Folder folder, String file) {
    byte[] content = read(folder, file);
    if (content == null) {
      throw new DatasetException(folder.path(file) + ": there is no such file");
    }
    return content;
  }

  /**
   * The dataset of what was read elsewhere.
   *
   * @throws DatasetException if they don't fit together, values are not finite, there are fewer
   *     than 2 classes, or the test set has a label that the training set has not
   */
  public static Dataset of(
      String name,
      Values train,
      LabelValues trainLabels,
      Values test,
      LabelValues testLabels,
      FolderOptions options) {
    if (!train.areAlike(test) || !train.fits(test)) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: %s; must be %s as in %s",
              test.name(),
              test.kind(),
              train.areAlike(test) ? train.size() : train.kind(),
              train.name()));
    }
    if (options.transpose() && train.areVectors()) {
      throw new DatasetException(
          "dataset.transpose = true: must be false where " + train.name() + " holds vectors");
    }
    LabelledImages trainSet = labelled(train, trainLabels, options);
    LabelledImages testSet = labelled(test, testLabels, options);
    int first = options.firstClass();
    return Dataset.uncut(
        name,
        trainSet,
        testSet,
        classes(trainLabels.name(), trainSet, testLabels.name(), testSet, first));
  }

  /**
   * The dataset of images that are in the memory of others.
   *
   * @param trainName of the training set, for messages
   * @param testName of the test set, for messages
   * @param first the label of class 0
   * @param sha256 the digest of all, as {@link DatasetDigest} gives it
   * @throws DatasetException if they don't fit together, there are fewer than 2 classes, or the
   *     test set has a label that the training set has not
   */
  public static Dataset elsewhere(
      String name,
      String trainName,
      LabelledImages train,
      String testName,
      LabelledImages test,
      int first,
      String sha256) {
    int classes = classes(trainName, train, testName, test, first);
    return new Dataset(name, train, train.slice(0, 0), test, classes, sha256);
  }

  /**
   * The dataset {@code mnist-sample}: the first 2,000 training and the first 500 test digits of
   * MNIST, which come with the program.
   */
  public static Dataset sample() {
    return of(
        "mnist-sample",
        resource("train-images-idx3-ubyte.gz", 3).values(),
        resource("train-labels-idx1-ubyte.gz", LABEL_DIMENSIONS).labels(),
        resource("t10k-images-idx3-ubyte.gz", 3).values(),
        resource("t10k-labels-idx1-ubyte.gz", LABEL_DIMENSIONS).labels(),
        FolderOptions.AS_IS);
  }

  private static Values examples(Folder directory, String prefix, List<String> sets) {
    List<Candidate<Values>> all = new ArrayList<>();
    for (String set : sets) {
      String stem = prefix + set + "-images";
      for (int dimensions = 3; dimensions <= 4; dimensions++) {
        int announced = dimensions;
        for (String name : idx(stem, dimensions)) {
          all.add(
              new Candidate<>(
                  name, (path, bytes) -> IdxFile.parse(path, bytes, announced).values()));
        }
      }
      all.add(new Candidate<>(stem + ".npy", NpyFile::values));
      all.add(new Candidate<>(prefix + set + "-features.npy", NpyFile::values));
    }
    return first(directory, all);
  }

  /** Labels in IDX alone. */
  static LabelValues idxLabels(Folder directory, String stem) {
    return first(directory, idxLabels(stem));
  }

  private static List<Candidate<LabelValues>> idxLabels(String stem) {
    return idx(stem, LABEL_DIMENSIONS).stream()
        .map(
            name ->
                new Candidate<>(
                    name, (path, bytes) -> IdxFile.parse(path, bytes, LABEL_DIMENSIONS).labels()))
        .toList();
  }

  private static LabelValues labels(Folder directory, String prefix, List<String> sets) {
    List<Candidate<LabelValues>> all = new ArrayList<>();
    for (String set : sets) {
      String stem = prefix + set + "-labels";
      all.addAll(idxLabels(stem));
      all.add(new Candidate<>(stem + ".npy", NpyFile::labels));
    }
    return first(directory, all);
  }

  /** The names that an IDX file may have. */
  static List<String> idx(String stem, int dimensions) {
    String dashed = stem + "-idx" + dimensions + "-ubyte";
    String dotted = stem + ".idx" + dimensions + "-ubyte";
    return List.of(dashed, dashed + ".gz", dotted, dotted + ".gz");
  }

  /** A name that a file may have, and how its bytes are read then. */
  private record Candidate<T>(String file, BiFunction<String, byte[], T> parse) {}

  /** The first file that is there. */
  private static <T> T first(Folder directory, List<Candidate<T>> candidates) {
    for (Candidate<T> candidate : candidates) {
      byte[] content = read(directory, candidate.file);
      if (content != null) {
        return candidate.parse.apply(directory.path(candidate.file), content);
      }
    }
    throw new DatasetException(
        directory
            + ": file missing; must hold one of "
            + String.join(", ", candidates.stream().map(Candidate::file).toList()));
  }

  /** A file's content; null where there is none. */
  private static byte[] read(Folder directory, String file) {
    String path = directory.path(file);
    try {
      OptionalLong bytes = directory.size(file);
      if (bytes.isEmpty()) {
        return null;
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
      return directory.read(file);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** An .npz file. */
  private static final class Archive {
    private final String path;
    private final ZipArchive arrays;

    Archive(Folder folder, String file) {
      path = folder.path(file);
      byte[] content = Datasets.read(folder, file);
      if (content == null) {
        throw new DatasetException(path + ": no such file; must be an .npz file");
      }
      try {
        arrays = new ZipArchive(content, IdxFile.LARGEST_ARRAY);
      } catch (NpyException e) {
        throw new DatasetException(path + ": " + e.getMessage(), e);
      }
    }

    Values examples(String ofSet) {
      NpyFile.Entry entry =
          NpyFile.entry(path, arrays, List.of("x", "features", ofSet), "examples");
      return NpyFile.values(entry.name, entry.content);
    }

    LabelValues labels(String ofSet) {
      NpyFile.Entry entry = NpyFile.entry(path, arrays, List.of("y", "labels", ofSet), "labels");
      return NpyFile.labels(entry.name, entry.content);
    }
  }

  private static boolean isFolder(Folder directory) {
    try {
      return directory.isFolder();
    } catch (IOException e) {
      throw unreadable(directory.toString(), e);
    }
  }

  static DataUnavailableException unreadable(String path, IOException e) {
    return new DataUnavailableException(
        path + ": can't be read (" + OneLine.of(e) + "); check its permissions and the disk", e);
  }

  private static IdxFile resource(String name, int dimensions) {
    String path = "mnist-sample/" + name;
    try (InputStream in = Datasets.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without its resource " + path);
      }
      return IdxFile.parse(path, in.readAllBytes(), dimensions);
    } catch (IOException e) {
      throw new DataUnavailableException(
          path + ": can't be read from the program's jar (" + OneLine.of(e) + "); replace the jar",
          e);
    }
  }

  private static LabelledImages labelled(
      Values examples, LabelValues labels, FolderOptions options) {
    if (examples.count() != labels.count()) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: %d labels; must be %d, one for each %s of %s",
              labels.name(),
              labels.count(),
              examples.count(),
              examples.areVectors() ? "vector" : "image",
              examples.name()));
    }
    examples.check();
    return examples.labelled(labels.classes(options.firstClass()), options.transpose());
  }

  private static int classes(
      String trainLabels, LabelledImages train, String testLabels, LabelledImages test, int first) {
    boolean[] seen = new boolean[LabelValues.MOST_CLASSES];
    int largest = 0;
    for (int i = 0; i < train.size(); i++) {
      seen[train.label(i)] = true;
      largest = Math.max(largest, train.label(i));
    }
    if (largest < 1) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: the largest label is %d, which is 1 class; must be at least 2",
              trainLabels,
              first));
    }
    for (int i = 0; i < test.size(); i++) {
      if (!seen[test.label(i)]) {
        throw new DatasetException(
            String.format(
                Locale.ROOT,
                "%s: label %d of image %d; must be one that occurs in %s, where the largest is %d",
                testLabels,
                test.label(i) + first,
                i,
                trainLabels,
                largest + first));
      }
    }
    return 1 + largest;
  }
}
