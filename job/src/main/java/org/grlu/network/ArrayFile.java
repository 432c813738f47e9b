package org.grlu.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Matrices of floats and lists of words by name, as NumPy's .npz. Equal contents, equal bytes. */
public final class ArrayFile {
  private final ModelFile file;

  private ArrayFile(ModelFile file) {
    this.file = file;
  }

  /** A matrix: a plain class, since Kryo can't make records. */
  public static final class Matrix implements Serializable {
    private static final long serialVersionUID = 1;

    private final int rows;
    private final int columns;
    private final float[] values;

    /**
     * @param values row-major, (rows x columns); not copied
     */
    public Matrix(int rows, int columns, float[] values) {
      this.rows = rows;
      this.columns = columns;
      this.values = values;
    }

    public int rows() {
      return rows;
    }

    public int columns() {
      return columns;
    }

    /** All values, row-major: the array itself, not to be modified. */
    public float[] values() {
      return values;
    }
  }

  /** The file's bytes. */
  public static byte[] write(Map<String, Matrix> matrices, Map<String, List<String>> words) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    matrices.forEach(
        (name, m) -> files.put(name, NpyArray.of(m.values, m.rows, m.columns).bytes("<f4")));
    words.forEach((name, list) -> files.put(name, NpyWords.bytes(list)));
    return zip(files);
  }

  /**
   * Reads a file's bytes.
   *
   * @param bytes Not to be modified while this is in use
   * @throws ModelFileException where they are no .npz file
   */
  public static ArrayFile read(byte[] bytes) {
    return new ArrayFile(ModelFile.read(bytes));
  }

  /** Whether there is something of this name. */
  public boolean has(String name) {
    return file.has(name);
  }

  /**
   * A matrix of finite numbers.
   *
   * @throws ModelFileException where there is none of that name and form
   */
  public Matrix matrix(String name) {
    NpyArray array = file.array(name);
    if (array.shape().size() != 2) {
      throw new ModelFileException("array %s: shape %s, must be a matrix", name, array.shape());
    }
    for (double value : array.values()) {
      if (!Double.isFinite(value)) {
        throw new ModelFileException("array %s: NaN or infinite values", name);
      }
    }
    return new Matrix(array.shape().get(0), array.shape().get(1), array.floats());
  }

  /**
   * A list of words.
   *
   * @throws ModelFileException where there is none
   */
  public List<String> words(String name) {
    return file.words(name);
  }

  /** The archive of some .npy files, by name. */
  static byte[] zip(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey() + ModelFile.ARRAY);
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        // one moment for all files: equal contents give equal bytes
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
}
