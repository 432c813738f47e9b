import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.nodemanager.NodeManager;
import org.apache.hadoop.yarn.server.resourcemanager.ResourceManager;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler;

/**
 * YARN's own resource manager and one node manager, on loopback, on free ports, until standard
 * input closes. One argument: a folder, which gets the clients' configuration in {@code conf}. Says
 * {@code ready} on standard output. Hadoop's MiniYARNCluster binds to the machine's name instead.
 */
public final class YarnCluster {
  /** Where the resource manager may be asked by clients, application masters and node managers. */
  private static final String[] ADDRESSES = {
    YarnConfiguration.RM_ADDRESS,
    YarnConfiguration.RM_SCHEDULER_ADDRESS,
    YarnConfiguration.RM_RESOURCE_TRACKER_ADDRESS,
    YarnConfiguration.RM_ADMIN_ADDRESS,
    YarnConfiguration.RM_WEBAPP_ADDRESS
  };

  private YarnCluster() {}

  /** Its threads would outlive a failure, hence the exit. */
  public static void main(String[] arguments) {
    try {
      run(Path.of(arguments[0]));
      System.exit(0);
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void run(Path folder) throws IOException {
    DefaultMetricsSystem.setMiniClusterMode(true);
    Configuration asked = configuration(folder);
    try (ResourceManager resources = new ResourceManager();
        NodeManager node = new NodeManager()) {
      resources.init(asked);
      resources.start();
      // now with the ports that the system chose
      Configuration running = resources.getConfig();
      node.init(new YarnConfiguration(running));
      node.start();
      write(running, folder.resolve("conf"));
      System.out.println("ready");
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static Configuration configuration(Path folder) {
    Configuration conf = new YarnConfiguration();
    for (String address : ADDRESSES) {
      conf.set(address, "127.0.0.1:0");
    }
    conf.set(YarnConfiguration.NM_ADDRESS, "127.0.0.1:0");
    conf.set(YarnConfiguration.NM_LOCALIZER_ADDRESS, "127.0.0.1:0");
    conf.set(YarnConfiguration.NM_WEBAPP_ADDRESS, "127.0.0.1:0");
    conf.set(YarnConfiguration.NM_LOCAL_DIRS, folder.resolve("local").toString());
    conf.set(YarnConfiguration.NM_LOG_DIRS, folder.resolve("logs").toString());
    // the logs of what has ended are kept
    conf.setInt(YarnConfiguration.DEBUG_NM_DELETE_DELAY_SEC, 3600);
    // all that containers inherit
    conf.set(YarnConfiguration.NM_ENV_WHITELIST, "JAVA_HOME,PATH,SPARK_LOCAL_IP");
    conf.setClass(YarnConfiguration.RM_SCHEDULER, FifoScheduler.class, Object.class);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 256);
    // containers start and end with a heartbeat
    conf.setInt(YarnConfiguration.RM_NM_HEARTBEAT_INTERVAL_MS, 100);
    conf.setInt(YarnConfiguration.NM_PMEM_MB, 8192);
    conf.setInt(YarnConfiguration.NM_VCORES, 8);
    // neither the machine's memory nor its disks are on trial
    conf.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
    conf.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    conf.setBoolean(YarnConfiguration.NM_DISK_HEALTH_CHECK_ENABLE, false);
    return conf;
  }

  private static void write(Configuration running, Path folder) throws IOException {
    Configuration yarn = new Configuration(false);
    for (String address : ADDRESSES) {
      yarn.set(address, running.get(address));
    }
    Configuration core = new Configuration(false);
    core.set("fs.defaultFS", "file:///");
    Files.createDirectories(folder);
    write(yarn, folder, "yarn-site.xml");
    write(core, folder, "core-site.xml");
  }

  private static void write(Configuration conf, Path folder, String name) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      conf.writeXml(out);
    }
  }
}
