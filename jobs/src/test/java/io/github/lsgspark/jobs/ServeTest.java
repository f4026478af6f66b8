package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.jobs.serve.PredictionServer;
import io.github.lsgspark.testing.Browser;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** lsg serve: the page and the REST interface say of a sample what lsg predict says. */
class ServeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST = 50_000;

  private static final String TINY =
      """
      data { train = "%s", test-fraction = 0.3, validation-fraction = 0 }
      embedding.encoder = lexical
      train { enabled = false, backbone = small-cnn, image-size = 16 }
      lsg.enabled = false
      prepare.max-file-bytes = 50000
      """;

  @TempDir private static Path folder;
  private static Map<String, JsonNode> predicted;
  private static SparkLauncher spark;
  private static ServeCommand.Served served;
  private static PredictionServer server;
  private static ServerCalls calls;

  @BeforeAll
  static void start() throws Exception {
    SmallPictures.write(folder.resolve("photos"), 6, "red fox", "blue jay");
    Path in = Files.createDirectories(folder.resolve("in"));
    for (int i = 0; i < 4; i++) {
      Files.write(in.resolve(i + ".png"), SmallPictures.png(i, 100 + i));
    }
    Path config = folder.resolve("mine.conf");
    Files.writeString(config, TINY.formatted(folder.resolve("photos")));
    String work = folder.resolve("w").toString();
    Path file = folder.resolve("labels.jsonl");
    String[] predict = {"predict", "--master", "local[2]", "--config", config.toString()};
    List<String> words = new ArrayList<>(List.of(predict));
    words.addAll(List.of("--work-dir", work, "--input", in.toString(), "--output", file + ""));
    assertThat(Lsg.execute(words.toArray(String[]::new))).isZero();
    predicted = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode one = JSON.readTree(line);
      predicted.put(one.path("path").asText(), one);
    }
    Loaded loaded = SettingsLoader.load(config, Map.of());
    spark = new SparkLauncher("local[2]", Map.of());
    served = ServeCommand.served(loaded, work, spark);
    server = served.start("127.0.0.1", 0);
    calls = new ServerCalls(server.address());
  }

  @AfterAll
  static void stop() {
    server.close();
    served.close();
    spark.close();
  }

  @Test
  void answersAreThoseOfPredict() throws Exception {
    assertThat(predicted).hasSize(4);
    for (Map.Entry<String, JsonNode> one : predicted.entrySet()) {
      JsonNode answer =
          ServerCalls.json(
              calls.post(Files.readAllBytes(folder.resolve("in").resolve(one.getKey()))), 200);
      JsonNode expected = one.getValue();
      assertThat(answer.path("label")).isEqualTo(expected.path("label"));
      assertThat(answer.path("probability").asDouble())
          .isCloseTo(expected.path("probability").asDouble(), within(1e-6));
      assertThat(answer.path("unlike")).isEqualTo(expected.path("unlike"));
      JsonNode nearest = answer.path("nearest").get(0);
      assertThat(nearest.path("id")).isEqualTo(expected.path("nearest"));
      assertThat(nearest.path("similarity").asDouble())
          .isCloseTo(expected.path("similarity").asDouble(), within(1e-5));
      assertThat(answer.path("top")).hasSize(2);
      assertThat(answer.path("nearest")).hasSize(6);
    }
  }

  @Test
  void aTrainingSampleIsItsOwnNeighbourAndCanBeSeen() throws Exception {
    JsonNode answer =
        ServerCalls.json(calls.post(Files.readAllBytes(folder.resolve("in/0.png"))), 200);
    String id = answer.path("nearest").get(0).path("id").asText();
    HttpResponse<byte[]> file =
        ServerCalls.send(
            calls.request("api/samples?id=" + URLEncoder.encode(id, StandardCharsets.UTF_8)));
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValue("content-type")).hasValue("image/png");
    assertThat(file.body()).isEqualTo(Files.readAllBytes(folder.resolve("photos").resolve(id)));
    JsonNode again = ServerCalls.json(calls.post(file.body()), 200);
    assertThat(again.path("nearest").get(0).path("id").asText()).isEqualTo(id);
    assertThat(again.path("nearest").get(0).path("similarity").asDouble())
        .isCloseTo(1, within(1e-4));
    assertThat(again.path("unlike").asBoolean()).isFalse();
    ServerCalls.json(ServerCalls.send(calls.request("api/samples?id=../mine.conf")), 404);
    ServerCalls.json(ServerCalls.send(calls.request("api/samples")), 404);
  }

  @Test
  void whatCannotBeReadIsToldWithItsReason() throws Exception {
    assertThat(
            ServerCalls.json(calls.post("<html></html>".getBytes(StandardCharsets.UTF_8)), 422)
                .path("error"))
        .asString()
        .contains("NOT_AN_IMAGE");
    assertThat(ServerCalls.json(calls.post(new byte[0]), 400).path("error").asText())
        .contains("body");
    assertThat(
            ServerCalls.json(ServerCalls.send(calls.request("none")), 404).path("error").asText())
        .isNotEmpty();
    assertThat(
            ServerCalls.json(ServerCalls.send(calls.request("api/predictions")), 405)
                .path("error")
                .asText())
        .contains("GET");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws Exception {
    assertThat(
            calls.firstLine(
                "POST /api/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + (MOST + 1)
                    + "\r\n\r\n"))
        .contains(" 413 ");
    // Without a stated length it is sent in chunks.
    byte[] large = new byte[MOST + 1];
    assertThat(ServerCalls.json(calls.inChunks(large), 413).path("error").asText())
        .contains(Integer.toString(MOST));
    ServerCalls.json(calls.inChunks(new byte[MOST]), 422);
  }

  /** As of a page of another site whose name was made to lead to this machine. */
  @Test
  void theNameOfAnotherSiteIsNotAnswered() throws Exception {
    for (String host :
        List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example")) {
      assertThat(calls.firstLine("GET /api/model HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .as(host)
          .contains(" 403 ");
    }
    for (String host : List.of("localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]")) {
      assertThat(calls.firstLine("GET /api/model HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .as(host)
          .contains(" 200 ");
    }
  }

  private static String labelled() {
    return predicted.get("1.png").path("nearest").asText();
  }

  @Test
  void everyPathOfTheDescriptionAnswersAsItSays() throws Exception {
    HttpResponse<byte[]> described = ServerCalls.send(calls.request("openapi.json"));
    JsonNode paths = JSON.readTree(described.body()).path("paths");
    assertThat(paths).hasSize(4);
    for (var path : paths.properties()) {
      for (var operation : path.getValue().properties()) {
        String at = path.getKey().substring(1);
        String asked =
            at.equals("api/samples")
                ? at + "?id=" + URLEncoder.encode(labelled(), StandardCharsets.UTF_8)
                : at;
        int status =
            ServerCalls.send(
                    calls
                        .request(asked)
                        .method(
                            operation.getKey().toUpperCase(java.util.Locale.ROOT),
                            HttpRequest.BodyPublishers.ofByteArray(
                                Files.readAllBytes(folder.resolve("in/1.png")))))
                .statusCode();
        assertThat(status).as("%s %s", operation.getKey(), path.getKey()).isEqualTo(200);
        assertThat(operation.getValue().path("responses").has("200")).isTrue();
      }
    }
    JsonNode model = ServerCalls.json(ServerCalls.send(calls.request("api/model")), 200);
    assertThat(model.path("labels")).extracting(JsonNode::asText).contains("red fox", "blue jay");
    assertThat(model.path("modality").asText()).isEqualTo("image");
  }

  @Test
  void aPortThatIsTakenIsTold() {
    int taken = URI.create(server.address()).getPort();
    assertThatThrownBy(() -> served.start("127.0.0.1", taken))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageContaining("127.0.0.1 port " + taken);
    for (String host : List.of("192.0.2.77", "no.such.host.invalid")) {
      assertThatThrownBy(() -> served.start(host, 0))
          .isInstanceOfSatisfying(
              LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
          .hasMessageContaining(host);
    }
  }

  @Test
  void anotherAddressOfThisMachineAnswersToItsOwnNames() throws Exception {
    for (String host : List.of("127.0.0.2", "localhost")) {
      try (PredictionServer other = served.start(host, 0)) {
        HttpResponse<byte[]> answer =
            ServerCalls.send(HttpRequest.newBuilder(URI.create(other.address() + "health")));
        assertThat(answer.statusCode()).as(host).isEqualTo(200);
      }
    }
  }

  @Test
  void manyAskAtOnce() throws Exception {
    byte[] file = Files.readAllBytes(folder.resolve("in/2.png"));
    JsonNode alone = ServerCalls.json(calls.post(file), 200);
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 100; i++) {
      all.add(calls.postLater(client, file));
    }
    int answered = 0;
    for (CompletableFuture<HttpResponse<byte[]>> one : all) {
      HttpResponse<byte[]> response = one.get();
      if (response.statusCode() == 503) {
        assertThat(ServerCalls.json(response, 503).path("error").asText()).contains("come again");
      } else {
        assertThat(ServerCalls.json(response, 200)).isEqualTo(alone);
        answered++;
      }
    }
    assertThat(answered).isPositive();
  }

  @Test
  void aBrowserShowsTheClassOfAFileThatIsChosenAndOfOneThatIsDropped(@TempDir Path profile)
      throws Exception {
    assumeTrue(Browser.isExpected(), "no Chromium on this machine");
    try (Browser browser = new Browser(profile, server.address())) {
      browser.choose("#files", List.of(folder.resolve("in/0.png"), folder.resolve("mine.conf")));
      browser.awaitText("state", "2 files looked at");
      assertThat(browser.evaluate("document.querySelectorAll('.result').length").asInt())
          .isEqualTo(2);
      assertThat(browser.evaluate("document.querySelector('.label').textContent").asText())
          .isEqualTo(predicted.get("0.png").path("label").asText());
      assertThat(browser.evaluate("document.querySelector('.error').textContent").asText())
          .contains("NOT_AN_IMAGE");
      String seen =
          "Promise.all([...document.querySelectorAll('.near img')].map(i => i.decode())).then("
              + "() => document.querySelectorAll('.near img').length)";
      assertThat(browser.evaluate(seen).asInt()).as("pictures of neighbours").isEqualTo(6);
      browser.evaluate(
          "fetch('api/samples?id=' + encodeURIComponent('%s')).then(r => r.blob()).then(b => {"
                  .formatted(labelled())
              + " const all = new DataTransfer(); all.items.add(new File([b], 'dropped.png'));"
              + " document.getElementById('drop').dispatchEvent(new DragEvent('drop',"
              + " {dataTransfer: all, bubbles: true})); })");
      browser.awaitText("state", "1 file looked at");
      assertThat(browser.evaluate("document.querySelector('.result h2').textContent").asText())
          .isEqualTo("dropped.png");
      assertThat(browser.barriers()).isEmpty();
    }
  }
}
