package org.grlu.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The line that takes up what was not finished, to be pasted into a shell. */
final class ResumeCommand {
  private ResumeCommand() {}

  /** What to print. */
  static String line(List<String> words) {
    return "not finished; take it up with: " + command(words);
  }

  /** The command line of {@code grlu} with these words. */
  static String command(List<String> words) {
    // the script says how it was called, quoted
    String command = System.getenv().getOrDefault("GRLU_COMMAND", "submit-scripts/grlu");
    return command
        + words.stream().map(ResumeCommand::quoted).collect(Collectors.joining(" ", " ", ""));
  }

  /** A command with its configuration, as it was given. */
  static List<String> words(String command, ConfigurationOptions configuration, String out) {
    List<String> words = new ArrayList<>(List.of(command, configuration.file().toString()));
    configuration.sets().forEach(set -> words.addAll(List.of("--set", set)));
    if (out != null) {
      words.addAll(List.of("--out", out));
    }
    return words;
  }

  /** A word as a shell reads it back. */
  static String quoted(String word) {
    return word.matches("[\\w./:@%+,-][\\w./:=@%+,-]*")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
