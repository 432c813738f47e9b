package org.grlu.cli;

import java.util.Locale;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Prints a line for each test that passes: what it has shown, by its display name, and its time.
 */
final class Shown implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
  private long start;

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    start = System.nanoTime();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) {
      double seconds = (System.nanoTime() - start) * 1e-9;
      System.out.println(
          String.format(Locale.ROOT, "shown: %s (%.1f s)", context.getDisplayName(), seconds));
    }
  }
}
