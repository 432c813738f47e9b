package org.grlu.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class LabelledImagesTest {
  private final LabelledImages images =
      new LabelledImages(1, 2, new byte[] {1, 2, 3, 4, 5, 6}, new byte[] {7, (byte) 200, 9});

  @Test
  void knowsItsShapeAndReadsLabelsUnsigned() {
    assertThat(images.size()).isEqualTo(3);
    assertThat(images.rows()).isEqualTo(1);
    assertThat(images.columns()).isEqualTo(2);
    assertThat(images.pixelsPerImage()).isEqualTo(2);
    assertThat(images.label(1)).isEqualTo(200);
    assertThatThrownBy(() -> images.label(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void slicesAreCopies() {
    LabelledImages slice = images.slice(1, 3);
    assertThat(slice.size()).isEqualTo(2);
    assertThat(slice.pixels()).containsExactly(3, 4, 5, 6);
    assertThat(slice.label(0)).isEqualTo(200);
    slice.pixels()[0] = 99;
    assertThat(images.pixels()[2]).isEqualTo((byte) 3);
    assertThat(images.slice(3, 3).size()).isZero();
    assertThatThrownBy(() -> images.slice(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> images.slice(0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesSizesThatDisagree() {
    assertThatThrownBy(() -> new LabelledImages(2, 2, new byte[7], new byte[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7 pixels for 2 labels; must be 2 x 2 pixels for each label");
    assertThatThrownBy(() -> new LabelledImages(2, 2, new byte[8], new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LabelledImages(0, 2, new byte[0], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LabelledImages(1 << 16, 1 << 16, new byte[0], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void survivesSerialization() throws Exception {
    Dataset before = Dataset.uncut("d", images, images, 201).cut(0, 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(before);
    }
    ByteArrayInputStream stored = new ByteArrayInputStream(bytes.toByteArray());
    try (ObjectInputStream in = new ObjectInputStream(stored)) {
      Dataset after = (Dataset) in.readObject();
      assertThat(after).usingRecursiveComparison().isEqualTo(before);
      assertThat(after.train().pixels()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void inkedPixelsAreThoseThatAreNotZero() {
    byte[] pixels = {0, 3, 0, -1, 0, 0, 0, 0, 0, 0, 0, 7};
    LabelledImages images = new LabelledImages(2, 2, pixels, new byte[] {1, 2, 3});
    InkedPixels ink = images.inked();
    assertThat(new int[] {ink.start(0), ink.start(1), ink.start(2), ink.start(3)})
        .containsExactly(0, 2, 2, 3);
    assertThat(ink.position()).containsExactly((char) 1, (char) 3, (char) 3);
    assertThat(ink.level()).containsExactly(3, -1, 7);
    assertThat(ink.sum(0)).isEqualTo(258);
    assertThat(ink.squares(0)).isEqualTo(9 + 255 * 255);
    assertThat(ink.sum(1)).isZero();
    assertThat(images.inked()).isSameAs(ink);
  }
}
