package org.grlu.datasets.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The files in the bytes of a ZIP archive, ZIP64 among them, by its central directory. Java's own
 * readers need a file on disk, or go by what stands before each entry's data, which a program that
 * wrote to a stream did not know yet.
 */
public final class ZipArchive {
  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int LOCATOR_64_SIZE = 20;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_SIZE = 56;
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_SIZE = 30;
  private static final int EXTRA_64 = 1;
  private static final long IN_EXTRA_64 = 0xffffffffL;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** Deflate packs no better, so that a small file can't ask for all the memory there is. */
  private static final long BEST_RATIO = 1032;

  private final ByteBuffer bytes;
  private final int largest;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** An entry of the central directory. */
  private record Entry(int flags, int method, int crc, long packed, long size, long local) {}

  /**
   * Reads the directory.
   *
   * @param largest no file in it may have more bytes
   * @throws NpyException where there is none
   */
  public ZipArchive(byte[] content, int largest) {
    this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    this.largest = largest;
    int end = end();
    long count = bytes.getShort(end + 10) & 0xffff;
    long at = bytes.getInt(end + 16) & 0xffffffffL;
    int locator = end - LOCATOR_64_SIZE;
    if (locator >= 0 && bytes.getInt(locator) == LOCATOR_64) {
      int end64 = place(bytes.getLong(locator + 8), END_64_SIZE, END_64);
      count = bytes.getLong(end64 + 32);
      at = bytes.getLong(end64 + 48);
    }
    for (long i = 0; i < count; i++) {
      at = entry(place(at, CENTRAL_SIZE, CENTRAL));
    }
  }

  /** The names of its files. */
  public Set<String> names() {
    return entries.keySet();
  }

  /**
   * A file's content.
   *
   * @throws NpyException where it is damaged, or packed in another way than NumPy does
   */
  public byte[] read(String name) {
    Entry entry = entries.get(name);
    if ((entry.flags & 1) != 0) {
      throw new NpyException("%s: is encrypted", name);
    }
    if (entry.method != STORED && entry.method != DEFLATED) {
      throw new NpyException(
          "%s: is packed by method %d, must be stored (0) or deflated (8)", name, entry.method);
    }
    if (entry.size < 0 || entry.size > largest) {
      throw new NpyException("%s: more than %d bytes", name, largest);
    }
    int local = place(entry.local, LOCAL_SIZE, LOCAL);
    int lengths = (bytes.getShort(local + 26) & 0xffff) + (bytes.getShort(local + 28) & 0xffff);
    int data = place((long) local + LOCAL_SIZE + lengths, entry.packed);
    byte[] content =
        entry.method == STORED ? stored(name, entry, data) : inflated(name, entry, data);
    CRC32 crc = new CRC32();
    crc.update(content);
    if ((int) crc.getValue() != entry.crc) {
      throw damaged("the checksum of " + name + " is wrong");
    }
    return content;
  }

  private byte[] stored(String name, Entry entry, int data) {
    if (entry.packed != entry.size) {
      throw damaged("the sizes of " + name + " differ");
    }
    return Arrays.copyOfRange(bytes.array(), data, data + (int) entry.size);
  }

  private byte[] inflated(String name, Entry entry, int data) {
    if (entry.size > BEST_RATIO * entry.packed) {
      throw damaged("the sizes of " + name + " differ");
    }
    byte[] content = new byte[(int) entry.size];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes.array(), data, (int) entry.packed);
      int length = 0;
      while (length < content.length) {
        int more = inflater.inflate(content, length, content.length - length);
        if (more == 0) {
          throw damaged(name + " ends too early");
        }
        length += more;
      }
      return content;
    } catch (DataFormatException e) {
      throw damaged(name + " can't be unpacked");
    } finally {
      inflater.end();
    }
  }

  /** Where the record at the archive's end is, which a comment may follow. */
  private int end() {
    int size = bytes.limit();
    for (int at = size - END_SIZE; at >= Math.max(0, size - END_SIZE - 0xffff); at--) {
      if (bytes.getInt(at) == END && at + END_SIZE + (bytes.getShort(at + 20) & 0xffff) == size) {
        return at;
      }
    }
    throw new NpyException("no .npz file, or one cut off: %d bytes", size);
  }

  /** Takes up one entry of the directory; where the next one is. */
  private long entry(int at) {
    int name = bytes.getShort(at + 28) & 0xffff;
    int extra = bytes.getShort(at + 30) & 0xffff;
    int comment = bytes.getShort(at + 32) & 0xffff;
    int nameAt = place((long) at + CENTRAL_SIZE, (long) name + extra + comment);
    long[] large = {
      bytes.getInt(at + 24) & 0xffffffffL,
      bytes.getInt(at + 20) & 0xffffffffL,
      bytes.getInt(at + 42) & 0xffffffffL
    };
    extra64(large, nameAt + name, nameAt + name + extra);
    entries.put(
        new String(bytes.array(), nameAt, name, StandardCharsets.UTF_8),
        new Entry(
            bytes.getShort(at + 8),
            bytes.getShort(at + 10) & 0xffff,
            bytes.getInt(at + 16),
            large[1],
            large[0],
            large[2]));
    return (long) nameAt + name + extra + comment;
  }

  /**
   * Puts 64-bit figures where the 32-bit ones say that they are too small.
   *
   * @param figures Modified. Size, packed size, place
   */
  private void extra64(long[] figures, int from, int until) {
    for (int at = from; at + 4 <= until; ) {
      int length = bytes.getShort(at + 2) & 0xffff;
      int next = at + 4 + length;
      if (bytes.getShort(at) == EXTRA_64) {
        int value = at + 4;
        for (int i = 0; i < figures.length; i++) {
          if (figures[i] == IN_EXTRA_64 && value + 8 <= Math.min(next, until)) {
            figures[i] = bytes.getLong(value);
            value += 8;
          }
        }
      }
      at = next;
    }
  }

  private int place(long at, long length, int signature) {
    int place = place(at, length);
    if (bytes.getInt(place) != signature) {
      throw damaged("what should be at byte " + at + " is not there");
    }
    return place;
  }

  private int place(long at, long length) {
    if (at < 0 || length < 0 || at > bytes.limit() || length > bytes.limit() - at) {
      throw damaged("it has " + bytes.limit() + " bytes, and none at " + at);
    }
    return (int) at;
  }

  private static NpyException damaged(String how) {
    return new NpyException("damaged .npz file: %s", how);
  }
}
