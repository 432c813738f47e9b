package org.grlu.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the process ends with. */
final class ExitCode {
  static final int DONE = 0;
  static final int UNEXPECTED = 1;
  static final int BAD_INPUT = 2;
  static final int TRIALS_FAILED = 3;
  static final int SURROUNDINGS = 4;
  static final int BUDGET_SPENT = 5;

  /** Of a command that was told to end; the process ends with the code of the signal. */
  static final int INTERRUPTED = 130;

  /** For help texts, in order. */
  static final Map<String, String> TEXT = new LinkedHashMap<>();

  static {
    TEXT.put("0", "done");
    TEXT.put("1", "unexpected error");
    TEXT.put("2", "bad configuration or input");
    TEXT.put("3", "finished, but some trials failed or diverged, or were not the same again");
    TEXT.put("4", "the surroundings failed: no cluster, space, permission or data");
    TEXT.put("5", "a budget was spent first");
    TEXT.put("130", "interrupted (Ctrl-C, SIGINT)");
    TEXT.put("143", "terminated (SIGTERM)");
  }

  private ExitCode() {}
}
