package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** README's lists of columns are those of the tables. */
class TablesDocumentTest {
  private static final Path DOCUMENT = Path.of("README.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| ([a-z ]+) \\| (yes|no) \\| \\S.* \\|");

  /** The columns that a table's section lists, each with some meaning. */
  private static List<Column> listed(String table) throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    int at = 0;
    while (!lines.get(at).startsWith("### `" + table + "`: ")) {
      at++;
    }
    while (!lines.get(at).equals("| name | type | nullable | meaning |")) {
      at++;
    }
    List<Column> columns = new ArrayList<>();
    for (at += 2; at < lines.size() && lines.get(at).startsWith("|"); at++) {
      Matcher row = ROW.matcher(lines.get(at));
      assertThat(row.matches()).as(lines.get(at)).isTrue();
      columns.add(new Column(row.group(1), type(row.group(2)), row.group(3).equals("no")));
    }
    return columns;
  }

  private static Column.Type type(String words) {
    return switch (words) {
      case "int" -> Column.Type.INT;
      case "long" -> Column.Type.LONG;
      case "double" -> Column.Type.DOUBLE;
      case "string" -> Column.Type.STRING;
      case "boolean" -> Column.Type.BOOLEAN;
      case "timestamp" -> Column.Type.TIMESTAMP;
      case "list of double" -> Column.Type.DOUBLES;
      default -> throw new IllegalArgumentException(words);
    };
  }

  private static Schema schema(String table) {
    return switch (table) {
      case "epochs" -> Tables.epochs();
      case "tasks" -> Tables.tasks();
      case "trials" -> Tables.trials(List.of());
      case "settings" -> Tables.settings(List.of());
      case "planned" -> Tables.planned();
      default -> throw new IllegalArgumentException(table);
    };
  }

  @ParameterizedTest
  @CsvSource({"epochs", "tasks", "trials", "settings", "planned"})
  void columnsAreListedInOrder(String table) throws IOException {
    assertThat(listed(table)).isEqualTo(schema(table).columns());
  }

  /** As the text between the lists says. */
  @Test
  void whatConfigurationsAddStandsWhereItIsSaid() {
    Column key = Column.required("rule_gate", Column.Type.STRING);
    assertThat(Tables.trials(List.of(key)).columns())
        .containsSubsequence(
            Column.optional("failure", Column.Type.STRING),
            key,
            Column.required("dataset_sha256", Column.Type.STRING));
    assertThat(Tables.settings(List.of(key)).columns())
        .containsSubsequence(
            Column.optional("rank", Column.Type.INT),
            Column.optional("rule_gate", Column.Type.STRING),
            Column.required("seeds", Column.Type.INT));
  }

  @Test
  void theVersionIsNamed() throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .contains("`schema_version` goes up with each addition and is " + Tables.VERSION + " now");
  }
}
