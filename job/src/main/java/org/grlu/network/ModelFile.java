package org.grlu.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.grlu.datasets.npy.NpyException;
import org.grlu.datasets.npy.NpyHeader;
import org.grlu.datasets.npy.ZipArchive;

/**
 * Weights as the published program writes them: NumPy's .npz (a ZIP archive of .npy files) with
 * arrays W0 (out x in), b0 (out), W1, b1, ... of 32-bit floats. Other arrays may stand beside them.
 */
public final class ModelFile {
  /** No array of a file that is read may be larger: a damaged or hostile file is refused early. */
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 1024;

  static final String ARRAY = ".npy";

  /** What an array has beside its numbers, in both of the archive's headers and in its own. */
  private static final int ARRAY_BYTES = 400;

  /** The end of an archive. */
  private static final int END_BYTES = 22;

  private final ZipArchive archive;

  /** Those that were asked for: what is in the others does not matter. */
  private final Map<String, byte[]> contents = new HashMap<>();

  private ModelFile(ZipArchive archive) {
    this.archive = archive;
  }

  /** The file of some folded weights, and of tables of doubles beside them, by name. */
  public static byte[] write(Weights weights, Map<String, double[][]> tables) {
    return write(weights, tables, Map.of());
  }

  /** The same with lists of words, by name. */
  public static byte[] write(
      Weights weights, Map<String, double[][]> tables, Map<String, List<String>> words) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int l = 0; l < weights.shape().depth(); l++) {
      Map<String, float[]> arrays = weights.arrays(l);
      for (Parameter each : weights.shape().layer(l).parameters()) {
        Integer[] shape = each.shape().toArray(Integer[]::new);
        files.put(each.name() + l, NpyArray.of(arrays.get(each.name()), shape).bytes("<f4"));
      }
    }
    weights.state().arrays().forEach((name, array) -> files.put(name, array.bytes("<f4")));
    tables.forEach((name, rows) -> files.put(name, table(rows).bytes("<f8")));
    words.forEach((name, list) -> files.put(name, NpyWords.bytes(list)));
    return ArrayFile.zip(files);
  }

  /** How many bytes the file of weights of a shape and a state has, at most. */
  public static long mostBytes(NetworkShape shape, State state) {
    long numbers = state.count();
    long arrays = state.arrayCount();
    for (int l = 0; l < shape.depth(); l++) {
      for (Parameter each : shape.layer(l).parameters()) {
        numbers += each.shape().stream().mapToLong(n -> n).reduce(1, Math::multiplyExact);
        arrays++;
      }
    }
    return Float.BYTES * numbers + ARRAY_BYTES * arrays + END_BYTES;
  }

  private static NpyArray table(double[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    double[] values = new double[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return new NpyArray(List.of(rows.length, columns), values);
  }

  /**
   * Reads a file's bytes; what is wrong with an array shows where it is asked for.
   *
   * @param bytes Not to be modified while this is in use
   * @throws ModelFileException where they are no .npz file
   */
  public static ModelFile read(byte[] bytes) {
    ModelFile file = new ModelFile(usable(() -> new ZipArchive(bytes, LARGEST_ARRAY)));
    if (file.names().isEmpty()) {
      throw new ModelFileException("no .npz file: %d bytes without any .npy array", bytes.length);
    }
    return file;
  }

  /** What an array's file says of it. */
  static NpyHeader header(String name, byte[] bytes) {
    return usable(() -> NpyHeader.read(name, bytes));
  }

  private static <T> T usable(Supplier<T> read) {
    try {
      return read.get();
    } catch (NpyException e) {
      throw new ModelFileException("%s", e.getMessage());
    }
  }

  private List<String> names() {
    return archive.names().stream()
        .filter(name -> name.endsWith(ARRAY))
        .map(name -> name.substring(0, name.length() - ARRAY.length()))
        .toList();
  }

  /** Whether an array of this name is in it. */
  public boolean has(String name) {
    return archive.names().contains(name + ARRAY);
  }

  private byte[] content(String name) {
    return contents.computeIfAbsent(name, key -> usable(() -> archive.read(key + ARRAY)));
  }

  NpyArray array(String name) {
    return NpyArray.read(name, content(name));
  }

  private List<Integer> shape(String name) {
    return header(name, content(name)).shape();
  }

  /**
   * The widths of the network, from W0, W1, ...; under dense skip a layer's inputs are more than
   * the layer before it puts out.
   *
   * @throws ModelFileException where there are no such arrays
   */
  public List<Integer> layers() {
    List<Integer> layers = new ArrayList<>();
    for (int l = 0; has("W" + l); l++) {
      List<Integer> shape = shape("W" + l);
      if (shape.size() != 2) {
        throw new ModelFileException("array W%d: shape %s, must be (out, in)", l, shape);
      }
      if (l == 0) {
        layers.add(shape.get(1));
      }
      layers.add(shape.get(0));
    }
    if (layers.isEmpty()) {
      throw new ModelFileException("arrays %s: W0, b0, W1, b1, ... must be there", names());
    }
    return layers;
  }

  /**
   * The weights.
   *
   * @throws ModelFileException where they don't fit the shape
   */
  public Weights weights(NetworkShape shape) {
    if (!shape.isMixed() && !layers().equals(shape.layers())) {
      throw new ModelFileException(
          "layers %s: the configuration says %s", layers(), shape.layers());
    }
    Weights weights = new Weights(shape);
    for (int l = 0; l < shape.depth(); l++) {
      List<float[]> arrays = new ArrayList<>();
      for (Parameter each : shape.layer(l).parameters()) {
        String name = each.name() + l;
        if (!has(name) || !shape(name).equals(each.shape())) {
          boolean first = each.name().equals("W") && !shape.isMixed();
          throw new ModelFileException(
              "array %s: %s, must %s %s%s",
              name,
              has(name) ? "shape " + shape(name) : "missing",
              first ? "be" : "have shape",
              each.shape(),
              first ? " with skip " + shape.skip().name().toLowerCase(Locale.ROOT) : "");
        }
        arrays.add(array(name).floats());
      }
      weights.set(l, arrays);
      if (!weights.finite(l)) {
        throw new ModelFileException("layer %d: NaN or infinite weights", l);
      }
    }
    return weights;
  }

  /** The same beside a rule's state, whose arrays take over the file's of their names. */
  public Weights weights(NetworkShape shape, State state) {
    state.read(this);
    return weights(shape).with(state);
  }

  float[] state(String name, List<Integer> expected) {
    if (!has(name) || !shape(name).equals(expected)) {
      throw new ModelFileException(
          "array %s: %s, must have shape %s",
          name, has(name) ? "shape " + shape(name) : "missing", expected);
    }
    return array(name).floats();
  }

  /** A table that was written beside the weights; empty where there is none. */
  public double[][] table(String name) {
    if (!has(name) || shape(name).size() != 2) {
      return new double[0][];
    }
    NpyArray array = array(name);
    int columns = array.shape().get(1);
    double[][] rows = new double[array.shape().get(0)][columns];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(array.values(), i * columns, rows[i], 0, columns);
    }
    return rows;
  }

  /** A list of words that was written beside the weights; empty where there is none. */
  public List<String> words(String name) {
    return has(name) ? NpyWords.read(name, content(name)) : List.of();
  }
}
