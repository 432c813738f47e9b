package org.grlu.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.apache.spark.SparkConf;

/** Whether there is a Spark master to run on. */
final class Masters {
  private static final String STANDALONE = "spark://";
  private static final int CONNECT_MILLIS = 5000;

  private Masters() {}

  /**
   * Spark itself gives a standalone master that is not there three times twenty seconds, and then
   * stops the context behind its user's back: better to look first.
   */
  static void check(SparkConf conf) {
    if (!conf.contains("spark.master")) {
      throw new CommandException(
          ExitCode.SURROUNDINGS,
          "no Spark master: start the job by submit-scripts/grlu or spark-submit");
    }
    String master = conf.get("spark.master");
    if (!master.startsWith(STANDALONE)) {
      return;
    }
    String fault = null;
    for (String address : master.substring(STANDALONE.length()).split(",", -1)) {
      fault = fault(address);
      if (fault == null) {
        return;
      }
    }
    throw new CommandException(
        ExitCode.SURROUNDINGS, "no Spark master answers at %s: %s".formatted(master, fault));
  }

  /** Why nothing answers at {@code host:port}; null where something does. */
  private static String fault(String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(address.substring(colon + 1));
      String host = address.substring(0, Math.max(0, colon));
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return null;
    } catch (IOException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    } catch (IllegalArgumentException e) {
      return "must be host:port";
    }
  }
}
