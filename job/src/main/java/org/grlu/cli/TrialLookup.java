package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.grlu.config.ConfigReader;
import org.grlu.config.Home;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.TrialSearch;

/** One trial of a report directory, by the beginning of its id. */
final class TrialLookup {
  private TrialLookup() {}

  /**
   * Finds it.
   *
   * @param trial the beginning of its id
   * @param directory as {@code --in} gives it; null for the configured one
   * @throws CommandException where there is none, or there are several
   */
  static TrialSearch.Found find(String trial, String directory) throws IOException {
    if (!trial.matches("[\\w.-]{1,64}")) {
      throw new CommandException(ExitCode.BAD_INPUT, trial + ": must be a trial's id");
    }
    String in =
        directory == null
            ? ConfigReader.read(null, List.of()).reportDirectory()
            : Home.expand("--in", directory);
    List<TrialSearch.Found> found;
    List<String> unread = new ArrayList<>();
    try {
      found = TrialSearch.in(in, HadoopFiles.configuration()).find(trial, unread::add);
    } catch (NoPathException e) {
      throw new CommandException(ExitCode.BAD_INPUT, "--in " + in + ": not a path or URI");
    }
    unread.forEach(System.err::println);
    if (found.isEmpty()) {
      throw new CommandException(
          unread.isEmpty() ? ExitCode.BAD_INPUT : ExitCode.SURROUNDINGS,
          "%s: there is no such trial in %s".formatted(trial, in));
    }
    if (found.size() > 1) {
      List<String> ids = new ArrayList<>();
      found.stream()
          .limit(3)
          .forEach(f -> ids.add(((String) f.row().get("trial_id")).substring(0, 16)));
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "%s: %d trials begin so, %s among them"
              .formatted(trial, found.size(), String.join(", ", ids)));
    }
    return found.get(0);
  }
}
