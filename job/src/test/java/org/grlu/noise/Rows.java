package org.grlu.noise;

import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.rule.KeyedPerturbations;

/** Rows of 256 units, drawn where training draws them. */
final class Rows {
  static final int UNITS = 256;
  private static final int LANES = 16;

  private static final NetworkShape SHAPE =
      TestData.relu(Skip.NONE, UNITS, UNITS, UNITS, UNITS, UNITS);

  /** A distribution of training. */
  enum Source {
    GAUSSIAN,
    RADEMACHER,
    GUMBEL
  }

  /** Where a row stands. */
  record Place(int step, int example, int perturbation, int layer) {}

  private final Source source;
  private final KeyedPerturbations perturbations;
  private final Floats block = Floats.of(UNITS * LANES);

  Rows(Source source, long seed) {
    this.source = source;
    NoiseKind kind = source == Source.RADEMACHER ? NoiseKind.RADEMACHER : NoiseKind.GAUSSIAN;
    this.perturbations = new KeyedPerturbations(SHAPE, kind, seed);
  }

  void draw(Place place, float[] out, int at) {
    perturbations.step(place.step, 1, 1);
    int p = place.perturbation;
    if (source == Source.GUMBEL) {
      perturbations.gumbels(place.example, p, 1, place.layer, LANES, block);
    } else {
      perturbations.noise(place.example, p, 1, place.layer, LANES, block);
    }
    for (int u = 0; u < UNITS; u++) {
      out[at + u] = block.get(u * LANES);
    }
  }

  /** The {@code i}-th of many places: 4 layers of 16 perturbations of 8 examples of all steps. */
  static Place place(int i) {
    return new Place(i >> 9, (i >> 6) & 7, (i >> 2) & 15, i & 3);
  }

  /** The draws of the first {@code rows} places. */
  Sample sample(int rows) {
    float[] draws = new float[rows * UNITS];
    for (int i = 0; i < rows; i++) {
      draw(place(i), draws, i * UNITS);
    }
    return new Sample(draws);
  }
}
