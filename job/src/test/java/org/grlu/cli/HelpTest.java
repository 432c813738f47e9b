package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest {
  private static final CommandLine GRLU = Main.commandLine();

  @Test
  void theListOfCommandsHasAWholeSentenceForEach() {
    String help = GRLU.getUsageMessage().replaceAll("\\s+", " ");
    for (Map.Entry<String, CommandLine> each : GRLU.getSubcommands().entrySet()) {
      String listed = each.getValue().getCommandSpec().usageMessage().description()[0];
      assertThat(listed).as(each.getKey()).endsWith(".").hasSizeLessThan(120);
      assertThat(help).contains(" " + each.getKey() + " " + listed);
    }
  }

  @Test
  void descriptionsAreBrokenByTheTerminalAlone() {
    for (Map.Entry<String, CommandLine> each : GRLU.getSubcommands().entrySet()) {
      assertThat(each.getValue().getCommandSpec().usageMessage().description())
          .as(each.getKey())
          .allMatch(line -> line.isEmpty() || line.matches("(?s).*[.:]"));
      assertThat(each.getValue().getUsageMessage().lines())
          .as(each.getKey())
          .allMatch(line -> line.length() <= 80);
    }
    assertThat(Arrays.stream(GRLU.getUsageMessage().split("\\R", -1)))
        .allMatch(line -> line.length() <= 80);
  }
}
