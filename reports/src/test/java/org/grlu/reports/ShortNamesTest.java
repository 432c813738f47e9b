package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortNamesTest {
  private static List<String> names(String... paths) {
    List<SweepDescription.Parameter> parameters =
        Arrays.stream(paths)
            .map(path -> new SweepDescription.Parameter(path, path.replace('.', '_'), "log", ""))
            .toList();
    return List.copyOf(ShortNames.ofParameters(parameters).values());
  }

  @Test
  void theEndOfAPathIsEnoughWhereItIsTheOnlyOneOfItsKind() {
    assertThat(names("rule.gate", "network.k")).containsExactly("gate", "k");
    assertThat(names("rule.noise", "shape.noise")).containsExactly("rule.noise", "shape.noise");
    assertThat(names("noise", "rule.noise")).containsExactly("noise", "rule.noise");
  }

  @Test
  void anEndThatSaysNothingTakesOneMore() {
    assertThat(names("training.learning-rate.max", "rule.name"))
        .containsExactly("learning-rate.max", "rule.name");
  }
}
