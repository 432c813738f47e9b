package org.grlu.training;

import java.util.ArrayList;
import java.util.List;
import org.grlu.datasets.LabelledImages;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/**
 * The order of a {@link ExampleStream} that is not all examples in every epoch.
 *
 * <p>With tasks an epoch is a pass over one task's examples, permuted. Few-shot draws its examples
 * once, the first of each class in a permutation of all, and permutes them in every epoch. With
 * replay every new example is followed by one of those kept so far: a reservoir (Vitter, "Random
 * sampling with a reservoir", 1985), into which each example comes when it is presented first. What
 * is kept does not depend on the network, so all of it is known beforehand.
 */
final class StreamOrder implements Presentation {
  private static final long REPLAY = 1L << 32;

  private final ExampleStream stream;
  private final int batch;
  private final long key;

  /** By task, or one list of few-shot's. */
  private final List<int[]> examples;

  /** Steps before each epoch. */
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

  /** The first so many of each class in a permutation of all. */
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

  /** An epoch's examples without replay. */
  private int[] fresh(int epoch) {
    int[] own = of(epoch);
    int[] order = Permutation.of(StreamKey.child(key, epoch), own.length);
    int[] all = new int[own.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = own[order[i]];
    }
    return all;
  }

  /** Every example of an epoch, and behind it one of those kept before it came. */
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

  /** Examples of which each that was offered is kept with equal chance. */
  private static final class Reservoir {
    private final int[] kept;
    private long offered;

    Reservoir(int size) {
      this.kept = new int[size];
    }

    void offer(long bits, int example) {
      int place = offered < kept.length ? (int) offered : below(bits, offered + 1);
      offered++;
      if (place < kept.length) {
        kept[place] = example;
      }
    }

    /** One of them; {@code none} where nothing is kept yet. */
    int draw(long bits, int none) {
      return offered == 0 ? none : kept[below(bits, Math.min(offered, kept.length))];
    }

    private static int below(long bits, long bound) {
      return (int) (((bits >>> 32) * bound) >>> 32);
    }
  }
}
