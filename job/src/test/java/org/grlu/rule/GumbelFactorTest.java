package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The factor on top-k's Gumbel draws, in each form in which they are drawn. */
class GumbelFactorTest {
  private static final NetworkShape SHAPE = TestData.topK(0.3, Skip.NONE, 784, 21, 10);

  private static float[] draws(double factor, int rows) {
    KeyedPerturbations draws = new KeyedPerturbations(SHAPE, null, 5, factor);
    draws.step(3, 0.1, 0.1);
    int lanes = rows == 1 ? 1 : Kernels.padded(rows);
    Floats out = Floats.of(SHAPE.stride(0) * lanes);
    out.fill(0, out.length(), 7f);
    draws.gumbels(2, 4, rows, 0, lanes, out);
    return out.copyOfRange(0, lanes == 1 ? SHAPE.stride(0) : SHAPE.units(0) * lanes);
  }

  private static float[] ofTheExample(double factor) {
    KeyedPerturbations draws = new KeyedPerturbations(SHAPE, null, 5, factor);
    draws.step(3, 0.1, 0.1);
    Floats out = Floats.of(2 * SHAPE.stride(0));
    out.fill(0, out.length(), 7f);
    draws.gumbel(2, 0, out, SHAPE.stride(0));
    return out.copyOfRange(SHAPE.stride(0), out.length());
  }

  private static float[] times(float factor, float[] draws) {
    float[] scaled = new float[draws.length];
    for (int i = 0; i < draws.length; i++) {
      scaled[i] = factor * draws[i];
    }
    return scaled;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 40})
  void drawsAreMultipliedAndNoneIsLeftWithZero(int rows) {
    for (float factor : new float[] {1f, 0.5f, 2f}) {
      assertThat(draws(factor, rows)).containsExactly(times(factor, draws(1, rows)));
      assertThat(ofTheExample(factor)).containsExactly(times(factor, ofTheExample(1)));
    }
    assertThat(draws(0, rows)).containsOnly(0f);
    assertThat(ofTheExample(0)).containsOnly(0f);
    KeyedPerturbations standard = new KeyedPerturbations(SHAPE, 5);
    standard.step(3, 0.1, 0.1);
    Floats row = Floats.of(SHAPE.stride(0));
    standard.gumbel(2, 0, row, 0);
    assertThat(row.toArray()).containsExactly(ofTheExample(1));
  }
}
