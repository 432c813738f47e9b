package org.grlu.datasets;

import java.lang.ref.SoftReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The codes of some images in one JVM: computed once, by all threads that ask for them at a time,
 * and kept while there is memory; or each when it is needed, where all of them would take more than
 * a quarter of the heap.
 */
final class Codes {
  private static final int CHUNK = 256;

  private final LabelledImages images;
  private final ImageCode code;
  private final int count;

  /** Those being computed, which nothing else may hold yet; guarded by this. */
  private Work work;

  private SoftReference<float[]> kept = new SoftReference<>(null);

  /** Codes in the making. */
  private static final class Work {
    private final float[] values;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch left;
    private volatile Throwable failure;

    Work(int values, int chunks) {
      this.values = new float[values];
      this.left = new CountDownLatch(chunks);
    }
  }

  /**
   * @param count of codes: images may come several times
   */
  Codes(LabelledImages images, ImageCode code, int count) {
    this.images = images;
    this.code = code;
    this.count = count;
  }

  /** Whether so many values are kept, rather than computed when they are needed. */
  static boolean keeps(long values) {
    return ImageCode.areKept(values, Runtime.getRuntime().maxMemory());
  }

  /** All codes, (images x size); null where they are not kept. Not to be modified. */
  float[] all() {
    if (!keeps((long) count * code.size())) {
      return null;
    }
    int chunks = (count + CHUNK - 1) / CHUNK;
    Work mine;
    synchronized (this) {
      float[] known = kept.get();
      if (known != null) {
        return known;
      }
      if (work == null) {
        work = new Work(count * code.size(), chunks);
      }
      mine = work;
    }
    compute(mine, chunks);
    await(mine);
    synchronized (this) {
      if (work == mine) {
        work = null;
        kept = new SoftReference<>(mine.failure == null ? mine.values : null);
      }
    }
    if (mine.failure instanceof Error e) {
      throw e;
    }
    if (mine.failure instanceof RuntimeException e) {
      throw e;
    }
    return mine.values;
  }

  private void compute(Work mine, int chunks) {
    for (int chunk = mine.next.getAndIncrement();
        chunk < chunks;
        chunk = mine.next.getAndIncrement()) {
      try {
        int from = chunk * CHUNK;
        int some = Math.min(CHUNK, count - from);
        code.encode(images, from, some, mine.values, from * code.size());
      } catch (Throwable e) {
        // an error too: what it left out must not be taken for codes
        mine.failure = e;
      } finally {
        mine.left.countDown();
      }
    }
  }

  private static void await(Work mine) {
    try {
      mine.left.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while codes are computed", e);
    }
  }
}
