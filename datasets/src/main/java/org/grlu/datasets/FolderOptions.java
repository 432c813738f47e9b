package org.grlu.datasets;

/**
 * How a dataset is read.
 *
 * @param prefix what the names of a folder's files begin with: "emnist-letters-", say
 * @param transpose whether the images lie on their side: rows become columns, as for EMNIST's
 * @param firstClass the label of class 0: 1 for EMNIST's letters
 */
public record FolderOptions(String prefix, boolean transpose, int firstClass) {
  /** Files as they are. */
  public static final FolderOptions AS_IS = new FolderOptions("", false, 0);
}
