package org.grlu.reports;

import java.util.List;

/**
 * What a table's rows are.
 *
 * @param name of the table, in the singular: trial
 * @param columns in the order of a row's values
 */
public record Schema(String name, List<Column> columns) {
  public Schema {
    columns = List.copyOf(columns);
  }
}
