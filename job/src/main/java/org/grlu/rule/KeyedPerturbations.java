package org.grlu.rule;

import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;
import org.grlu.noise.StreamKey;

/**
 * Random numbers as a function of (seed, step, example's position in the step, perturbation, layer,
 * unit): never of a partition, a thread or time.
 */
public final class KeyedPerturbations implements Perturbations {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final NoiseKind kind;
  private final float[] scales;
  private final long noiseRoot;
  private final long gumbelRoot;
  private long noiseStep;
  private long gumbelStep;

  /** One rule's streams under one seed, before any step. */
  public KeyedPerturbations(NetworkShape shape, NoiseKind kind, long seed) {
    this.shape = shape;
    this.kind = kind;
    this.scales = new float[shape.depth()];
    this.noiseRoot = StreamKey.of(seed, StreamKey.Purpose.NOISE);
    this.gumbelRoot = StreamKey.of(seed, StreamKey.Purpose.GUMBEL);
  }

  /**
   * Goes to a step.
   *
   * @param step its number in the whole training, from 0
   * @param hidden the noise's standard deviation on hidden neurons
   * @param output on output neurons
   */
  public void step(long step, double hidden, double output) {
    noiseStep = StreamKey.child(noiseRoot, step);
    gumbelStep = StreamKey.child(gumbelRoot, step);
    for (int l = 0; l < scales.length; l++) {
      scales[l] = (float) (shape.hidden(l) ? hidden : output);
    }
  }

  @Override
  public void noise(int example, int perturbation, int layer, float[] out, int at) {
    long key = row(noiseStep, example, perturbation, layer);
    kind.fill(kernels, key, scales[layer], out, at, shape.units(layer));
  }

  @Override
  public void gumbel(int example, int perturbation, int layer, float[] out, int at) {
    kernels.gumbel(row(gumbelStep, example, perturbation, layer), out, at, shape.units(layer));
  }

  private static long row(long step, int example, int perturbation, int layer) {
    return StreamKey.child(StreamKey.child(StreamKey.child(step, example), perturbation), layer);
  }
}
