package org.grlu.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what a shell completes commands by, made of the commands' own options. */
@Command(
    name = "completion",
    description = {
      "Print what bash completes commands and options by.",
      "",
      "A shell takes it by: source <(submit-scripts/grlu completion bash)."
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells. */
  enum Shell {
    BASH
  }

  @Parameters(index = "0", paramLabel = "SHELL", description = "bash.")
  private Shell shell;

  @Override
  public Integer call() {
    System.out.print(
        switch (shell) {
          case BASH -> AutoComplete.bash("grlu", Main.commandLine());
        });
    return ExitCode.DONE;
  }
}
