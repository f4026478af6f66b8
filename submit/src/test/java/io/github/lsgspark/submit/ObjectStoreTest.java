package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.submit.Shell.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose work directory is on S3: a real server, in memory, and Hadoop's own client. */
@Tag("long-8")
class ObjectStoreTest {
  private static final String BUCKET = "lsg";

  @TempDir static Path folder;
  private static Process server;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Path properties =
        Files.writeString(
            folder.resolve("s3proxy.properties"),
            """
            s3proxy.authorization=none
            # Those of checksums, which newer clients send.
            s3proxy.ignore-unknown-headers=true
            s3proxy.endpoint=http://127.0.0.1:%d
            jclouds.provider=transient
            """
                .formatted(port));
    Path log = folder.resolve("s3proxy.log");
    server =
        Shell.start(
            Map.of(),
            log,
            folder.resolve("s3proxy.err"),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            Shell.HOME.resolve("submit").resolve(Shell.TARGET) + "/s3-server/*",
            "org.gaul.s3proxy.Main",
            "--properties",
            properties.toString());
    for (int attempt = 0; !listens(); attempt++) {
      assertThat(server.isAlive() && attempt < 600).as(Files.readString(log)).isTrue();
      Thread.sleep(100);
    }
    assertThat(send("PUT", "").statusCode()).isEqualTo(200);
  }

  /** A request about something in the bucket, or the bucket itself. */
  private static HttpResponse<String> send(String method, String what) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + BUCKET + what))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.destroy();
    server.waitFor();
  }

  private static List<String> command(String workDir) throws Exception {
    Path config =
        SmallTraining.write(
            folder.resolve("small.conf"),
            """
            train { iterations = 1000, checkpoint.every-steps = 50 }
            spark.hadoop.fs.s3a {
              endpoint = "http://127.0.0.1:%d"
              path.style.access = true
              # Without, every file written deletes the markers of the folders above it.
              directory.marker.retention = keep
              aws.credentials.provider = org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider
            }
            """
                .formatted(port));
    return List.of(
        Shell.HOME.resolve("submit/lsg").toString(),
        "evaluate",
        "--config",
        config.toString(),
        "--work-dir",
        workDir,
        "--master",
        "local[1]");
  }

  private static Map<String, String> environment() {
    return Map.of(
        "LSG_CLASSPATH", Shell.HOME.resolve("submit").resolve(Shell.TARGET) + "/s3a-client/*");
  }

  private static Outcome lsg(String workDir) throws Exception {
    Outcome outcome = Shell.run(folder, environment(), command(workDir).toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.log()).isZero();
    return outcome;
  }

  /** The folders and files of a stage whose names match. */
  private static List<String> names(String stage, String pattern) throws Exception {
    HttpResponse<String> list = send("GET", "?prefix=w/" + stage + "/&delimiter=/");
    assertThat(list.statusCode()).as(list.body()).isEqualTo(200);
    List<String> names = new ArrayList<>();
    Matcher found =
        Pattern.compile("<(?:Key|Prefix)>w/" + stage + "/([^<]+?)/?</").matcher(list.body());
    while (found.find()) {
      if (found.group(1).matches(pattern)) {
        names.add(found.group(1));
      }
    }
    return names;
  }

  private static JsonNode metrics(String runJson) throws Exception {
    return new ObjectMapper().readTree(runJson).path("metrics");
  }

  @Test
  void aRunThatIsKilledLeavesNothingThatLooksFinishedAndTwoGoOnWithIt() throws Exception {
    String workDir = "s3a://" + BUCKET + "/w";
    Path log = folder.resolve("killed.log");
    Process killed =
        Shell.start(
            environment(),
            folder.resolve("killed.out"),
            log,
            command(workDir).toArray(String[]::new));
    while (names("train", "_running-.*").isEmpty()) {
      assertThat(killed.isAlive()).as(Files.readString(log)).isTrue();
      Thread.sleep(50);
    }
    killed.descendants().forEach(ProcessHandle::destroyForcibly);
    killed.destroyForcibly();
    assertThat(killed.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(names("gcn", "[0-9a-f]{16}")).hasSize(1);
    for (String unfinished : names("train", "[0-9a-f]{16}")) {
      assertThat(send("GET", "/w/train/" + unfinished + "/manifest.json").statusCode())
          .isEqualTo(404);
    }

    Path second = folder.resolve("second.log");
    Process other =
        Shell.start(
            environment(),
            folder.resolve("second.out"),
            second,
            command(workDir).toArray(String[]::new));
    Outcome first = lsg(workDir);
    assertThat(other.waitFor(15, TimeUnit.MINUTES)).isTrue();
    assertThat(other.exitValue()).as(Files.readString(second)).isZero();
    List<String> logs = new ArrayList<>(List.of(first.log(), Files.readString(second)));
    assertThat(logs)
        .filteredOn(text -> text.matches("(?s).*train +[0-9a-f]+ done in .*"))
        .hasSize(1);
    assertThat(logs).allMatch(text -> text.matches("(?s).*gcn +[0-9a-f]+ is there already.*"));
    assertThat(names("train", "_.*")).isEmpty();
    assertThat(names("train", "[0-9a-f]{16}")).hasSize(1);

    Path local = folder.resolve("local");
    lsg(local.toString());
    assertThat(metrics(send("GET", "/w/run.json").body()))
        .isEqualTo(metrics(Files.readString(local.resolve("run.json"))));
  }
}
