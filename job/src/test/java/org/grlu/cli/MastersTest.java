package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcEndpointNotFoundException;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.Option;

class MastersTest {
  private static final String PREFIX = "spark.hadoop.yarn.resourcemanager.";

  private static int free() throws IOException {
    try (ServerSocket socket = listening()) {
      return socket.getLocalPort();
    }
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static SparkConf pair(int first, int second) {
    return new SparkConf(false)
        .set("spark.master", "yarn")
        .set(PREFIX + "ha.enabled", "true")
        .set(PREFIX + "ha.rm-ids", "one, two")
        .set(PREFIX + "address.one", "127.0.0.1:" + first)
        .set(PREFIX + "address.two", "127.0.0.1:" + second);
  }

  @Test
  void ofTwoResourceManagersOneHasToAnswer() throws IOException {
    int free = free();
    try (ServerSocket socket = listening()) {
      assertThatCode(() -> Masters.check(pair(free, socket.getLocalPort())))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void noneOfThemAnswering() throws IOException {
    int first = free();
    int second = free();
    assertThatThrownBy(() -> Masters.check(pair(first, second)))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.SURROUNDINGS))
        .hasMessageStartingWith(
            "no resource manager of YARN answers at 127.0.0.1:%d,127.0.0.1:%d: ", first, second);
  }

  @Test
  void whyAMasterDoesNotLetAJobIn() {
    Exception dropped =
        new SparkException("awaitResult", new SparkException("Message is dropped, the Outbox"));
    assertThat(MasterProbe.words(dropped, true)).contains("this job's spark.authenticate.secret");
    assertThat(MasterProbe.words(dropped, false))
        .isEqualTo("SparkException: Message is dropped, the Outbox");
    Exception unasked = new RuntimeException("IllegalStateException: Expected SaslMessage");
    assertThat(MasterProbe.words(unasked, false)).contains("asks for a secret");
    Exception worker = new SparkException("", new RpcEndpointNotFoundException("spark://Master@h"));
    assertThat(MasterProbe.words(worker, true)).contains("a worker, say");
    Exception silent = new SparkException("", new TimeoutException("Future timed out"));
    assertThat(MasterProbe.words(silent, true)).contains("does not answer as one in 5 s");
  }

  @Test
  void aHostAloneHasTheUsualPort() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "yarn")
            .set(PREFIX + "ha.rm-ids", "one")
            .set(PREFIX + "hostname.one", "grlu.invalid");
    assertThatThrownBy(() -> Masters.check(conf)).hasMessageContaining("at grlu.invalid:8032: ");
  }

  private static RpcEnv sparkProcess() {
    SparkConf conf = new SparkConf(false);
    SecurityManager security = new SecurityManager(conf, Option.empty(), null);
    return RpcEnv.create("test", "127.0.0.1", "127.0.0.1", 0, conf, security, 1, false);
  }

  private static SparkConf standalone(String addresses) {
    return new SparkConf(false).set("spark.master", "spark://" + addresses);
  }

  private static void refused(String addresses, String words) {
    assertThatThrownBy(() -> Masters.check(standalone(addresses)))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.SURROUNDINGS))
        .hasMessageStartingWith("no Spark master answers at spark://%s: ", addresses)
        .hasMessageContaining(words);
  }

  @Test
  void aWorkersPortIsNoMaster() {
    RpcEnv worker = sparkProcess();
    try {
      refused("127.0.0.1:" + worker.address().port(), "another process of Spark's, a worker, say");
    } finally {
      worker.shutdown();
    }
  }

  @Tag("slow")
  @Test
  void aServerOfAnotherKindIsNoMaster() throws IOException {
    try (ServerSocket silent = listening()) {
      refused("127.0.0.1:" + silent.getLocalPort(), "does not answer as one in 5 s");
    }
  }

  @Test
  void ofTwoStandaloneMastersOneHasToBeOne() {
    SparkConf conf = new SparkConf(false).set("spark.master.rest.enabled", "false");
    RpcEnv worker = sparkProcess();
    RpcEnv master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    try {
      String other = "127.0.0.1:" + worker.address().port();
      String own = "127.0.0.1:" + master.address().port();
      assertThatCode(() -> Masters.check(standalone(own))).doesNotThrowAnyException();
      assertThatCode(() -> Masters.check(standalone(other + "," + own))).doesNotThrowAnyException();
      refused(other + "," + other, "another process");
    } finally {
      master.shutdown();
      worker.shutdown();
    }
  }
}
