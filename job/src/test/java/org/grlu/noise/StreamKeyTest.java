package org.grlu.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StreamKeyTest {

  /** Four million keys of 64 bits: the odds of a collision by chance are 1e-6. */
  @Test
  void pathsDoNotCollide() {
    int steps = 16;
    int examples = 32;
    int perturbations = 32;
    int layers = 8;
    int purposes = StreamKey.Purpose.values().length;
    long[] keys = new long[4 * purposes * steps * examples * perturbations * layers];
    int n = 0;
    for (long seed : new long[] {0, 1, -1, 42}) {
      for (StreamKey.Purpose purpose : StreamKey.Purpose.values()) {
        long root = StreamKey.of(seed, purpose);
        for (int i = 0; i < steps * examples * perturbations * layers; i++) {
          long step = StreamKey.child(root, i / layers / perturbations / examples);
          long example = StreamKey.child(step, i / layers / perturbations % examples);
          long perturbation = StreamKey.child(example, i / layers % perturbations);
          keys[n++] = StreamKey.child(perturbation, i % layers);
        }
      }
    }
    Arrays.sort(keys);
    int collisions = 0;
    for (int i = 1; i < n; i++) {
      collisions += keys[i] == keys[i - 1] ? 1 : 0;
    }
    assertThat(collisions).isZero();
  }

  @Test
  void aPathsOrderMatters() {
    long root = StreamKey.of(42, StreamKey.Purpose.NOISE);
    assertThat(StreamKey.child(StreamKey.child(root, 1), 2))
        .isNotEqualTo(StreamKey.child(StreamKey.child(root, 2), 1));
  }
}
