package org.grlu.sweep;

import java.util.Map;
import org.grlu.config.Scale;

/**
 * What a sweep varies, as its description has it: a configuration key, or named variants that set
 * several.
 *
 * @param path of the key: rule.perturbations; of variants, the parameter's
 * @param column in the tables: rule_perturbations
 * @param scale on which it was searched
 * @param searched the values as they were written
 * @param variants by name, in the file's order, a value for the column of each key that any of them
 *     sets; null of a single key
 */
public record SearchedKey(
    String path,
    String column,
    Scale scale,
    String searched,
    Map<String, Map<String, Object>> variants) {}
