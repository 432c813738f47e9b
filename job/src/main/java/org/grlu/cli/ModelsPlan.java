package org.grlu.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.grlu.config.KeepModels;
import org.grlu.config.SweepSettings;
import org.grlu.network.ModelFile;
import org.grlu.run.KeptModels;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Search;
import org.grlu.training.TrialSettings;

/**
 * What the weights take that a sweep keeps, at most.
 *
 * @param trials whose weights are kept
 */
record ModelsPlan(KeepModels keep, long trials, long bytes) {

  /** Settings that are not proposed yet are taken for the largest of the others. */
  static ModelsPlan of(SweepSettings sweep, Search search) {
    if (sweep.keepModels() == KeepModels.NONE) {
      return new ModelsPlan(KeepModels.NONE, 0, 0);
    }
    int seeds = sweep.seeds().size();
    List<PlannedTrial> all = search.plan().trials();
    long[] rising =
        IntStream.range(0, search.plan().settings())
            .mapToLong(i -> bytes(all.get(i * seeds)))
            .sorted()
            .toArray();
    LongStream settings =
        LongStream.concat(
            LongStream.generate(() -> rising[rising.length - 1]).limit(search.toCome()),
            IntStream.range(0, rising.length).mapToLong(i -> rising[rising.length - 1 - i]));
    long[] kept =
        settings
            .limit(sweep.keepModels() == KeepModels.BEST ? KeptModels.BEST : Long.MAX_VALUE)
            .toArray();
    return new ModelsPlan(
        sweep.keepModels(), (long) kept.length * seeds, LongStream.of(kept).sum() * seeds);
  }

  private static long bytes(PlannedTrial trial) {
    TrialSettings settings = trial.setting().trial();
    return ModelFile.mostBytes(settings.shape(), settings.state());
  }

  /** In words; empty where none are kept. */
  Optional<String> line() {
    return keep == KeepModels.NONE
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "keep-models = %s: the weights of %,d trials, at most %,.1f MB",
                keep.word(),
                trials,
                Math.ceil(bytes / 1e5) / 10));
  }
}
