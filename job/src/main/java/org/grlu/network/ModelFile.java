package org.grlu.network;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Weights as the published program writes them: NumPy's .npz (a ZIP archive of .npy files) with
 * arrays W0 (out x in), b0 (out), W1, b1, ... of 32-bit floats. Other arrays may stand beside them.
 */
public final class ModelFile {
  /** No array of a file that is read may be larger: a damaged or hostile file is refused early. */
  private static final int LARGEST_ARRAY = 1 << 30;

  /** The record at a ZIP file's end, without its comment: signature and size in bytes. */
  private static final int END_SIGNATURE = 0x06054b50;

  private static final int END_RECORD = 22;

  private final Map<String, NpyArray> arrays;

  private ModelFile(Map<String, NpyArray> arrays) {
    this.arrays = arrays;
  }

  /** The file of some folded weights, and of tables of doubles beside them, by name. */
  public static byte[] write(Weights weights, Map<String, double[][]> tables) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int l = 0; l < weights.shape().depth(); l++) {
      int units = weights.shape().units(l);
      int inputs = weights.shape().inputs(l);
      files.put("W" + l, NpyArray.of(weights.published(l), units, inputs).bytes("<f4"));
      files.put("b" + l, NpyArray.of(weights.bias(l), units).bytes("<f4"));
    }
    tables.forEach((name, rows) -> files.put(name, table(rows).bytes("<f8")));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey() + ".npy");
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        // one moment for all files: equal weights give equal bytes
        entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
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
   * Reads a file's bytes.
   *
   * @throws ModelFileException where they are no .npz file
   */
  public static ModelFile read(byte[] bytes) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    int expected = entries(bytes);
    int found = 0;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        found++;
        byte[] content = zip.readNBytes(LARGEST_ARRAY);
        if (zip.read() >= 0) {
          throw new ModelFileException("%s: more than %d bytes", entry.getName(), LARGEST_ARRAY);
        }
        if (entry.getName().endsWith(".npy")) {
          String name = entry.getName().substring(0, entry.getName().length() - 4);
          arrays.put(name, NpyArray.read(name, content));
        }
      }
    } catch (ZipException | IllegalArgumentException e) {
      throw new ModelFileException("damaged .npz file: %s", e.getMessage());
    } catch (IOException e) {
      throw new ModelFileException("cut off .npz file: %s", e.getMessage());
    }
    if (found != expected) {
      throw new ModelFileException(
          "damaged .npz file: %d entries, its directory says %d", found, expected);
    }
    if (arrays.isEmpty()) {
      throw new ModelFileException("no .npz file: %d bytes without any .npy array", bytes.length);
    }
    return new ModelFile(arrays);
  }

  /**
   * The number of entries by the record that ends a ZIP file. A stream of entries alone can't tell
   * a file that was cut between two of them from a whole one.
   */
  private static int entries(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int lowest = Math.max(0, bytes.length - END_RECORD - 0xffff);
    for (int at = bytes.length - END_RECORD; at >= lowest; at--) {
      if (in.getInt(at) == END_SIGNATURE
          && at + END_RECORD + (in.getShort(at + 20) & 0xffff) == bytes.length) {
        return in.getShort(at + 10) & 0xffff;
      }
    }
    throw new ModelFileException("no .npz file, or one cut off: %d bytes", bytes.length);
  }

  /**
   * The widths of the network, from W0, W1, ...; under dense skip a layer's inputs are more than
   * the layer before it puts out.
   *
   * @throws ModelFileException where there are no such arrays
   */
  public List<Integer> layers() {
    List<Integer> layers = new ArrayList<>();
    for (int l = 0; arrays.containsKey("W" + l); l++) {
      List<Integer> shape = arrays.get("W" + l).shape();
      if (shape.size() != 2) {
        throw new ModelFileException("array W%d: shape %s, must be (out, in)", l, shape);
      }
      if (l == 0) {
        layers.add(shape.get(1));
      }
      layers.add(shape.get(0));
    }
    if (layers.isEmpty()) {
      throw new ModelFileException("arrays %s: W0, b0, W1, b1, ... must be there", arrays.keySet());
    }
    return layers;
  }

  /**
   * The weights.
   *
   * @throws ModelFileException where they don't fit the shape
   */
  public Weights weights(NetworkShape shape) {
    if (!layers().equals(shape.layers())) {
      throw new ModelFileException(
          "layers %s: the configuration says %s", layers(), shape.layers());
    }
    Weights weights = new Weights(shape);
    for (int l = 0; l < shape.depth(); l++) {
      NpyArray w = arrays.get("W" + l);
      NpyArray b = arrays.get("b" + l);
      List<Integer> expected = List.of(shape.units(l), shape.inputs(l));
      if (!w.shape().equals(expected)) {
        throw new ModelFileException(
            "array W%d: shape %s, must be %s with skip %s",
            l, w.shape(), expected, shape.skip().name().toLowerCase(java.util.Locale.ROOT));
      }
      if (b == null || !b.shape().equals(List.of(shape.units(l)))) {
        throw new ModelFileException(
            "array b%d: %s, must have shape [%d]",
            l, b == null ? "missing" : "shape " + b.shape(), shape.units(l));
      }
      weights.set(l, w.floats(), b.floats());
      if (!weights.finite(l)) {
        throw new ModelFileException("layer %d: NaN or infinite weights", l);
      }
    }
    return weights;
  }

  /** A table that was written beside the weights; empty where there is none. */
  public double[][] table(String name) {
    NpyArray array = arrays.get(name);
    if (array == null || array.shape().size() != 2) {
      return new double[0][];
    }
    int columns = array.shape().get(1);
    double[][] rows = new double[array.shape().get(0)][columns];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(array.values(), i * columns, rows[i], 0, columns);
    }
    return rows;
  }
}
