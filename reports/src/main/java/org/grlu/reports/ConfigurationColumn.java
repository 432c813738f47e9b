package org.grlu.reports;

import org.apache.spark.sql.types.DataType;

/**
 * A configuration value's column in the table of trials.
 *
 * @param name the key with dots and dashes as underscores: rule_perturbations
 * @param type of its values
 */
public record ConfigurationColumn(String name, DataType type) {}
