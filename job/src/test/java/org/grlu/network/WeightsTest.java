package org.grlu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightsTest {

  @ParameterizedTest
  @EnumSource(Skip.class)
  void whatIsSetIsPublished(Skip skip) {
    NetworkShape shape = TestData.relu(skip, 20, 17, 17, 3);
    Weights weights = new Weights(shape);
    for (int l = 0; l < shape.depth(); l++) {
      float[] matrix = TestData.normals(l, shape.units(l) * shape.inputs(l));
      float[] bias = TestData.normals(9 + l, shape.units(l));
      weights.set(l, matrix, bias);
      assertThat(weights.published(l)).containsExactly(matrix);
      assertThat(weights.bias(l)).containsExactly(bias);
      assertThat(weights.matrix(l).get(2, 1))
          .isEqualTo(weights.layer(l).get(2 * shape.stride(l) + 1));
      assertThat(weights.finite(l)).isTrue();
    }
  }

  @Test
  void wrongSizesAreRefused() {
    Weights weights = new Weights(TestData.relu(Skip.NONE, 4, 3, 2));
    assertThatThrownBy(() -> weights.set(0, new float[11], new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("array W of shape [3, 4]: 11 values");
  }

  /** W = S + v 1', against a dense sum of outer products in double. */
  @Test
  void foldedUpdatesAreThoseOfTheDenseMatrix() {
    NetworkShape shape = TestData.relu(Skip.NONE, 784, 20, 10);
    int stride = shape.stride(0);
    Weights weights = Weights.initial(shape, 1);
    float[] before = weights.published(0);
    double[] dense = new double[before.length];
    double[] bias = new double[20];
    InputBatch batch = TestData.digits(shape, 50);
    for (int e = 0; e < batch.size(); e++) {
      float[] c = TestData.normals(e, stride);
      java.util.Arrays.fill(c, 20, stride, 0f);
      Kernels.best()
          .sparseUpdate(
              batch.index(),
              batch.value(),
              batch.updateFrom(e),
              batch.updateTo(e),
              Floats.over(c),
              0,
              weights.layer(0),
              stride);
      double[] u = Normalised.digit(e);
      for (int unit = 0; unit < 20; unit++) {
        bias[unit] += c[unit];
        for (int i = 0; i < 784; i++) {
          dense[unit * 784 + i] += c[unit] * u[i];
        }
      }
    }
    Floats z = Floats.of(stride);
    batch.firstLayer(Kernels.best(), weights, 7, z, 0);
    weights.fold();
    Floats folded = Floats.of(stride);
    batch.firstLayer(Kernels.best(), weights, 7, folded, 0);
    for (int i = 0; i < dense.length; i++) {
      assertThat((double) weights.published(0)[i]).isCloseTo(before[i] + dense[i], within(2e-4));
    }
    for (int unit = 0; unit < 20; unit++) {
      assertThat((double) weights.bias(0)[unit]).isCloseTo(bias[unit], within(1e-4));
      assertThat(z.get(unit)).as("z before folding").isCloseTo(folded.get(unit), within(0.02f));
    }
  }

  /** Unfolded, so that all parts of the first layer hold something. */
  @Test
  void decayScalesWhatLayersGiveButForTheirBiases() {
    NetworkShape shape = TestData.relu(Skip.NONE, 784, 20, 10);
    int stride = shape.stride(0);
    Weights weights = Weights.initial(shape, 1);
    weights.set(1, weights.published(1), TestData.normals(3, 10));
    float[] second = weights.published(1);
    final float[] secondBias = weights.bias(1);
    InputBatch batch = TestData.digits(shape, 9);
    for (int e = 0; e < 8; e++) {
      int from = batch.updateFrom(e);
      Floats c = Floats.over(TestData.normals(e, stride));
      c.fill(20, stride, 0f);
      Kernels.best()
          .sparseUpdate(
              batch.index(),
              batch.value(),
              from,
              batch.updateTo(e),
              c,
              0,
              weights.layer(0),
              stride);
    }
    float[] bias = weights.bias(0);
    Floats before = Floats.of(stride);
    batch.firstLayer(Kernels.best(), weights, 8, before, 0);
    weights.decay(0.5f);
    Floats after = Floats.of(stride);
    batch.firstLayer(Kernels.best(), weights, 8, after, 0);
    for (int u = 0; u < 20; u++) {
      // halving is exact, the sums are not
      float expected = 0.5f * (before.get(u) - bias[u]) + bias[u];
      assertThat(after.get(u)).isCloseTo(expected, within(0.01f));
      assertThat(Math.abs(before.get(u) - bias[u])).isGreaterThan(0.01f);
    }
    assertThat(weights.bias(0)).containsExactly(bias);
    assertThat(weights.bias(1)).containsExactly(secondBias);
    for (int i = 0; i < second.length; i++) {
      assertThat(weights.published(1)[i]).isEqualTo(0.5f * second[i]);
    }
  }

  @Test
  void foldingTwiceChangesNothing() {
    NetworkShape shape = TestData.relu(Skip.NONE, 30, 20, 10);
    Weights weights = Weights.initial(shape, 1);
    float[] once = weights.layer(0).toArray();
    weights.fold();
    assertThat(weights.layer(0).toArray()).containsExactly(once);
  }

  @Test
  void anyWeightChangesTheDigest() {
    NetworkShape shape = TestData.relu(Skip.NONE, 5, 4, 3);
    Set<String> digests = new HashSet<>();
    digests.add(Weights.initial(shape, 1).sha256());
    int weightsAndBiases = 0;
    for (int l = 0; l < shape.depth(); l++) {
      for (int i = 0; i < shape.units(l) * (shape.inputs(l) + 1); i++) {
        Weights changed = Weights.initial(shape, 1);
        float[] matrix = changed.published(l);
        float[] bias = changed.bias(l);
        float[] array = i < matrix.length ? matrix : bias;
        int at = i < matrix.length ? i : i - matrix.length;
        array[at] = Math.nextUp(array[at]);
        changed.set(l, matrix, bias);
        digests.add(changed.sha256());
        weightsAndBiases++;
      }
    }
    assertThat(digests).hasSize(1 + weightsAndBiases);
  }

  @Test
  void initialWeightsHaveTheDeviationOfHe() {
    Weights weights = Weights.initial(TestData.relu(Skip.NONE, 784, 256, 10), 3);
    double squares = 0;
    for (float w : weights.published(0)) {
      squares += (double) w * w;
    }
    // 200,704 draws: ten standard errors
    assertThat(squares / weights.published(0).length / (2 / 784.0)).isCloseTo(1, within(0.03));
    assertThat(weights.bias(0)).containsOnly(0f);
    assertThat(weights.sha256())
        .isNotEqualTo(Weights.initial(weights.shape(), 4).sha256())
        .isEqualTo(Weights.initial(weights.shape(), 3).sha256());
  }

  @ParameterizedTest
  @EnumSource(Skip.class)
  void theCountIsThatOfTheMatrices(Skip skip) {
    NetworkShape shape = TestData.relu(skip, 6, 5, 17, 3);
    Weights weights = new Weights(shape);
    long count = 0;
    for (int l = 0; l < shape.depth(); l++) {
      count += weights.layer(l).length();
    }
    assertThat(Weights.count(shape)).isEqualTo(count);
    NetworkShape large = TestData.relu(skip, 65536, 65536, 65536, 65536, 65536, 3);
    assertThat(Weights.count(large)).isGreaterThan(1L << 34);
    assertThatThrownBy(() -> new Weights(large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("must be at most 500000000");
  }
}
