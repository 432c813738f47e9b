package org.grlu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.grlu.MixedNetworks;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelFileTest {
  private static final NetworkShape SHAPE = TestData.relu(Skip.NONE, 6, 5, 3);

  /** With a table last, as a checkpoint has. */
  private static final byte[] FILE =
      ModelFile.write(Weights.initial(SHAPE, 1), Map.of("epochs", new double[][] {{1, 2}}));

  @ParameterizedTest
  @EnumSource(Skip.class)
  void weightsComeBack(Skip skip) {
    NetworkShape shape = TestData.relu(skip, 6, 5, 5, 3);
    Weights weights = Weights.initial(shape, 1);
    ModelFile file = ModelFile.read(ModelFile.write(weights, Map.of()));
    assertThat(file.layers()).isEqualTo(List.of(6, 5, 5, 3));
    Weights back = file.weights(shape);
    assertThat(back.sha256()).isEqualTo(weights.sha256());
    assertThat(back.layer(0).toArray()).containsExactly(weights.layer(0).toArray());
  }

  @Test
  void weightsOfLayersOfSeveralKindsComeBack() {
    for (NetworkShape shape : MixedNetworks.ofDigits()) {
      Weights weights = Weights.initial(shape, 1);
      ModelFile file = ModelFile.read(ModelFile.write(weights, Map.of()));
      Weights back = file.weights(shape);
      assertThat(back.sha256()).isEqualTo(weights.sha256());
      for (int l = 0; l < shape.depth(); l++) {
        assertThat(back.layer(l).toArray()).containsExactly(weights.layer(l).toArray());
      }
    }
  }

  @Test
  void arraysOfALayerHaveItsNumberAndTheirSizes() {
    String text =
        "8x8x3 | convolution=5 size=3 | pool=average | convolution=2 size=2 shared=false"
            + " | recurrent=6 steps=2 | recurrent=4 steps=3 shared=false | dense=7";
    NetworkShape shape = MixedNetworks.of(text);
    Map<String, List<Integer>> sizes = new TreeMap<>();
    for (int l = 0; l < shape.depth(); l++) {
      for (Parameter each : shape.layer(l).parameters()) {
        sizes.put(each.name() + l, each.shape());
      }
    }
    assertThat(sizes)
        .isEqualTo(
            Map.ofEntries(
                Map.entry("W0", List.of(5, 3, 3, 3)),
                Map.entry("b0", List.of(5)),
                Map.entry("W2", List.of(4, 2, 5, 2, 2)),
                Map.entry("b2", List.of(4, 2)),
                Map.entry("W3", List.of(6, 4)),
                Map.entry("R3", List.of(6, 6)),
                Map.entry("b3", List.of(6)),
                Map.entry("W4", List.of(3, 4, 2)),
                Map.entry("R4", List.of(3, 4, 4)),
                Map.entry("b4", List.of(3, 4)),
                Map.entry("W5", List.of(7, 4)),
                Map.entry("b5", List.of(7))));
    byte[] file = ModelFile.write(Weights.initial(shape, 1), Map.of());
    String names = new String(file, StandardCharsets.ISO_8859_1);
    assertThat(sizes.keySet()).allMatch(name -> names.contains(name + ".npy"));
    // an array more, one less, and one of another size
    String tied = text.replace("size=2 shared=false", "size=2");
    for (String other : List.of(tied, text.replace("recurrent=6 steps=2", "dense=6"))) {
      assertThatThrownBy(() -> ModelFile.read(file).weights(MixedNetworks.of(other)))
          .isInstanceOf(ModelFileException.class)
          .hasMessageMatching("array [WR]\\d: shape .*, must have shape .*");
    }
  }

  @Test
  void tablesComeBackToTheBit() {
    double[][] table = {{1, Double.NaN, -0.0}, {Math.PI, Double.MIN_VALUE, 1e308}};
    ModelFile file = ModelFile.read(ModelFile.write(Weights.initial(SHAPE, 1), Map.of("t", table)));
    assertThat(Arrays.deepToString(file.table("t"))).isEqualTo(Arrays.deepToString(table));
    assertThat(file.table("none")).isEmpty();
    byte[] empty = ModelFile.write(Weights.initial(SHAPE, 1), Map.of("t", new double[0][]));
    assertThat(ModelFile.read(empty).table("t")).isEmpty();
  }

  @Test
  void theMostBytesAreAFewMoreThanThereAre() {
    for (String rule : List.of("grlu", "learned-feedback", "prototypes")) {
      List<String> sets = new ArrayList<>(List.of("rule.name=" + rule));
      if (rule.equals("learned-feedback")) {
        sets.add("training.noise-scale.min=0.1");
      }
      if (rule.equals("prototypes")) {
        sets.addAll(
            List.of("network.layers=[784,10]", "training.batch-size=1", "engine.mode=task"));
      }
      TrialSettings trial = ConfigReader.read(null, sets).trial();
      Weights weights = Weights.initial(trial.shape(), 1).with(trial.state());
      int bytes = ModelFile.write(weights, Map.of()).length;
      assertThat(ModelFile.mostBytes(trial.shape(), trial.state()))
          .isBetween((long) bytes, bytes + 5_000L);
    }
  }

  @Test
  void equalWeightsGiveEqualBytes() {
    assertThat(ModelFile.write(Weights.initial(SHAPE, 1), Map.of()))
        .isEqualTo(ModelFile.write(Weights.initial(SHAPE, 1), Map.of()));
  }

  @Test
  void whatIsNoZipIsRefused() {
    assertRefused(new byte[0]);
    assertRefused("this is no model".getBytes(StandardCharsets.UTF_8));
    byte[] noise = new byte[5000];
    new Random(1).nextBytes(noise);
    assertRefused(noise);
  }

  @Test
  void filesCutOffWithinTheWeightsAreRefused() {
    int weightsEnd = new String(FILE, StandardCharsets.ISO_8859_1).indexOf("epochs.npy") - 30;
    for (int length = 0; length < weightsEnd; length++) {
      byte[] cut = Arrays.copyOf(FILE, length);
      assertThat(catchThrowable(() -> ModelFile.read(cut).weights(SHAPE)))
          .as("first %d bytes", length)
          .isInstanceOf(ModelFileException.class);
    }
  }

  @Property(seed = "3", tries = 500)
  void flippedBitsOfDataAreCaught(
      @ForAll @IntRange(max = 119) int at, @ForAll @IntRange(max = 7) int bit) {
    byte[] damaged = FILE.clone();
    // the last bytes of W0's data, 5 x 6 floats, end where b0's local header starts
    int end = new String(FILE, StandardCharsets.ISO_8859_1).indexOf("b0.npy") - 30;
    damaged[end - 1 - at] ^= (byte) (1 << bit);
    assertRefused(damaged);
  }

  @Test
  void otherShapesAreRefused() {
    for (NetworkShape other :
        List.of(
            TestData.relu(Skip.NONE, 6, 4, 3),
            TestData.relu(Skip.NONE, 6, 5, 3, 3),
            TestData.relu(Skip.NONE, 6, 3),
            TestData.relu(Skip.DENSE, 6, 5, 3))) {
      assertThatThrownBy(() -> ModelFile.read(FILE).weights(other))
          .isInstanceOf(ModelFileException.class);
    }
  }

  private static void assertRefused(byte[] bytes) {
    assertThatThrownBy(() -> ModelFile.read(bytes).weights(SHAPE))
        .isInstanceOf(ModelFileException.class)
        .hasMessageNotContaining("\n");
  }
}
