package org.grlu.datasets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The digest of {@link Dataset#sha256}, part by part: the whole need not be in one place. Of the
 * training set and then of the test set: {@link #begin}, {@link #add} for each part in the order of
 * the examples, {@link #end}.
 */
public final class DatasetDigest {
  private final MessageDigest digest = Digests.sha256();

  /** Begins a set, of which only the shape and the number are read. */
  public void begin(LabelledImages set) {
    ByteBuffer shape = ByteBuffer.allocate(4 * Integer.BYTES);
    shape.putInt(set.size()).putInt(set.rows()).putInt(set.columns());
    if (set.channels() != 1) {
      shape.putInt(set.channels());
    }
    digest.update(shape.flip());
    if (set.areFloats()) {
      digest.update("float32".getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Goes on with the values of the set's next images. */
  public void add(LabelledImages part) {
    if (part.areFloats()) {
      addFloats(part.features());
    } else {
      digest.update(part.pixels());
    }
  }

  private void addFloats(float[] values) {
    ByteBuffer some = ByteBuffer.allocate(1 << 16);
    for (float value : values) {
      if (!some.hasRemaining()) {
        digest.update(some.flip());
        some.clear();
      }
      some.putFloat(value);
    }
    digest.update(some.flip());
  }

  /** Ends a set, of which only the labels are read. */
  public void end(LabelledImages set) {
    digest.update(set.labels());
  }

  /** In hexadecimal, once; nothing is added after that. */
  public String hex() {
    return Digests.hex(digest);
  }
}
