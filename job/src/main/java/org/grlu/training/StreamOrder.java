package org.grlu.training;

import java.util.ArrayList;
import java.util.List;
import org.grlu.datasets.LabelledImages;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/**
 * The order of any {@link ExampleStream} but those that present all examples in every epoch.
 *
 * <p>With tasks, an epoch is a permuted pass over one task's examples. A few-shot stream draws its
 * examples once, as the first of each class in a permutation of all, and permutes them in every
 * epoch. With replay, each new example is followed by one from a reservoir (Vitter, "Random
 * sampling with a reservoir", 1985). Each example is offered to the reservoir when it is presented
 * for the first time. The content of the reservoir does not depend on the network, so the order is
 * known before the epoch.
 */
final class StreamOrder implements Presentation {
  private static final long REPLAY = 1L << 32;

  private final ExampleStream stream;
  private final int batch;
  private final long key;

  /** The examples of each task, or one list of all examples of a few-shot stream. */
  private final List<int[]> examples;

  /** The number of steps before each epoch, and last the number of all steps. */
  private final long[] first;

  private int[] numbers = new int[0];

  StreamOrder(TrainingSettings training, Tasks tasks, LabelledImages images) {
    this.stream = training.options().stream();
    this.batch = training.batchSize();
    this.key = StreamKey.of(training.seed(), StreamKey.Purpose.ORDER);
    this.examples =
        stream.hasTasks() ? byTask(tasks, images) : List.of(few(stream.perClass(), images));
    this.first = new long[training.epochs() + 1];
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      first[epoch + 1] = first[epoch] + presented(epoch) / batch;
    }
  }

  private static List<int[]> byTask(Tasks tasks, LabelledImages images) {
    int[] counts = new int[tasks.count()];
    for (int i = 0; i < images.size(); i++) {
      counts[tasks.of(images, i)]++;
    }
    List<int[]> all = new ArrayList<>();
    for (int count : counts) {
      all.add(new int[count]);
    }
    int[] filled = new int[tasks.count()];
    for (int i = 0; i < images.size(); i++) {
      int task = tasks.of(images, i);
      all.get(task)[filled[task]++] = i;
    }
    return all;
  }

  /** Returns the first {@code perClass} examples of each class in a permutation of all. */
  private int[] few(int perClass, LabelledImages images) {
    int[] seen = new int[1 << Byte.SIZE];
    List<Integer> few = new ArrayList<>();
    for (int image : Permutation.of(StreamKey.child(key, -1), images.size())) {
      if (seen[images.label(image)]++ < perClass) {
        few.add(image);
      }
    }
    return few.stream().mapToInt(i -> i).toArray();
  }

  private int[] of(int epoch) {
    return examples.get(stream.hasTasks() ? stream.task(epoch) : 0);
  }

  private int presented(int epoch) {
    return of(epoch).length * (stream.replay() > 0 ? 2 : 1);
  }

  @Override
  public int steps(int epoch) {
    return (int) (first[epoch + 1] - first[epoch]);
  }

  @Override
  public long firstStep(int epoch) {
    return first[epoch];
  }

  @Override
  public void begin(int epoch) {
    if (stream.replay() == 0) {
      numbers = fresh(epoch);
      return;
    }
    Reservoir reservoir = new Reservoir(stream.replay());
    for (int before = 0; before < epoch; before++) {
      replayed(before, reservoir);
    }
    numbers = replayed(epoch, reservoir);
  }

  /** Returns the new examples of an epoch, permuted. */
  private int[] fresh(int epoch) {
    int[] own = of(epoch);
    int[] order = Permutation.of(StreamKey.child(key, epoch), own.length);
    int[] all = new int[own.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = own[order[i]];
    }
    return all;
  }

  /** Returns the new examples of an epoch, each followed by one that was kept before it came. */
  private int[] replayed(int epoch, Reservoir reservoir) {
    int[] fresh = fresh(epoch);
    int[] all = new int[2 * fresh.length];
    long draws = StreamKey.child(key, REPLAY + epoch);
    boolean again = epoch % stream.passes() > 0;
    for (int i = 0; i < fresh.length; i++) {
      all[2 * i] = fresh[i];
      all[2 * i + 1] = reservoir.draw(StreamKey.child(draws, 2L * i), fresh[i]);
      if (!again) {
        reservoir.offer(StreamKey.child(draws, 2L * i + 1), fresh[i]);
      }
    }
    return all;
  }

  @Override
  public int[] numbers() {
    return numbers;
  }

  /** A sample of the examples offered so far. Each of them is in the sample with equal chance. */
  private static final class Reservoir {
    private final int[] kept;
    private long offered;

    Reservoir(int size) {
      this.kept = new int[size];
    }

    /**
     * Offers an example, which may take the place of another.
     *
     * @param bits random bits, which decide whether it is kept and where
     */
    void offer(long bits, int example) {
      int place = offered < kept.length ? (int) offered : below(bits, offered + 1);
      offered++;
      if (place < kept.length) {
        kept[place] = example;
      }
    }

    /** Returns one of the kept examples, or {@code none} where nothing is kept yet. */
    int draw(long bits, int none) {
      return offered == 0 ? none : kept[below(bits, Math.min(offered, kept.length))];
    }

    private static int below(long bits, long bound) {
      return (int) (((bits >>> 32) * bound) >>> 32);
    }
  }
}
