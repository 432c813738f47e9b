package org.grlu.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Whether there is a Spark master to run on. */
final class Masters {
  static final String STANDALONE = "spark://";
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
    Surroundings.checkJvm();
    Surroundings.checkLibraries();
    String fault = fault(conf);
    if (fault != null) {
      throw new CommandException(ExitCode.SURROUNDINGS, fault);
    }
  }

  /** Why no master answers, in a line; null where one does, or where there is none to ask. */
  static String fault(SparkConf conf) {
    String master = conf.get("spark.master");
    if (master.startsWith(STANDALONE)) {
      List<String> addresses = List.of(master.substring(STANDALONE.length()).split(",", -1));
      return fault("Spark master", master, addresses, address -> masterFault(address, conf));
    }
    if (master.equals("yarn") && !Deployment.inCluster()) {
      List<String> addresses = resourceManagers(conf);
      String where = String.join(",", addresses);
      return fault("resource manager of YARN", where, addresses, Masters::socketFault);
    }
    return null;
  }

  private static String fault(
      String what, String where, List<String> addresses, UnaryOperator<String> faultOf) {
    String fault = null;
    for (String address : addresses) {
      fault = faultOf.apply(address);
      if (fault == null) {
        return null;
      }
    }
    return "no %s answers at %s: %s".formatted(what, where, fault);
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
  private static String socketFault(String address) {
    try (Socket socket = new Socket()) {
      int port = port(address);
      socket.connect(new InetSocketAddress(host(address), port), CONNECT_MILLIS);
      return null;
    } catch (IOException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    } catch (IllegalArgumentException e) {
      return "must be host:port";
    }
  }

  private static String host(String address) {
    return address.substring(0, Math.max(0, address.lastIndexOf(':')));
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /** The same of a standalone master: a worker, or a server of another kind, is none. */
  private static String masterFault(String address, SparkConf conf) {
    String fault = socketFault(address);
    return fault != null ? fault : MasterProbe.fault(host(address), port(address), conf);
  }
}
