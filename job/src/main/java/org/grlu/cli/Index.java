package org.grlu.cli;

import java.io.IOException;
import java.util.Optional;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.ReportIndex;
import org.grlu.reports.RunFolder;

/** The index of the report directory that a command has written to. */
final class Index {
  /** How many folders an index may be above a run. */
  private static final int ABOVE = 3;

  private Index() {}

  /** Brings it up to date, or says why it is not: that is no failure of the command. */
  static void renew(String reports) {
    ReportIndex.renew(reports, HadoopFiles.configuration()).ifPresent(System.err::println);
  }

  /** The same of the nearest index above a folder; where there is none, none is made. */
  static void renewAbove(RunFolder folder) throws IOException {
    Optional<RunFolder> above = folder.parent();
    for (int i = 0; i < ABOVE && above.isPresent(); i++) {
      if (ReportIndex.isIn(above.get())) {
        renew(above.get().shown());
        return;
      }
      above = above.get().parent();
    }
  }
}
