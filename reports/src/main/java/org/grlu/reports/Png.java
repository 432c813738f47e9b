package org.grlu.reports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Small images as PNG (ISO/IEC 15948), 8 bits a sample: the same bytes on any machine. */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte COLOURS = 2;
  private static final byte INDEXED = 3;

  private Png() {}

  /**
   * An image of numbered colours, as a data URI.
   *
   * @param samples a number a pixel, row by row
   * @param palette red, green and blue of each number
   */
  static String indexed(int width, byte[] samples, byte[] palette) {
    return uri(width, samples, 1, INDEXED, palette);
  }

  /**
   * An image as a data URI.
   *
   * @param samples red, green and blue of each pixel, row by row
   */
  static String coloured(int width, byte[] samples) {
    return uri(width, samples, 3, COLOURS, new byte[0]);
  }

  private static String uri(int width, byte[] samples, int ofPixel, byte type, byte[] palette) {
    int row = width * ofPixel;
    int height = samples.length / row;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    byte[] rest = {8, type, 0, 0, 0};
    chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(rest).array());
    if (palette.length > 0) {
      chunk(out, "PLTE", palette);
    }
    // each row begins with its filter, which is none
    byte[] rows = new byte[height * (row + 1)];
    for (int y = 0; y < height; y++) {
      System.arraycopy(samples, y * row, rows, y * (row + 1) + 1, row);
    }
    chunk(out, "IDAT", deflated(rows));
    chunk(out, "IEND", new byte[0]);
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(out.toByteArray());
  }

  private static byte[] deflated(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String name, byte[] content) {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(type);
    crc.update(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(type);
    out.writeBytes(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** A palette of 256 greys, from black to white. */
  static byte[] greys() {
    byte[] palette = new byte[3 * 256];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = (byte) (i / 3);
    }
    return palette;
  }
}
