package org.grlu.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Codes that all who ask at a time compute together. */
class CodesTest {
  private static final int IMAGES = 1000;

  /** Counts what it encodes; its first call fails where it is told to. */
  private static final class Counting implements ImageCode {
    private static final long serialVersionUID = 1;

    private final AtomicInteger encoded = new AtomicInteger();
    private boolean fails;

    @Override
    public String id() {
      return "counting";
    }

    @Override
    public int size() {
      return 2;
    }

    @Override
    public void encode(LabelledImages images, int from, int count, float[] out, int at) {
      if (fails) {
        fails = false;
        throw new OutOfMemoryError("once");
      }
      encoded.addAndGet(count);
      for (int e = 0; e < count; e++) {
        out[at + 2 * e] = from + e;
        out[at + 2 * e + 1] = images.pixels()[from + e];
      }
    }
  }

  private static LabelledImages images() {
    byte[] pixels = new byte[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      pixels[i] = (byte) (i % 100);
    }
    return new LabelledImages(1, 1, pixels, new byte[IMAGES]);
  }

  private static void assertWhole(float[] codes) {
    for (int i = 0; i < IMAGES; i++) {
      assertThat(codes[2 * i]).isEqualTo(i);
      assertThat(codes[2 * i + 1]).isEqualTo(i % 100);
    }
  }

  @Test
  void threadsComputeThemTogetherAndOnce() throws Exception {
    Counting code = new Counting();
    LabelledImages codes = LabelledImages.ofCodes(images(), code);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[]>> all =
          threads.invokeAll(List.of(codes::features, codes::features, codes::features));
      for (Future<float[]> each : all) {
        assertWhole(each.get());
      }
      assertThat(code.encoded.get()).isEqualTo(IMAGES);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void whatAnErrorLeftOutIsNotTakenForCodes() {
    Counting code = new Counting();
    code.fails = true;
    LabelledImages codes = LabelledImages.ofCodes(images(), code);
    assertThatThrownBy(codes::features).isInstanceOf(OutOfMemoryError.class);
    assertWhole(codes.features());
  }
}
