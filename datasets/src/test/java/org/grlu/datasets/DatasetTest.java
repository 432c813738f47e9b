package org.grlu.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetTest {
  private final Dataset dataset = Dataset.uncut("d", numbered(6), numbered(2), 10);

  @Test
  void validatesOnTheLastExamplesAndTrainsOnTheFirst() {
    Dataset cut = dataset.cut(3, 2);
    assertThat(cut.train().pixels()).containsExactly(0, 1, 2);
    assertThat(cut.validation().pixels()).containsExactly(4, 5);
    assertThat(cut.validation().label(0)).isEqualTo(4);
    assertThat(cut.test()).isSameAs(dataset.test());
    assertThat(cut.name()).isEqualTo("d");
    assertThat(cut.classes()).isEqualTo(10);
    assertThat(cut.sha256()).isEqualTo(dataset.sha256());
  }

  @Test
  void zeroTrainsOnAllThatAreLeft() {
    assertThat(dataset.cut(0, 2).train().pixels()).containsExactly(0, 1, 2, 3);
    assertThat(dataset.cut(0, 0).train().size()).isEqualTo(6);
    assertThat(dataset.cut(0, 0).validation().size()).isZero();
    assertThat(dataset.cut(4, 2).train().size()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"5,2", "0,6", "0,7", "-1,0", "0,-1", "7,0", "0,-2147483648", "2147483647,2147483647"})
  void refusesACutThatDoesNotFit(int train, int validation) {
    assertThatThrownBy(() -> dataset.cut(train, validation))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(
            "d: can't cut %d training and %d validation examples from 6;", train, validation);
  }

  @Test
  void isCutOnce() {
    Dataset cut = dataset.cut(0, 1);
    assertThatThrownBy(() -> cut.cut(0, 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void digestCoversShapesPixelsAndLabels() {
    LabelledImages flat = new LabelledImages(1, 4, new byte[8], new byte[] {0, 1});
    LabelledImages square = new LabelledImages(2, 2, new byte[8], new byte[] {0, 1});
    LabelledImages labels = new LabelledImages(1, 4, new byte[8], new byte[] {1, 0});
    LabelledImages pixel =
        new LabelledImages(1, 4, new byte[] {0, 0, 0, 0, 0, 0, 0, 1}, new byte[] {0, 1});
    assertThat(
            new String[] {
              digest(flat, flat),
              digest(square, flat),
              digest(labels, flat),
              digest(pixel, flat),
              digest(flat, pixel)
            })
        .doesNotHaveDuplicates()
        .allMatch(digest -> digest.matches("[0-9a-f]{64}"));
  }

  private static String digest(LabelledImages train, LabelledImages test) {
    return Dataset.uncut("any", train, test, 2).sha256();
  }

  private static LabelledImages numbered(int count) {
    byte[] numbers = new byte[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (byte) i;
    }
    return new LabelledImages(1, 1, numbers, numbers.clone());
  }
}
