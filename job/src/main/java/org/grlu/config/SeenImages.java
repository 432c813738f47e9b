package org.grlu.config;

/**
 * What a slow system sees: images without labels.
 *
 * @param dataset a published one's name; empty for the trial's own, what it trains on
 * @param examples how many, from the first; 0 for all
 * @param words the same in words; null where there is no slow system
 */
public record SeenImages(String dataset, int examples, String words) {}
