package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README's query gives the rows that README shows. */
class SqlExampleTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("```sql\n(?<query>[^`]*)```\n\n\\|.*\n\\| ---.*\n(?<rows>(?:\\|.*\n)+)");

  @Test
  void theExampleGivesWhatIsShown() throws IOException, SQLException {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
    assertThat(example.find()).isTrue();
    // tests run in this module's folder, not in the root
    String query = example.group("query").replace("'reports/", "'");
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(query)) {
      while (set.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= set.getMetaData().getColumnCount(); i++) {
          cells.add(set.getString(i));
        }
        rows.add("| " + String.join(" | ", cells) + " |");
      }
    }
    assertThat(rows).hasSize(3).isEqualTo(example.group("rows").lines().toList());
  }
}
