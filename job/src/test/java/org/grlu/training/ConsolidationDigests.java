package org.grlu.training;

import java.util.ArrayList;
import java.util.List;
import org.grlu.network.Weights;

/** Prints the digests of what trials learn that keep their weights from forgetting. */
public final class ConsolidationDigests {
  private ConsolidationDigests() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    for (String some :
        List.of(
            "stream.ewc=100",
            "stream.ewc=100 rule.name=backprop network.skip=dense network.layers=[784,9,9,10]",
            "stream.metaplasticity=5",
            "stream.metaplasticity=5 rule.name=backprop training.batch-size=1")) {
      TrialSettings settings = ConsolidationTest.settings(some);
      Weights weights = ConsolidationTest.run(settings, new ArrayList<>()).weights();
      System.out.println(some + " " + weights.sha256() + " " + weights.state().sha256());
    }
  }
}
