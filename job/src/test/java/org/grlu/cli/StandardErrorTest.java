package org.grlu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;

class StandardErrorTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final List<Throwable> logged = new ArrayList<>();
  private final StandardError err = new StandardError(shown, logged::add);

  @Test
  void stackTracesGoToTheLogAndTextToPeople() {
    IllegalStateException e =
        new IllegalStateException("two\nlines", new IllegalArgumentException());
    e.addSuppressed(new UnsupportedOperationException());
    err.println("before");
    e.printStackTrace(err);
    err.printf("%s%n", "after");
    assertThat(shown.toString(UTF_8).lines()).containsExactly("before", "after");
    assertThat(logged).containsExactly(e);
  }

  @Test
  void soDoWhatScalaReportsOfItsFutures() {
    PrintStream original = System.err;
    System.setErr(err);
    try {
      RuntimeException e = new RuntimeException();
      ExecutionContext.fromExecutor(Runnable::run).reportFailure(e);
      assertThat(logged).containsExactly(e);
    } finally {
      System.setErr(original);
    }
    assertThat(shown.size()).isZero();
  }
}
