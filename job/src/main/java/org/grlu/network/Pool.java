package org.grlu.network;

import java.util.List;
import java.util.Map;
import org.grlu.math.Arena;
import org.grlu.math.Floats;

/**
 * Average pooling, {@code out[y][x] = mean of the size x size numbers of its square}, by channel; a
 * rest at the right and lower edges is left out. It has neither neurons nor weights, and no layer
 * norm.
 *
 * @param index its number, from 0
 * @param reads the map that it reads
 * @param size of the squares
 */
public record Pool(int index, Extent reads, int size) implements Layer {
  /** How it is configured in a list of layers. */
  public static final LayerForm FORM =
      new LayerForm(
          List.of(
              new LayerForm.Option("pool", String.class, null, "average", "average"::equals),
              LayerForm.Option.count("size", 2L, 1)),
          Pool::of);

  private static Pool of(int index, Extent reads, Map<String, Object> v) {
    int size = LayerForm.whole(v, "size");
    int most = Math.min(reads.height(), reads.width());
    if (size > most) {
      throw new IllegalArgumentException(
          "size must be at most %d, of the %d x %d map that it reads"
              .formatted(most, reads.height(), reads.width()));
    }
    return new Pool(index, reads, size);
  }

  @Override
  public Extent puts() {
    return new Extent(
        reads.height() / size, reads.width() / size, reads.channels(), reads.packed());
  }

  @Override
  public int units() {
    return 0;
  }

  @Override
  public int stride() {
    return 0;
  }

  @Override
  public int rows() {
    return 0;
  }

  @Override
  public int biasAt() {
    return 0;
  }

  @Override
  public boolean frozen() {
    return true;
  }

  @Override
  public double noise() {
    return 0;
  }

  @Override
  public double operations() {
    return inputs();
  }

  @Override
  public void initialise(Floats w, long key) {}

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public String text() {
    return "pool" + size;
  }

  @Override
  public LayerPass pass(boolean hidden, int capacity, Arena memory) {
    return new PoolPass(this, capacity, memory);
  }
}
