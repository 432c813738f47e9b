package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The start script steps over options to find the configuration: it knows which have no value. */
class ScriptFlagsTest {
  @Test
  void theScriptKnowsTheOptionsWithoutAValue() throws IOException {
    Set<String> flags = new TreeSet<>();
    for (Object command : new Object[] {new TrainCommand(), new SweepCommand()}) {
      for (OptionSpec option : new CommandLine(command).getCommandSpec().options()) {
        if (option.arity().max() == 0) {
          flags.add(option.longestName());
        }
      }
    }
    Matcher line =
        Pattern.compile("\\n *((?:1--[\\w-]+ \\| )+)1-\\*=\\*\\) continue")
            .matcher(Files.readString(Path.of("../submit-scripts/grlu")));
    assertThat(line.find()).isTrue();
    assertThat(line.group(1).split(" \\| ", 0))
        .containsExactlyInAnyOrderElementsOf(prefixed(flags));
  }

  private static Set<String> prefixed(Set<String> flags) {
    Set<String> words = new TreeSet<>();
    flags.forEach(flag -> words.add("1" + flag));
    return words;
  }
}
