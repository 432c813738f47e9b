package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports of a driver that the cluster holds. */
class DeploymentTest {
  private static final String MODE = "spark.submit.deployMode";

  @BeforeEach
  void cluster() {
    System.setProperty(MODE, "cluster");
  }

  @AfterEach
  void client() {
    System.clearProperty(MODE);
  }

  private static void refuses(String directory, String why) {
    assertThatThrownBy(() -> Deployment.checkReports(directory))
        .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining(why);
  }

  @Test
  void aReportDirectoryThatIsNoPathIsBadInput() {
    refuses("10:30", "report.directory=10:30: must be a URI");
    refuses("", "report.directory = : not a path or URI");
    refuses("runs", "report.directory=runs: must be a URI");
    assertThatCode(() -> Deployment.checkReports("/shared/runs")).doesNotThrowAnyException();
  }
}
