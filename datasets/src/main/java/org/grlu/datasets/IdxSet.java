package org.grlu.datasets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The two IDX files of a set in a folder.
 *
 * @param images the path or URI of the images' file
 * @param dimensions how many it must have
 * @param labels one unsigned byte per image, counted from class 0
 */
public record IdxSet(String images, int dimensions, byte[] labels) {
  /**
   * Looks for the files of a set, and reads the labels.
   *
   * @param train whether it is the training set, rather than the test set
   * @throws DatasetException if one is not there, or labels are damaged
   * @throws DataUnavailableException if one is there but can't be read
   */
  public static IdxSet of(Folder folder, FolderOptions options, boolean train) {
    List<String> missing = new ArrayList<>();
    for (String set : train ? Datasets.TRAIN : Datasets.TEST) {
      String stem = options.prefix() + set;
      for (int dimensions = 3; dimensions <= 4; dimensions++) {
        for (String file : Datasets.idx(stem + "-images", dimensions)) {
          if (isThere(folder, file)) {
            LabelValues labels = Datasets.idxLabels(folder, stem + "-labels");
            return new IdxSet(folder.path(file), dimensions, labels.classes(options.firstClass()));
          }
          missing.add(file);
        }
      }
    }
    throw new DatasetException(
        folder + ": file missing; must hold one of " + String.join(", ", missing));
  }

  private static boolean isThere(Folder folder, String file) {
    try {
      return folder.size(file).isPresent();
    } catch (IOException e) {
      throw Datasets.unreadable(folder.path(file), e);
    }
  }
}
