package org.grlu.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grlu.datasets.npy.NpyHeader;

/**
 * A list of words as an array of NumPy's {@code <U}: so many code points each as the longest has,
 * four bytes each, and zeros after a shorter one. Unlike a list of Python's, it needs no pickle.
 */
final class NpyWords {
  private static final Pattern TYPE = Pattern.compile("<U(\\d{1,4})");

  private NpyWords() {}

  /** The file's bytes. */
  static byte[] bytes(List<String> words) {
    int longest =
        words.stream().mapToInt(word -> word.codePointCount(0, word.length())).max().orElse(1);
    int cell = longest * Integer.BYTES;
    byte[] header = NpyHeader.bytes("<U" + longest, List.of(words.size()));
    ByteBuffer out =
        ByteBuffer.allocate(header.length + cell * words.size()).order(ByteOrder.LITTLE_ENDIAN);
    out.put(header);
    for (String word : words) {
      int next = out.position() + cell;
      word.codePoints().forEach(out::putInt);
      out.position(next);
    }
    return out.array();
  }

  /**
   * Reads a file's bytes.
   *
   * @param name of the array, for errors
   * @throws ModelFileException where they are no such list
   */
  static List<String> read(String name, byte[] bytes) {
    NpyHeader header = ModelFile.header(name, bytes);
    Matcher type = TYPE.matcher(header.type());
    int longest = type.matches() ? Integer.parseInt(type.group(1)) : -1;
    ByteBuffer in = header.data();
    if (longest < 1
        || header.shape().size() != 1
        || in.remaining() != (long) longest * Integer.BYTES * header.shape().get(0)) {
      throw new ModelFileException(
          "array %s: type %s and shape %s, must be a list of words, <U",
          name, header.type(), header.shape());
    }
    List<String> words = new ArrayList<>();
    for (int i = 0; i < header.shape().get(0); i++) {
      StringBuilder word = new StringBuilder();
      for (int j = 0; j < longest; j++) {
        int c = in.getInt();
        if (Character.isValidCodePoint(c) && c != 0) {
          word.appendCodePoint(c);
        }
      }
      words.add(word.toString());
    }
    return words;
  }
}
