package org.grlu.reports;

/**
 * A column of a table.
 *
 * @param name in lower case, with underscores
 * @param type of its values
 * @param required whether no row may lack it
 */
public record Column(String name, Type type, boolean required) {

  /** What a value is: in Java, and in Parquet. Lists hold no nulls. */
  public enum Type {
    /** Integer; INT32. */
    INT,
    /** Long; INT64. */
    LONG,
    /** Double; DOUBLE. */
    DOUBLE,
    /** String; BINARY, UTF-8. */
    STRING,
    /** Boolean; BOOLEAN. */
    BOOLEAN,
    /** {@link java.time.Instant}; INT64, microseconds, UTC. */
    TIMESTAMP,
    /** {@code List<Long>}. */
    LONGS,
    /** {@code List<Double>}. */
    DOUBLES,
    /** {@code List<String>}. */
    STRINGS
  }

  /** A column that has a value in every row. */
  public static Column required(String name, Type type) {
    return new Column(name, type, true);
  }

  /** A column whose value may be null. */
  public static Column optional(String name, Type type) {
    return new Column(name, type, false);
  }
}
