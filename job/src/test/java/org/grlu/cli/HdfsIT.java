package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.grlu.config.ConfigReader;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Data and reports on HDFS: what the local disk gives. */
@Tag("scale")
@ExtendWith(Shown.class)
class HdfsIT {
  private static final List<String> IDX =
      List.of("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1");

  @TempDir private static Path shared;
  private static MiniDfs hdfs;
  private static Map<String, Object> undisturbed;

  @TempDir private Path folder;
  private Grlu grlu;

  @BeforeAll
  static void clusterAndSweepOnTheLocalDisk() throws IOException, InterruptedException {
    hdfs = MiniDfs.in(Files.createDirectory(shared.resolve("hdfs")));
    StorageIT.configured(Grlu.in(shared).quick())
        .run("sweep", "slow.conf", "--out", "local")
        .succeeds();
    undisturbed = StorageIT.digests(shared.resolve("local/sweeps/slow").toString());
    assertThat(undisturbed).hasSize(StorageIT.TRIALS);
  }

  @AfterAll
  static void stop() {
    if (hdfs != null) {
      hdfs.close();
    }
  }

  @BeforeEach
  void configuration() throws IOException {
    grlu = StorageIT.configured(Grlu.in(folder).quick());
  }

  @Test
  @DisplayName("reports and models on HDFS are those on a local disk")
  void aRunOnHdfsIsALocalOne() throws IOException, InterruptedException {
    String data = hdfs.uri("/data/sample");
    FileSystem files = FileSystem.get(java.net.URI.create(data), new Configuration());
    for (String name : IDX) {
      try (InputStream in =
              Datasets.class.getResourceAsStream("mnist-sample/" + name + "-ubyte.gz");
          OutputStream out =
              files.create(new org.apache.hadoop.fs.Path(data, name + "-ubyte.gz"))) {
        in.transferTo(out);
      }
    }
    Map<String, Object> local =
        grlu.run("train", "small.conf", "--out", "o", "--json").succeeds().json();
    Map<String, Object> remote =
        grlu.run(
                "train",
                "small.conf",
                "--set",
                "dataset.directory=" + data,
                "--out",
                hdfs.uri("/runs"),
                "--json")
            .succeeds()
            .json();
    assertThat(remote.get("report").toString()).startsWith(hdfs.uri("/runs/"));
    assertThat(remote)
        .containsEntry("trial", local.get("trial"))
        .containsEntry("weights_sha256", local.get("weights_sha256"));
    RunFolder run = RunFolder.at(remote.get("report").toString(), new Configuration());
    assertThat(run.read("status.json")).isPresent();
    assertThat(run.read("checkpoint.npz")).isEmpty();
    assertThat(run.table("epochs").read("epoch")).hasSize(3);

    String model = remote.get("report") + "/model.npz";
    Grlu.Result measured =
        grlu.run("evaluate", "--model", model, "--directory", data, "--json").succeeds();
    assertThat(measured.err()).containsExactly("configuration: " + run.shown() + "/resolved.conf");
    assertThat(measured.json())
        .containsEntry("weights_sha256", local.get("weights_sha256"))
        .containsEntry("test_accuracy", local.get("test_accuracy"));
    Grlu.Result trial =
        grlu.run("show", local.get("trial").toString(), "--in", hdfs.uri("/runs")).succeeds();
    assertThat(trial.out()).contains("report     " + run.shown());
    grlu.run("train", "small.conf", "--init", hdfs.uri("/no.npz"))
        .saysOnly(2, "--init " + hdfs.uri("/no.npz") + ": there is no such file");
    Map<String, Object> fromLocal = fromModel(local.get("report") + "/model.npz", "o");

    // a path without a scheme is where the cluster's configuration says
    Path conf = Files.createDirectory(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("core-site.xml"),
        """
        <configuration>
          <property><name>fs.defaultFS</name><value>%s</value></property>
        </configuration>
        """
            .formatted(hdfs.uri("")));
    grlu.with("HADOOP_CONF_DIR", conf.toString());
    Map<String, Object> fromRemote = fromModel(model, "/from");
    assertThat(fromRemote).containsEntry("weights_sha256", fromLocal.get("weights_sha256"));
    assertThat(fromRemote.get("report").toString()).startsWith(hdfs.uri("/from/"));
    assertThat(
            grlu.run("show", fromRemote.get("trial").toString(), "--in", "/from").succeeds().out())
        .contains("report     " + fromRemote.get("report"));
  }

  private Map<String, Object> fromModel(String model, String out)
      throws IOException, InterruptedException {
    return grlu.run("train", "small.conf", "--init", model, "--out", out, "--json")
        .succeeds()
        .json();
  }

  @Test
  @DisplayName("drivers share a cache of the dataset on HDFS")
  void driversShareADatasetCacheOnHdfs() throws IOException, InterruptedException {
    Path cache = Path.of(System.getProperty("user.home"), ".cache/grlu/mnist");
    assumeTrue(
        IDX.stream().allMatch(name -> Files.exists(cache.resolve(name + "-ubyte"))),
        "MNIST has not been fetched on this machine");
    String remote = hdfs.uri("/cache/mnist");
    HttpServer mirror =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    mirror.createContext(
        "/",
        exchange -> {
          String name = exchange.getRequestURI().getPath().replaceAll("^/|\\.gz$", "");
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            Files.copy(cache.resolve(name), gzip);
          }
          exchange.sendResponseHeaders(200, bytes.size());
          exchange.getResponseBody().write(bytes.toByteArray());
          exchange.close();
        });
    mirror.start();
    try {
      String address = "http://127.0.0.1:" + mirror.getAddress().getPort() + "/";
      grlu.file(
          "fetch.conf",
          "grlu.dataset.fetch { cache = \"%s\", sources = [cache, mirrors], mirrors = [\"%s\"] }"
              .formatted(remote, address));
      assertThat(grlu.run("data", "fetch", "--config", "fetch.conf").succeeds().out())
          .containsExactly("mnist is in " + remote);
    } finally {
      mirror.stop(0);
    }
    FileSystem files = FileSystem.get(java.net.URI.create(remote), new Configuration());
    assertThat(
            Stream.of(files.listStatus(new org.apache.hadoop.fs.Path(remote)))
                .map(file -> file.getPath().getName()))
        .containsExactlyInAnyOrder(
            Stream.concat(IDX.stream().map(name -> name + "-ubyte"), Stream.of("SHA256SUMS"))
                .toArray(String[]::new));
    // the mirror is gone: whoever did not find it in the cache would fail
    grlu.file(
        "mnist.conf",
        """
        include "small.conf"
        grlu.dataset {
          name = mnist
          train-examples = 300
          fetch { cache = "%s", sources = [cache] }
        }
        """
            .formatted(remote));
    Dataset dataset = Datasets.read("mnist", cache);
    assertThat(grlu.run("data", "info", "--config", "mnist.conf").succeeds().out())
        .contains("sha256 " + dataset.sha256());
    Object trial =
        grlu.run("train", "mnist.conf", "--out", "o", "--json").succeeds().json().get("trial");
    assertThat(trial)
        .isEqualTo(
            ConfigReader.read(folder.resolve("mnist.conf"), List.of())
                .identity(dataset.sha256())
                .id());
  }

  @Test
  @DisplayName("a sweep on HDFS is held by one driver, killed, and taken up")
  void aSweepOnHdfsIsHeldKilledAndTakenUp() throws IOException, InterruptedException {
    String out = hdfs.uri("/reports");
    String sweep = out + "/sweeps/slow";
    try (Grlu.Running running = grlu.start("sweep", "held.conf", "--out", out)) {
      Table trials = Table.in(sweep + "/trials", new Configuration());
      running.waitFor(
          () -> {
            try {
              return trials.read("trial_id").size() == 2;
            } catch (IOException e) {
              return false;
            }
          });
      grlu.run("sweep", "slow.conf", "--out", out)
          .says(4, sweep + " is being run by process ", "heartbeat");
      running.kill();
      assertThat(running.end().code()).as("killed").isEqualTo(137);
    }
    assertThat(undisturbed).containsAllEntriesOf(StorageIT.digests(sweep));
    assertThat(grlu.run("plan", "slow.conf", "--out", out).succeeds().out())
        .anyMatch(line -> line.contains("of which 2 are known"));

    Grlu.Result end = grlu.run("sweep", "slow.conf", "--out", out, "--json").succeeds();
    assertThat(end.err())
        .anyMatch(line -> line.startsWith("taken over from process "))
        .contains("2 trials are known, %d are not".formatted(StorageIT.TRIALS - 2));
    assertThat(StorageIT.digests(sweep)).isEqualTo(undisturbed);
    RunFolder folder = RunFolder.at(sweep, new Configuration());
    assertThat(folder.read("lock.json")).isEmpty();

    Grlu.Result best = grlu.run("best", sweep).succeeds();
    assertThat(best.out()).anyMatch(line -> line.contains("training.learning-rate.max"));
    String page = hdfs.uri("/pages/slow.html");
    assertThat(grlu.run("report", sweep, "--out", page).succeeds().out()).containsExactly(page);
    assertThat(RunFolder.at(hdfs.uri("/pages"), new Configuration()).read("slow.html")).isPresent();
    assertThat(grlu.run("verify", sweep, "--sample", "1").succeeds().out())
        .contains("1 of 1 trials gave the same weights");
  }

  @Test
  @DisplayName("what HDFS refuses is one line")
  void whatHdfsRefusesIsOneLine() throws IOException, InterruptedException {
    org.apache.hadoop.fs.Path mine = new org.apache.hadoop.fs.Path(hdfs.uri("/mine"));
    FileSystem files = mine.getFileSystem(new Configuration());
    files.mkdirs(mine);
    files.setPermission(mine, new FsPermission("500"));
    Grlu stranger =
        StorageIT.configured(Grlu.in(folder).quick()).with("HADOOP_USER_NAME", "somebody-else");
    stranger
        .run("train", "small.conf", "--out", mine.toString())
        .saysOnly(4, "report directory " + mine + ": Permission denied: user=somebody-else");
    stranger.run("data", "info", "--directory", mine + "/x").saysOnly(4, mine + "/x", "Permission");
    String nobody = "hdfs://127.0.0.1:1/x";
    grlu.run("train", "small.conf", "--out", nobody)
        .saysOnly(4, "report directory " + nobody + ": ", "Connection refused");
    grlu.run("data", "info", "--directory", nobody).saysOnly(4, nobody, "Connection refused");
    grlu.run("report", nobody).saysOnly(4, "Connection refused");
    grlu.run("data", "info", "--directory", "nosuch://x/y")
        .saysOnly(4, "dataset.directory nosuch://x/y: No FileSystem for scheme \"nosuch\"");
  }
}
