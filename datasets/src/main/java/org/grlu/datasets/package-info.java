/**
 * Fetches, checks and reads sets of labelled images. {@link org.grlu.datasets.Datasets} reads a
 * folder of IDX files, or the sample that comes with the program; {@link
 * org.grlu.datasets.DatasetFetcher} gets a published dataset into such a folder.
 */
package org.grlu.datasets;
