package org.grlu.features;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.grlu.datasets.LabelledImages;

/**
 * Parts by some threads, begun in a random order.
 *
 * @param images without labels
 */
record ThreadParts(LabelledImages images, int threads, long seed) implements Parts {
  static ThreadParts one(LabelledImages images) {
    return new ThreadParts(images.unlabelled(), 1, 1);
  }

  @Override
  public List<double[]> map(int parts, Part part) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < parts; i++) {
        order.add(i);
      }
      Collections.shuffle(order, new Random(seed));
      List<Future<double[]>> futures = new ArrayList<>(Collections.nCopies(parts, null));
      for (int number : order) {
        // as it comes out of Java's serialisation, which is how a cluster gets it
        futures.set(number, pool.submit(() -> sent(part).of(images, number)));
      }
      List<double[]> results = new ArrayList<>();
      for (Future<double[]> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      pool.shutdown();
    }
  }

  private static Part sent(Part part) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(part);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Part) in.readObject();
    }
  }
}
