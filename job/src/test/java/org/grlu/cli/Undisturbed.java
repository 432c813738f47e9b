package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What one machine gives where nothing happens to it, and a cluster has to give too.
 *
 * @param folder of all runs
 * @param weights the digest of the trained network
 * @param trials of the sweep, by id, their digests
 */
record Undisturbed(Path folder, Object weights, Map<String, Object> trials) {
  private static final String OUT = "undisturbed";

  /** Writes {@code train.conf} and {@code sweep.conf}, and runs them. */
  static Undisturbed of(Grlu alone, Path folder, String train, String sweep)
      throws IOException, InterruptedException {
    alone.file("train.conf", train).file("sweep.conf", sweep);
    Object weights = trained(alone.run("train", "train.conf", "--json"));
    alone.run("sweep", "sweep.conf", "--out", OUT).succeeds();
    return new Undisturbed(folder, weights, SweepIT.digests(sweep(folder, OUT)));
  }

  private static Path sweep(Path folder, String out) {
    return folder.resolve(out).resolve("sweeps/sweep");
  }

  /** The sweep's folder, by its report directory. */
  Path sweep(String out) {
    return sweep(folder, out);
  }

  /** The digest of the weights that a call of {@code train --json} ended with. */
  static Object trained(Grlu.Result result) {
    return result.succeeds().json().get("weights_sha256");
  }

  /** Asserts that the sweep has all trials and epochs, each once, with the same weights. */
  void assertSweep(String out) throws IOException {
    assertThat(SweepIT.digests(sweep(out))).isEqualTo(trials);
    assertThat(SweepIT.table(sweep(out), "epochs").read("trial_id", "epoch"))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            SweepIT.table(sweep(OUT), "epochs").read("trial_id", "epoch"));
  }

  /** The event log of the next application. */
  EventLog log() throws IOException {
    return EventLog.ofNext(folder.resolve("events"));
  }
}
