package org.grlu.reports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder of Parquet files that together are one table, on any file system that Hadoop knows.
 * Files are only added, whole, each under a name of its own; one writer at a time compacts them. A
 * writer that is killed while it compacts leaves rows twice, so readers take each key once; of
 * tables of epochs and tasks this class hands over no more than that (see {@link EpochRows}).
 */
public final class Table {
  private static final String PREFIX = "part-";
  private static final String SUFFIX = ".parquet";

  private final FileSystem files;
  private final Path folder;
  private final Configuration hadoop;
  private final Schema expected;

  /** Whether each row has a status. */
  private final boolean ofTrials;

  /** What a row is of, where rows count as {@link EpochRows} has it: a trial and numbers. */
  private final List<String> key;

  private Table(FileSystem files, Path folder, Configuration hadoop, Schema expected) {
    this.ofTrials = expected.name().equals(Tables.trials(List.of()).name());
    this.key = key(expected.name());
    this.files = files;
    this.folder = folder;
    this.hadoop = hadoop;
    this.expected = expected;
  }

  private static List<String> key(String name) {
    if (name.equals(Tables.epochs().name())) {
      return List.of(EpochRows.TRIAL, EpochRows.EPOCH);
    }
    return name.equals(Tables.tasks().name())
        ? List.of(EpochRows.TRIAL, "after_task", "on_task")
        : List.of();
  }

  /** Reads something of the files that are there. */
  private interface Reading<T> {
    T of(List<Path> paths) throws IOException;
  }

  /**
   * The table in a folder, which need not be there: it has no rows then.
   *
   * @param folder a path or URI
   * @throws IllegalArgumentException where it is neither
   */
  public static Table in(String folder, Configuration hadoop) throws IOException {
    return in(folder, hadoop, new Schema("any", List.of()));
  }

  /**
   * The same, of which it is known what readers rely on.
   *
   * @param expected columns that each file must have where they are required, and where it has
   *     them, of these types
   */
  static Table in(String folder, Configuration hadoop, Schema expected) throws IOException {
    Path path = HadoopFiles.path(folder);
    FileSystem files = HadoopFiles.of(path, hadoop);
    return new Table(files, files.makeQualified(path), hadoop, expected);
  }

  /**
   * Writes rows as one new file; without rows, one that has the schema only.
   *
   * @param rows each with a value for every column, in their order; see {@link Column.Type}
   * @throws IOException where it can't be written, or the disk is full; nothing is left then
   */
  public void append(Schema schema, List<Object[]> rows) throws IOException {
    write(
        schema,
        file -> {
          for (Object[] row : rows) {
            file.row(row);
          }
        });
  }

  private void write(Schema schema, TableFile.Source rows) throws IOException {
    String now = String.format(Locale.ROOT, "%s%013d", PREFIX, System.currentTimeMillis());
    write(now, schema, rows);
  }

  /**
   * @param place of the file among the others: the beginning of its name
   */
  private void write(String place, Schema schema, TableFile.Source rows) throws IOException {
    String name = place + "-" + UUID.randomUUID().toString().substring(0, 8) + SUFFIX;
    WholeFile.write(
        files,
        new Path(folder, name),
        temporary -> TableFile.write(temporary, hadoop, schema, rows));
  }

  /**
   * Reads all files, those that were written first first.
   *
   * @param columns to read, in the order of each row's map; none for all
   * @return a map a row, from each column to its value; null where the row or its file lacks it
   */
  public List<Map<String, Object>> read(String... columns) throws IOException {
    return read(row -> true, columns);
  }

  /**
   * Reads those rows of all files that are wanted; the others take no memory.
   *
   * @param columns as {@link #read(String...)} has them, what {@code wanted} asks for among them
   */
  public List<Map<String, Object>> read(Predicate<Map<String, Object>> wanted, String... columns)
      throws IOException {
    return whole(
        paths -> {
          List<Map<String, Object>> rows = new ArrayList<>();
          rows(
              paths,
              Arrays.asList(columns),
              (names, values) -> {
                Map<String, Object> row = row(names, values);
                if (wanted.test(row)) {
                  rows.add(row);
                }
              });
          return rows;
        });
  }

  /** Reads those rows of files that count. */
  private void rows(List<Path> paths, List<String> columns, TableFile.NamedRows rows)
      throws IOException {
    EpochRows once = new EpochRows();
    if (!key.isEmpty()) {
      for (Path file : paths) {
        TableFile.read(
            file,
            hadoop,
            expected,
            key,
            (names, values) -> once.add((String) values[0], place(names, values)));
      }
    }
    TableFile.NamedRows sink = once.allCount() ? rows : counting(once, columns, rows);
    List<String> read = once.allCount() ? columns : withKey(columns);
    for (Path file : paths) {
      TableFile.read(file, hadoop, expected, read, ofTrials ? known(file, sink) : sink);
    }
  }

  /** Passes on rows of trials whose status there is; so whoever reads them need not ask. */
  private static TableFile.NamedRows known(Path file, TableFile.NamedRows rows) {
    return (names, values) -> {
      int status = names.indexOf("status");
      if (status >= 0 && TrialStatus.find(values[status]).isEmpty()) {
        throw new IOException("%s: %s".formatted(file, TrialStatus.refusal(values[status])));
      }
      rows.row(names, values);
    };
  }

  /** One number of all that the key has: Cantor's pairs, where there are two. */
  private int place(List<String> names, Object[] values) {
    int place = (int) values[names.indexOf(key.get(1))];
    for (String column : key.subList(2, key.size())) {
      int next = (int) values[names.indexOf(column)];
      place = (place + next) * (place + next + 1) / 2 + next;
    }
    return place;
  }

  /** The columns, and behind them those of the key that they lack; none for all. */
  private List<String> withKey(List<String> columns) {
    Set<String> all = new LinkedHashSet<>(columns);
    if (!columns.isEmpty()) {
      all.addAll(key);
    }
    return List.copyOf(all);
  }

  /** Passes on what counts, without the columns that {@link #withKey} added. */
  private TableFile.NamedRows counting(
      EpochRows once, List<String> columns, TableFile.NamedRows rows) {
    return (names, values) -> {
      Object trial = values[names.indexOf(EpochRows.TRIAL)];
      if (once.counts((String) trial, place(names, values))) {
        int asked = columns.isEmpty() ? values.length : columns.size();
        rows.row(names.subList(0, asked), Arrays.copyOf(values, asked));
      }
    };
  }

  /** Reads, and begins again where files are compacted meanwhile. */
  private <T> T whole(Reading<T> reading) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return reading.of(paths());
      } catch (IOException e) {
        if (!HadoopFiles.isMissing(e) || attempt == HadoopFiles.ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Hands over all rows, one at a time, for what is larger than memory. Where files are compacted
   * meanwhile, rows come a second time.
   */
  public void each(Consumer<Map<String, Object>> row, String... columns) throws IOException {
    read(
        each -> {
          row.accept(each);
          return false;
        },
        columns);
  }

  private static Map<String, Object> row(List<String> names, Object[] values) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      row.put(names.get(i), values[i]);
    }
    return row;
  }

  /** The columns of all files, in the order in which they came; of two types of one, the last. */
  public List<Column> columns() throws IOException {
    return whole(
        paths -> {
          Map<String, Column> columns = new LinkedHashMap<>();
          for (Path file : paths) {
            TableFile.columns(file, hadoop).forEach(column -> columns.put(column.name(), column));
          }
          return List.copyOf(columns.values());
        });
  }

  /** Writes rows in the place of all that is there: a reader may see both for a moment. */
  public void replace(Schema schema, List<Object[]> rows) throws IOException {
    List<Path> before = paths();
    append(schema, rows);
    for (Path file : before) {
      files.delete(file, false);
    }
  }

  /** How many files the table is in. */
  public int files() throws IOException {
    return paths().size();
  }

  /**
   * Makes one file of all that the schema covers, rows unchanged and in their order, without those
   * that don't count, then deletes those files. A file with a column that the schema lacks or has
   * as another type is left as it is.
   */
  public void compact(Schema schema) throws IOException {
    merge(schema, covered(schema));
  }

  /**
   * The same of the newest files: back to the first that has no more rows than those after it. So
   * each file that is left has more rows than all that are newer: few are left, and where this is
   * done now and then, a row of n is written some log2(n) times.
   */
  public void compactNewest(Schema schema) throws IOException {
    List<Path> covered = covered(schema);
    int from = covered.size();
    long newer = 0;
    for (int i = covered.size() - 1; i >= 0; i--) {
      long rows = TableFile.rows(covered.get(i), hadoop);
      from = rows <= newer ? i : from;
      newer += rows;
    }
    merge(schema, covered.subList(from, covered.size()));
  }

  private List<Path> covered(Schema schema) throws IOException {
    List<Path> covered = new ArrayList<>();
    for (Path file : paths()) {
      if (covers(schema, TableFile.columns(file, hadoop))) {
        covered.add(file);
      }
    }
    return covered;
  }

  /** Makes one file of some, in the place of the last, and deletes them. */
  private void merge(Schema schema, List<Path> some) throws IOException {
    if (some.size() < 2) {
      return;
    }
    String last = some.get(some.size() - 1).getName();
    List<String> names = schema.columns().stream().map(Column::name).toList();
    write(
        last.substring(0, last.lastIndexOf('-')),
        schema,
        rows -> rows(some, names, (columns, values) -> rows.row(values)));
    for (Path file : some) {
      files.delete(file, false);
    }
  }

  private static boolean covers(Schema schema, List<Column> columns) {
    Map<String, Column> there = new LinkedHashMap<>();
    columns.forEach(column -> there.put(column.name(), column));
    for (Column column : schema.columns()) {
      Column found = there.remove(column.name());
      if (found == null || !found.required()) {
        if (column.required()) {
          return false;
        }
      }
      if (found != null && found.type() != column.type()) {
        return false;
      }
    }
    return there.isEmpty();
  }

  private List<Path> paths() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (String name : HadoopFiles.names(files, folder)) {
      if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
        paths.add(new Path(folder, name));
      }
    }
    paths.sort(null);
    return paths;
  }
}
