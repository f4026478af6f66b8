package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What conf/monitoring asks of Prometheus and Grafana is on the driver's page while it trains. */
@Tag("long-5")
class MonitoringTest {
  private static final Path FOLDER = Path.of("../conf/monitoring");

  @TempDir Path folder;

  private static List<Pattern> asked() throws Exception {
    List<Pattern> asked = new ArrayList<>();
    JsonNode board = new ObjectMapper().readTree(FOLDER.resolve("grafana-board.json").toFile());
    for (JsonNode panel : board.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String name = target.path("expr").asText().replaceFirst(".*=~\"(.*)\".*", "$1");
        asked.add(Pattern.compile("(?m)^" + name + "\\{"));
      }
    }
    return asked;
  }

  @Test
  void everyPanelFindsItsNumbers() throws Exception {
    List<Pattern> asked = asked();
    assertThat(asked).hasSizeGreaterThan(6);
    Path config = folder.resolve("run.conf");
    Files.writeString(config, TinyRun.HOCON + "train { iterations = 100000, log-every = 1 }");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path log = folder.resolve("log");
    Process program =
        LsgProcess.start(
            "1g",
            log,
            "train",
            "--config",
            config.toString(),
            "--overlay",
            FOLDER.resolve("prometheus.conf").toString(),
            "--work-dir",
            folder.resolve("w").toString(),
            "--conf",
            "spark.ui.port=" + port);
    try {
      String page = "";
      for (int wait = 0; wait < 900 && !asked.stream().allMatch(found(page)); wait++) {
        assertThat(program.isAlive()).as(Files.readString(log)).isTrue();
        Thread.sleep(200);
        page = page(port);
      }
      assertThat(asked).as(page).allMatch(found(page));
    } finally {
      program.destroy();
      program.waitFor();
    }
  }

  /** Empty until the page is there. */
  private static String page(int port) throws InterruptedException {
    URI place = URI.create("http://127.0.0.1:" + port + "/metrics/prometheus/");
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(place).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    }
  }

  private static Predicate<Pattern> found(String page) {
    return pattern -> pattern.matcher(page).find();
  }
}
