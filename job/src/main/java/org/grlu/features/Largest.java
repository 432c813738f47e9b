package org.grlu.features;

import java.util.Arrays;
import java.util.Map;
import org.grlu.network.ArrayFile;

/**
 * A sparse code: of each row the {@code kept} largest values, those of them that are positive; all
 * others are 0. The row is scaled to a length of sqrt(kept). Of equal values the first is kept. A
 * plain class, since Kryo can't make records.
 */
final class Largest implements Stage {
  private static final long serialVersionUID = 1;
  static final String NAME = "largest";

  private final int inputs;
  private final int kept;

  Largest(int inputs, int kept) {
    this.inputs = inputs;
    this.kept = kept;
  }

  static Largest read(String[] words) {
    Largest largest = new Largest(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    if (largest.kept < 1 || largest.kept > largest.inputs) {
      throw new IllegalArgumentException("keeps " + largest.kept + " of " + largest.inputs);
    }
    return largest;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public void apply(int count, float[] in, float[] out) {
    float[] some = new float[inputs];
    for (int at = 0; at < count * inputs; at += inputs) {
      float least = least(in, at, some);
      int ties = kept;
      for (int i = at; i < at + inputs; i++) {
        if (in[i] > least) {
          ties--;
        }
      }
      double squares = 0;
      for (int i = at; i < at + inputs; i++) {
        boolean keep = in[i] > least || (in[i] == least && ties-- > 0);
        if (keep) {
          out[i] = in[i];
          squares += (double) in[i] * in[i];
        }
      }
      if (squares > 0) {
        double factor = Math.sqrt(kept / squares);
        for (int i = at; i < at + inputs; i++) {
          out[i] = (float) (out[i] * factor);
        }
      }
    }
  }

  /** The least value that is kept: the kept largest, or 0 where not so many are positive. */
  private float least(float[] in, int at, float[] some) {
    int n = 0;
    for (int i = at; i < at + inputs; i++) {
      if (in[i] > 0) {
        some[n++] = in[i];
      }
    }
    if (n <= kept) {
      return 0;
    }
    Arrays.sort(some, 0, n);
    return some[n - kept];
  }

  @Override
  public String line() {
    return NAME + " " + inputs + " " + kept;
  }

  @Override
  public Map<String, ArrayFile.Matrix> arrays() {
    return Map.of();
  }
}
