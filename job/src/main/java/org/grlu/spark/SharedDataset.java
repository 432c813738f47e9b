package org.grlu.spark;

import java.io.Serializable;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;

/**
 * A dataset as it is broadcast: a plain class, since Kryo can't make records. Images stay bytes.
 */
final class SharedDataset implements Serializable {
  private static final long serialVersionUID = 1;

  private final String name;
  private final LabelledImages train;
  private final LabelledImages validation;
  private final LabelledImages test;
  private final int classes;
  private final String sha256;

  SharedDataset(Dataset dataset) {
    name = dataset.name();
    train = dataset.train();
    validation = dataset.validation();
    test = dataset.test();
    classes = dataset.classes();
    sha256 = dataset.sha256();
  }

  /** The dataset; its arrays are the broadcast's own, and only to be read. */
  Dataset dataset() {
    return new Dataset(name, train, validation, test, classes, sha256);
  }
}
