package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.config.ConfigReader;
import org.grlu.network.NetworkShape;
import org.grlu.network.Parameter;
import org.grlu.network.Weights;
import org.grlu.reports.FirstLayer;
import org.junit.jupiter.api.Test;

class FirstLayersTest {
  /** Each array's weights are their places in the array. */
  private static Weights counted(String... sets) {
    List<String> all = new ArrayList<>(List.of(sets));
    // which is not looked at, and may have images of any size
    all.addAll(List.of("dataset.name=directory", "dataset.directory=nowhere"));
    NetworkShape shape = ConfigReader.read(null, all).shape();
    Weights weights = new Weights(shape);
    List<float[]> arrays = new ArrayList<>();
    for (Parameter each : shape.layer(0).parameters()) {
      arrays.add(from(0, each.count()));
    }
    weights.set(0, arrays);
    return weights;
  }

  private static float[] from(int first, int count) {
    float[] numbers = new float[count];
    IntStream.range(0, count).forEach(i -> numbers[i] = first + i);
    return numbers;
  }

  @Test
  void aConvolutionHasAKernelAChannel() {
    Weights weights = counted("network.input=[6,6,2]", "network.layers=[{convolution=70,size=3}]");
    FirstLayer layer = FirstLayers.of(weights, List.of()).orElseThrow();
    assertThat(layer.units()).hasSize(64);
    assertThat(layer.of()).isEqualTo(70);
    assertThat(List.of(layer.height(), layer.width(), layer.channels())).containsExactly(3, 3, 2);
    assertThat(layer.units().get(63)).isEqualTo(from(63 * 18, 18));
  }

  @Test
  void whereWeightsAreNotSharedThePositionInTheMiddleIsShown() {
    Weights weights =
        counted(
            "network.input=[6,6]", "network.layers=[{convolution=2,size=3,stride=1,shared=false}]");
    FirstLayer layer = FirstLayers.of(weights, List.of()).orElseThrow();
    // position (2, 2) of 4 x 4
    assertThat(layer.units().get(1)).isEqualTo(from((10 * 2 + 1) * 9, 9));
    assertThat(layer.title()).contains("middle");
  }

  @Test
  void aDenseLayerHasAnImageANeuronWithItsChannelsApart() {
    Weights weights = counted("network.layers=[12,3,10]");
    FirstLayer layer = FirstLayers.of(weights, List.of(2, 3, 2)).orElseThrow();
    assertThat(List.of(layer.height(), layer.width(), layer.channels())).containsExactly(2, 3, 2);
    assertThat(layer.units()).hasSize(3);
    assertThat(layer.units().get(1))
        .containsExactly(12, 14, 16, 18, 20, 22, 13, 15, 17, 19, 21, 23);
  }

  @Test
  void whatIsNoImageAndWhatHasNoKernelsIsNotShown() {
    Weights dense = counted("network.layers=[12,3,10]");
    assertThat(FirstLayers.of(dense, List.of())).isEmpty();
    assertThat(FirstLayers.of(dense, List.of(1, 12, 1))).isEmpty();
    Weights recurrent =
        counted("network.input=[6,6]", "network.layers=[{recurrent=4,steps=6},{dense=5}]");
    assertThat(FirstLayers.of(recurrent, List.of(6, 6, 1))).isEmpty();
    Weights pool =
        counted("network.input=[6,6]", "network.layers=[{pool=average,size=2},{dense=5}]");
    assertThat(FirstLayers.of(pool, List.of(6, 6, 1))).isEmpty();
  }
}
