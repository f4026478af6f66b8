package io.github.lsgspark.submit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HDFS with two DataNodes and YARN with one NodeManager, all of this machine and on its loopback
 * address: {@code submit/yarn/mini-cluster}. Ends when its standard input does; the line {@code
 * stop a DataNode} there stops one.
 */
public final class MiniCluster {
  private static final Logger LOG = LoggerFactory.getLogger(MiniCluster.class);

  private MiniCluster() {}

  /**
   * Runs a small YARN and HDFS until its input ends.
   *
   * @param arguments a folder for everything; the clients' configuration will lie in its conf/
   */
  public static void main(String[] arguments) {
    try {
      run(arguments);
    } catch (Exception e) {
      LOG.error("the mini cluster ends", e);
      System.exit(1); // its daemons' threads would keep the process
    }
    System.exit(0);
  }

  private static void run(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    Path clients = Files.createDirectories(folder.resolve("conf"));
    Configuration hdfsConf = new Configuration();
    hdfsConf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    hdfsConf.set("dfs.namenode.datanode.registration.ip-hostname-check", "false");
    try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(hdfsConf).numDataNodes(2).build();
        MiniYARNCluster yarn = new MiniYARNCluster("lsg-mini", 1, 1, 1)) {
      hdfs.waitActive();
      YarnConfiguration conf = new YarnConfiguration(hdfsConf);
      conf.set("fs.defaultFS", hdfs.getFileSystem().getUri().toString());
      addresses(conf);
      conf.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, 16 << 10);
      conf.setInt("yarn.nodemanager.resource.cpu-vcores", 16);
      conf.setInt("yarn.scheduler.minimum-allocation-mb", 128);
      conf.setInt("yarn.scheduler.maximum-allocation-mb", 16 << 10);
      conf.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
      conf.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
      // A test's disk may be nearly full.
      conf.set(
          "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99.9");
      conf.set("yarn.scheduler.capacity.root.queues", "default");
      conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
      conf.setFloat("yarn.scheduler.capacity.maximum-am-resource-percent", 1);
      conf.setInt("yarn.nodemanager.delete.debug-delay-sec", 3600);
      yarn.init(conf);
      yarn.start();
      Configuration running = yarn.getConfig();
      write(running, clients.resolve("core-site.xml"), "fs.");
      write(running, clients.resolve("hdfs-site.xml"), "dfs.");
      write(running, clients.resolve("yarn-site.xml"), "yarn.");
      System.out.println("ready: export HADOOP_CONF_DIR=" + clients);
      System.out.flush();
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        if (line.equals("stop a DataNode")) {
          hdfs.stopDataNode(0);
          System.out.println("stopped a DataNode");
          System.out.flush();
        }
      }
    }
  }

  /** Left alone, it would listen on this machine's name. */
  private static void addresses(Configuration conf) throws IOException {
    conf.setBoolean(YarnConfiguration.YARN_MINICLUSTER_FIXED_PORTS, true);
    for (String key :
        new String[] {
          YarnConfiguration.RM_ADDRESS,
          YarnConfiguration.RM_ADMIN_ADDRESS,
          YarnConfiguration.RM_SCHEDULER_ADDRESS,
          YarnConfiguration.RM_RESOURCE_TRACKER_ADDRESS,
          YarnConfiguration.RM_WEBAPP_ADDRESS,
          YarnConfiguration.NM_ADDRESS,
          YarnConfiguration.NM_LOCALIZER_ADDRESS,
          YarnConfiguration.NM_WEBAPP_ADDRESS,
          YarnConfiguration.NM_COLLECTOR_SERVICE_ADDRESS,
        }) {
      conf.set(key, "127.0.0.1:" + freePort());
    }
    conf.set(YarnConfiguration.RM_HOSTNAME, "127.0.0.1");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void write(Configuration all, Path file, String prefix) throws IOException {
    Configuration part = new Configuration(false);
    all.forEach(
        entry -> {
          if (entry.getKey().startsWith(prefix) && all.getPropertySources(entry.getKey()) != null) {
            part.set(entry.getKey(), entry.getValue());
          }
        });
    try (OutputStream out = Files.newOutputStream(file)) {
      part.writeXml(out);
    }
  }
}
