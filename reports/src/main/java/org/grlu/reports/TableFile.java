package org.grlu.reports;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * One Parquet file, written and read without Spark: only calls that Parquet 1.13 and later have,
 * and the layout of lists and timestamps that Spark gives them.
 */
final class TableFile {
  private TableFile() {}

  /** Takes rows, in the order of columns. */
  interface Rows {
    void row(Object[] values) throws IOException;
  }

  /** Takes rows as they are read, with their columns' names. */
  interface NamedRows {
    void row(List<String> names, Object[] values) throws IOException;
  }

  /** Hands rows to a file as it is written. */
  interface Source {
    void sendTo(Rows file) throws IOException;
  }

  /** Writes a new file. */
  static void write(Path path, Configuration hadoop, Schema schema, Source rows)
      throws IOException {
    MessageType type = type(schema);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(path, hadoop))
            .withConf(hadoop)
            .withType(type)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      rows.sendTo(values -> writer.write(group(type, schema, values)));
    }
  }

  /** The columns of a file, in its order. */
  static List<Column> columns(Path path, Configuration hadoop) throws IOException {
    try (ParquetFileReader reader = open(path, hadoop)) {
      return columns(path, reader.getFooter().getFileMetaData().getSchema());
    }
  }

  /** How many rows a file has. */
  static long rows(Path path, Configuration hadoop) throws IOException {
    try (ParquetFileReader reader = open(path, hadoop)) {
      return reader.getRecordCount();
    }
  }

  private static List<Column> columns(Path path, MessageType type) throws IOException {
    List<Column> columns = new ArrayList<>();
    for (Type field : type.getFields()) {
      columns.add(column(path, field));
    }
    return columns;
  }

  /**
   * Reads columns of all rows, in the order in which they were written.
   *
   * @param expected what of the file's columns is relied on: that the required ones are there, and
   *     that those that are there are of these types
   * @param names of the columns; those that the file lacks are null in every row; none for all
   */
  static void read(
      Path path, Configuration hadoop, Schema expected, List<String> names, NamedRows rows)
      throws IOException {
    try (ParquetFileReader reader = open(path, hadoop)) {
      MessageType all = reader.getFooter().getFileMetaData().getSchema();
      check(path, all, expected);
      List<String> wanted =
          names.isEmpty() ? all.getFields().stream().map(Type::getName).toList() : names;
      List<Type> there = wanted.stream().filter(all::containsField).map(all::getType).toList();
      MessageType asked = new MessageType(all.getName(), there);
      List<Column> columns = new ArrayList<>();
      for (String name : wanted) {
        columns.add(all.containsField(name) ? column(path, all.getType(name)) : null);
      }
      reader.setRequestedSchema(asked);
      for (PageReadStore pages = named(path, reader::readNextRowGroup);
          pages != null;
          pages = named(path, reader::readNextRowGroup)) {
        PageReadStore group = pages;
        RecordReader<Group> records =
            named(
                path,
                () ->
                    new ColumnIOFactory()
                        .getColumnIO(asked, all)
                        .getRecordReader(group, new GroupRecordConverter(asked)));
        for (long i = 0; i < pages.getRowCount(); i++) {
          rows.row(wanted, named(path, () -> values(records.read(), columns)));
        }
      }
    }
  }

  private static void check(Path path, MessageType type, Schema expected) throws IOException {
    for (Column column : expected.columns()) {
      if (!type.containsField(column.name())) {
        if (column.required()) {
          throw new IOException(
              "%s: not a table of the kind %s, it has no column %s"
                  .formatted(path, expected.name(), column.name()));
        }
      } else if (column(path, type.getType(column.name())).type() != column.type()) {
        throw new IOException(
            "%s: not a table of the kind %s, its column %s is no %s"
                .formatted(
                    path,
                    expected.name(),
                    column.name(),
                    column.type().name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  private static ParquetFileReader open(Path path, Configuration hadoop) throws IOException {
    return named(
        path,
        () ->
            ParquetFileReader.open(
                HadoopInputFile.fromPath(path, hadoop),
                HadoopReadOptions.builder(hadoop, path).usePageChecksumVerification().build()));
  }

  /** Parquet's own reading, which of a damaged file throws whatever its bytes lead to. */
  private interface Step<T> {
    T take() throws IOException;
  }

  private static <T> T named(Path path, Step<T> step) throws IOException {
    try {
      return step.take();
    } catch (IOException e) {
      if (HadoopFiles.isMissing(e)) {
        throw e;
      }
      if (isOfParquet(e)) {
        throw damaged(path, e);
      }
      String words = HadoopFiles.words(e);
      String named = words.contains(path.toUri().getPath()) ? words : path + ": " + words;
      throw new IOException(named, e);
    } catch (RuntimeException e) {
      throw damaged(path, e);
    }
  }

  /** Whether it is Parquet that does not understand what it reads, not a disk that can't read. */
  private static boolean isOfParquet(IOException e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith("org.apache.parquet.");
  }

  private static IOException damaged(Path path, Exception e) {
    String advice =
        switch (path.getParent().getName()) {
          case RunFolder.TRIALS ->
              "; if it is moved away, the trials that it alone holds are lost, and the same command"
                  + " (sweep or train) runs them again";
          case RunFolder.EPOCHS ->
              "; if it is moved away, the epochs that it alone holds are lost, that is learning"
                  + " curves but no result; the same command goes on without them";
          case RunFolder.TASKS ->
              "; if it is moved away, accuracies on single tasks are lost, but no result: the table"
                  + " epochs has them too";
          case RunFolder.PLANNED, RunFolder.SETTINGS ->
              "; if it is moved away, nothing is lost: the same sweep command writes it again";
          default -> "";
        };
    return new IOException("%s: not a whole Parquet file%s".formatted(path, advice), e);
  }

  private static MessageType type(Schema schema) {
    List<Type> fields = new ArrayList<>();
    for (Column column : schema.columns()) {
      fields.add(field(column));
    }
    return new MessageType(schema.name(), fields);
  }

  private static Type field(Column column) {
    String name = column.name();
    Type.Repetition repetition =
        column.required() ? Type.Repetition.REQUIRED : Type.Repetition.OPTIONAL;
    PrimitiveTypeName primitive = primitive(column.type());
    LogicalTypeAnnotation meaning = meaning(column.type());
    return isList(column.type())
        ? Types.list(repetition)
            .element(primitive, Type.Repetition.REQUIRED)
            .as(meaning)
            .named(name)
        : Types.primitive(primitive, repetition).as(meaning).named(name);
  }

  private static boolean isList(Column.Type type) {
    return switch (type) {
      case LONGS, DOUBLES, STRINGS -> true;
      default -> false;
    };
  }

  private static PrimitiveTypeName primitive(Column.Type type) {
    return switch (type) {
      case INT -> PrimitiveTypeName.INT32;
      case LONG, LONGS, TIMESTAMP -> PrimitiveTypeName.INT64;
      case DOUBLE, DOUBLES -> PrimitiveTypeName.DOUBLE;
      case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
      case STRING, STRINGS -> PrimitiveTypeName.BINARY;
    };
  }

  private static LogicalTypeAnnotation meaning(Column.Type type) {
    return switch (type) {
      case STRING, STRINGS -> LogicalTypeAnnotation.stringType();
      case TIMESTAMP -> LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS);
      default -> null;
    };
  }

  /** The reverse of {@link #field}. */
  private static Column column(Path path, Type field) throws IOException {
    for (Column.Type type : Column.Type.values()) {
      Column column =
          new Column(field.getName(), type, field.isRepetition(Type.Repetition.REQUIRED));
      if (field(column).equals(field)) {
        return column;
      }
    }
    throw new IOException("%s: column %s is of an unknown type".formatted(path, field.getName()));
  }

  private static Group group(MessageType type, Schema schema, Object[] values) {
    List<Column> columns = schema.columns();
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          schema.name() + ": " + values.length + " values for " + columns.size() + " columns");
    }
    Group group = new SimpleGroup(type);
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      if (values[i] == null && column.required()) {
        throw new IllegalArgumentException(column.name() + " = null: must have a value");
      }
      if (values[i] instanceof List<?> list) {
        Group elements = group.addGroup(i);
        list.forEach(element -> add(elements.addGroup(0), 0, element));
      } else if (values[i] != null) {
        add(group, i, values[i]);
      }
    }
    return group;
  }

  private static void add(Group group, int index, Object value) {
    if (value instanceof Integer x) {
      group.add(index, x);
    } else if (value instanceof Long x) {
      group.add(index, x);
    } else if (value instanceof Double x) {
      group.add(index, x);
    } else if (value instanceof Boolean x) {
      group.add(index, x);
    } else if (value instanceof Instant x) {
      group.add(index, ChronoUnit.MICROS.between(Instant.EPOCH, x));
    } else {
      group.add(index, (String) value);
    }
  }

  /** The values of columns; where a column is null, null. */
  private static Object[] values(Group group, List<Column> columns) {
    Object[] values = new Object[columns.size()];
    int index = 0;
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      if (column == null) {
        continue;
      }
      if (group.getFieldRepetitionCount(index) > 0) {
        values[i] = value(group, index, column.type());
      }
      index++;
    }
    return values;
  }

  private static Object value(Group group, int index, Column.Type type) {
    return switch (type) {
      case INT -> group.getInteger(index, 0);
      case LONG -> group.getLong(index, 0);
      case DOUBLE -> group.getDouble(index, 0);
      case STRING -> group.getString(index, 0);
      case BOOLEAN -> group.getBoolean(index, 0);
      case TIMESTAMP -> Instant.EPOCH.plus(group.getLong(index, 0), ChronoUnit.MICROS);
      case LONGS -> list(group.getGroup(index, 0), Column.Type.LONG);
      case DOUBLES -> list(group.getGroup(index, 0), Column.Type.DOUBLE);
      case STRINGS -> list(group.getGroup(index, 0), Column.Type.STRING);
    };
  }

  private static List<Object> list(Group elements, Column.Type type) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < elements.getFieldRepetitionCount(0); i++) {
      list.add(value(elements.getGroup(0, i), 0, type));
    }
    return list;
  }
}
