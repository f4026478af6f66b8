package io.github.lsgspark.sparkml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of Spark Connect that has the library, and a client that has not, each a JVM of its own:
 * text vectors, graph and classifier as stages that the client names.
 */
@Timeout(300)
@Tag("long-8")
class SparkConnectTest {
  /** Server's and client's libraries, which the build copies there for Spark 4. */
  private static final Path LIBRARIES =
      Path.of(System.getProperty("lsg.connect.libraries", "no such folder"));

  @TempDir Path folder;

  static boolean withConnect() {
    return Files.isDirectory(LIBRARIES);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Stream<Path> libraries(boolean client) throws IOException {
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      return jars
          .filter(jar -> jar.getFileName().toString().contains("client") == client)
          .toList()
          .stream();
    }
  }

  private static Stream<Path> classes() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of);
  }

  private Process start(String log, List<String> arguments, Stream<Path> classes)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classes.map(Path::toString).toList()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(log).toFile())
        .start();
  }

  @Test
  @EnabledIf("withConnect")
  void aClientUsesTheLibraryByName() throws Exception {
    int port = freePort();
    Process server =
        start(
            "server.log",
            List.of(
                "-Dspark.master=local[2]",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.ui.enabled=false",
                "-Dspark.sql.shuffle.partitions=2",
                "-Dspark.sql.warehouse.dir=" + folder.resolve("warehouse").toUri(),
                "-Dspark.connect.grpc.binding.address=127.0.0.1",
                "-Dspark.connect.grpc.binding.port=" + port,
                "org.apache.spark.sql.connect.service.SparkConnectServer"),
            Stream.concat(libraries(false), classes()));
    try {
      awaitPort(server, port);
      Process client =
          start(
              "client.log",
              List.of("src/test/connect/ConnectClient.java", "sc://127.0.0.1:" + port),
              Stream.concat(
                  libraries(true),
                  classes()
                      .filter(entry -> !entry.toString().contains("lsg-"))
                      .filter(Files::isRegularFile)));
      boolean ended = client.waitFor(240, TimeUnit.SECONDS);
      client.destroyForcibly();
      String said = Files.readString(folder.resolve("client.log"));
      assertThat(ended && client.exitValue() == 0).as("%s", said).isTrue();
      assertThat(said)
          .contains("edge grey fox - red fox\n", "edge oil tanker - tanker\n", "right 12 of 12\n")
          .containsPattern("refused .*vectorCol = embedding")
          .containsPattern("driver only .*sparkContext|driver only .*SPARK_CONTEXT");
    } finally {
      server.destroyForcibly();
      server.waitFor();
    }
  }

  private void awaitPort(Process server, int port) throws Exception {
    for (int i = 0; i < 600; i++) {
      assertThat(server.isAlive())
          .as("%s", Files.readString(folder.resolve("server.log")))
          .isTrue();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(200);
      }
    }
    throw new AssertionError("no server: " + Files.readString(folder.resolve("server.log")));
  }
}
