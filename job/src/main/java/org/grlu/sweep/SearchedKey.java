package org.grlu.sweep;

import org.grlu.config.Scale;

/**
 * A configuration key that a sweep varies, as its description has it.
 *
 * @param path of the key: rule.perturbations
 * @param column in the tables: rule_perturbations
 * @param scale on which it was searched
 * @param searched the values as they were written
 */
public record SearchedKey(String path, String column, Scale scale, String searched) {}
