/**
 * Fetches, checks and reads sets of labelled images and vectors. {@link org.grlu.datasets.Datasets}
 * reads a folder of IDX files or NumPy's, archives of NumPy's, or the sample that comes with the
 * program; {@link org.grlu.datasets.DatasetFetcher} gets a published dataset into such a folder.
 */
package org.grlu.datasets;
