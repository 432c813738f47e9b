package org.grlu.config;

import java.util.List;

/**
 * What a slow system sees: images without labels.
 *
 * @param dataset a published one's name; empty for the trial's own, what it trains on
 * @param classes of which; none for all
 * @param examples how many, from the first; 0 for all
 * @param words the same in words; null where there is no slow system
 */
public record SeenImages(String dataset, List<Integer> classes, int examples, String words) {}
