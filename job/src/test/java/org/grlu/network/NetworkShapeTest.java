package org.grlu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.grlu.TestData;
import org.junit.jupiter.api.Test;

class NetworkShapeTest {

  @Test
  void widthsFollowFromTheLayers() {
    NetworkShape shape = TestData.relu(Skip.NONE, 784, 100, 10);
    assertThat(shape.depth()).isEqualTo(2);
    assertThat(List.of(shape.inputs(0), shape.units(0), shape.stride(0)))
        .containsExactly(784, 100, 112);
    assertThat(List.of(shape.inputs(1), shape.units(1), shape.stride(1)))
        .containsExactly(100, 10, 16);
    assertThat(shape.hidden(0)).isTrue();
    assertThat(shape.hidden(1)).isFalse();
    assertThat(shape.firstSource(1)).isEqualTo(1);
    assertThat(shape.widths()).isEqualTo("784-100-10");
  }

  @Test
  void denseSkipReadsAllThatCameBefore() {
    NetworkShape shape = TestData.relu(Skip.DENSE, 8, 5, 4, 3);
    assertThat(List.of(shape.inputs(0), shape.inputs(1), shape.inputs(2)))
        .containsExactly(8, 13, 17);
    assertThat(shape.firstSource(2)).isZero();
  }

  @Test
  void residualSkipNeedsAHiddenLayerAsWideAsItsInput() {
    NetworkShape shape = TestData.relu(Skip.RESIDUAL, 6, 6, 6, 5, 5);
    assertThat(List.of(shape.residual(0), shape.residual(1), shape.residual(2), shape.residual(3)))
        .containsExactly(false, true, false, false);
    assertThat(TestData.relu(Skip.NONE, 6, 6, 6, 5).residual(1)).isFalse();
  }

  @Test
  void topKKeepsAShareOfEachLayer() {
    NetworkShape shape = TestData.topK(0.25, Skip.NONE, 784, 100, 3, 10);
    assertThat(List.of(shape.kept(0), shape.kept(1))).containsExactly(25, 1);
  }

  @Test
  void tooFewOrEmptyLayersAreRefused() {
    assertThatThrownBy(() -> TestData.relu(Skip.NONE, 784))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[784]");
    assertThatThrownBy(() -> TestData.relu(Skip.NONE, 784, 0, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
