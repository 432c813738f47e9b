package org.grlu.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Whether there is a Spark master to run on. */
final class Masters {
  private static final String STANDALONE = "spark://";
  private static final int CONNECT_MILLIS = 5000;

  private Masters() {}

  /**
   * Spark itself gives a standalone master that is not there three times twenty seconds, and then
   * stops the context behind its user's back; Hadoop gives YARN's a quarter of an hour, which a
   * running application needs when that is started again: better to look first.
   */
  static void check(SparkConf conf) {
    if (!conf.contains("spark.master")) {
      throw new CommandException(
          ExitCode.SURROUNDINGS,
          "no Spark master: start the job by submit-scripts/grlu or spark-submit");
    }
    String master = conf.get("spark.master");
    if (master.startsWith(STANDALONE)) {
      List<String> addresses = List.of(master.substring(STANDALONE.length()).split(",", -1));
      check("Spark master", master, addresses, conf);
    } else if (master.equals("yarn") && !Deployment.inCluster()) {
      List<String> addresses = resourceManagers(conf);
      check("resource manager of YARN", String.join(",", addresses), addresses, null);
    }
  }

  /** Where Spark's properties are given, they are to be those of a master of Spark's own kind. */
  private static void check(String what, String where, List<String> addresses, SparkConf conf) {
    String fault = null;
    for (String address : addresses) {
      fault = fault(address, conf);
      if (fault == null) {
        return;
      }
    }
    throw new CommandException(
        ExitCode.SURROUNDINGS, "no %s answers at %s: %s".formatted(what, where, fault));
  }

  /** One, or those of which one is active. */
  private static List<String> resourceManagers(SparkConf conf) {
    Configuration yarn = new YarnConfiguration(SparkHadoopUtil.get().newConfiguration(conf));
    List<String> addresses = new ArrayList<>();
    for (String id : yarn.getTrimmedStrings(YarnConfiguration.RM_HA_IDS)) {
      String host = yarn.get(YarnConfiguration.RM_HOSTNAME + "." + id);
      addresses.add(
          yarn.get(
              YarnConfiguration.RM_ADDRESS + "." + id,
              host + ":" + YarnConfiguration.DEFAULT_RM_PORT));
    }
    return addresses.isEmpty() ? List.of(yarn.get(YarnConfiguration.RM_ADDRESS)) : addresses;
  }

  /** Why nothing answers at {@code host:port}; null where something does. */
  private static String fault(String address, SparkConf conf) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(address.substring(colon + 1));
      String host = address.substring(0, Math.max(0, colon));
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return conf == null ? null : MasterProbe.fault(host, port, conf);
    } catch (IOException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    } catch (IllegalArgumentException e) {
      return "must be host:port";
    }
  }
}
