package org.grlu.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * Objects that travel between driver and tasks of one job, as bytes. Spark may be told to serialise
 * by Kryo, which can't make records; and what is bytes is read only where it is needed.
 */
final class JavaBytes {
  private JavaBytes() {}

  static byte[] of(Serializable object) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The reverse of {@link #of}: never for bytes that come from a file. */
  static <T> T read(byte[] bytes, Class<T> type) {
    try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return type.cast(objects.readObject());
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
