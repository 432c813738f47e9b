package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.grlu.math.Floats;

/** The random numbers of a worked case. */
record GoldenDraws(JsonNode golden, double sigma) implements Perturbations {
  /** They draw nothing below it. */
  @Override
  public long ownStream() {
    return 0;
  }

  @Override
  public void factors(
      Factor factor, int layer, int first, int rows, int lanes, float scale, Floats out) {
    for (int r = 0; r < rows; r++) {
      float[] listed = Golden.floats(listed(factor).get(layer).get(first + r));
      for (int i = 0; i < listed.length; i++) {
        out.set(i * lanes + r, scale * listed[i]);
      }
    }
  }

  @Override
  public void factor(Factor factor, int layer, int perturbation, Floats out, int at) {
    float[] listed = Golden.floats(listed(factor).get(layer).get(perturbation));
    out.copy(Floats.over(listed), 0, at, listed.length);
  }

  private JsonNode listed(Factor factor) {
    return golden.get(
        switch (factor) {
          case UNITS -> "columns";
          case INPUTS -> "rows";
          case BIASES -> "bias_noises";
        });
  }

  @Override
  public float deviation(int layer) {
    return (float) sigma;
  }

  /** They are listed for the active units, which are those with noise. */
  @Override
  public void signs(int example, int layer, long[] out) {
    float[] listed = Golden.floats(golden.get("orthogonal").get(example).get("signs"));
    float[] noise = Golden.floats(golden.get("first_noise").get(0).get(example));
    int number = 0;
    out[0] = 0;
    for (int u = 0; u < noise.length; u++) {
      if (noise[u] != 0 && listed[number++] < 0) {
        out[0] |= 1L << u;
      }
    }
    assertThat(number).isEqualTo(listed.length);
  }

  @Override
  public long hadamardRows(int example, int layer) {
    JsonNode of = golden.get("orthogonal").get(example);
    return of.get("stride").longValue() << 32 | of.get("offset").longValue();
  }

  @Override
  public void noise(int example, int first, int rows, int layer, int lanes, Floats out) {
    if (golden.has("first_noise")) {
      copy(golden.get("first_noise"), example, first, rows, lanes, out);
    } else {
      copy(golden.get("noises").get(layer), example, first, rows, lanes, out);
    }
  }

  @Override
  public void row(int example, int perturbation, int layer, Floats out, int at) {
    noise(example, perturbation, 1, layer, 1, out.part(at, out.length() - at));
  }

  @Override
  public void gumbels(int example, int first, int rows, int layer, int lanes, Floats out) {
    copy(golden.get("gumbels").get(layer), example, first, rows, lanes, out);
  }

  @Override
  public void gumbel(int example, int layer, Floats out, int at) {
    throw new UnsupportedOperationException("for rules without perturbations");
  }

  private static void copy(JsonNode from, int example, int first, int rows, int lanes, Floats out) {
    for (int r = 0; r < rows; r++) {
      float[] row = Golden.floats(from.get(first + r).get(example));
      for (int u = 0; u < row.length; u++) {
        out.set(u * lanes + r, row[u]);
      }
    }
  }
}
