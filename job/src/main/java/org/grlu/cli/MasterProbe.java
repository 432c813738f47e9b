package org.grlu.cli;

import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointNotFoundException;
import org.apache.spark.rpc.RpcEnv;

/** Whether what listens somewhere is a standalone master, and one that lets this job in. */
final class MasterProbe {
  private static final int ANSWER_SECONDS = 5;

  private MasterProbe() {}

  /** Asks it as Spark will; in words why that would fail, or null where it would not. */
  static String fault(String host, int port, SparkConf conf) {
    SparkConf brief = conf.clone().set("spark.rpc.lookupTimeout", ANSWER_SECONDS + "s");
    RpcEnv rpc = null;
    try {
      SecurityManager security =
          new SecurityManager(
              brief,
              SecurityManager.$lessinit$greater$default$2(),
              SecurityManager.$lessinit$greater$default$3());
      // a client's: it listens nowhere, so that its own host does not matter
      rpc = RpcEnv.create("grlu-master-probe", "localhost", 0, brief, security, true);
      rpc.setupEndpointRef(new RpcAddress(host, port), "Master");
      return null;
    } catch (Exception e) {
      // not only RuntimeException: Spark's methods throw SparkException undeclared
      return words(e, conf.getBoolean("spark.authenticate", false));
    } finally {
      if (rpc != null) {
        rpc.shutdown();
      }
    }
  }

  /**
   * What a refusal means. A server that takes no secret, or another one, closes the connection, and
   * what is then thrown depends on which thread saw it first.
   */
  static String words(Throwable e, boolean authenticates) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    if (root instanceof RpcEndpointNotFoundException) {
      return "what listens there is another process of Spark's, a worker, say";
    }
    if (root instanceof TimeoutException) {
      return "what listens there does not answer as one in %d s".formatted(ANSWER_SECONDS);
    }
    if (root instanceof IllegalArgumentException) {
      return message;
    }
    if (authenticates) {
      return "what listens there does not take this job's spark.authenticate.secret";
    }
    if (message.toLowerCase(Locale.ROOT).contains("sasl")) {
      return "what listens there asks for a secret: set spark.authenticate and"
          + " spark.authenticate.secret as the cluster has them (see conf/secured)";
    }
    return "%s: %s".formatted(root.getClass().getSimpleName(), message);
  }
}
