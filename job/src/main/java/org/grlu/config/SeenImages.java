package org.grlu.config;

import java.util.List;

/**
 * The images that a slow system sees, without their labels.
 *
 * @param dataset the name of a published dataset; empty for the trial's own training images
 * @param classes the classes whose images are seen; an empty list for all
 * @param examples the number of images, counted from the first; 0 for all
 * @param words the same in words; null where there is no slow system
 */
public record SeenImages(String dataset, List<Integer> classes, int examples, String words) {}
