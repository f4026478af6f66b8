package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page in Chromium without a window, told what to do by its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LISTENS = Pattern.compile("DevTools listening on ws://([^/]+)/.*");
  private static final String EMPTY = "about:blank";
  private static final int SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private int number;

  /** The program, if this machine has it. */
  static Optional<Path> program() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .map(name -> Path.of("/usr/bin", name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param profile an empty folder
   */
  Browser(Path profile, String page) throws Exception {
    process =
        new ProcessBuilder(
                program().orElseThrow().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                EMPTY)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String host = host();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(target(host)), new Collector())
            .get(SECONDS, TimeUnit.SECONDS);
    call("Page.navigate", Map.of("url", page));
    await("document.readyState == 'complete' && location.href.startsWith('%s')".formatted(page));
  }

  private String host() throws IOException {
    BufferedReader errors =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      Matcher listens = LISTENS.matcher(line);
      if (listens.matches()) {
        Thread rest = new Thread(() -> errors.lines().forEach(more -> {}), "browser");
        rest.setDaemon(true);
        rest.start();
        return listens.group(1);
      }
    }
    throw new IOException("the browser ended with " + process.exitValue());
  }

  private static String target(String host) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + "/json")).build();
    for (int attempt = 0; attempt < 10 * SECONDS; attempt++) {
      JsonNode targets =
          JSON.readTree(
              HttpClient.newHttpClient()
                  .send(request, HttpResponse.BodyHandlers.ofString())
                  .body());
      for (JsonNode target : targets) {
        if (target.path("url").asText().equals(EMPTY)) {
          return target.path("webSocketDebuggerUrl").asText();
        }
      }
      Thread.sleep(100);
    }
    throw new IOException("no page " + EMPTY);
  }

  private final class Collector implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        messages.add(parts.toString());
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  /** The result of a method of the protocol. */
  JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    int own = ++number;
    String text =
        JSON.writeValueAsString(Map.of("id", own, "method", method, "params", parameters));
    socket.sendText(text, true).get(SECONDS, TimeUnit.SECONDS);
    while (true) {
      String message = messages.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(message).as("an answer to %s", method).isNotNull();
      JsonNode answer = JSON.readTree(message);
      if (answer.path("id").asInt() == own) {
        assertThat(answer.path("error").isMissingNode()).as(message).isTrue();
        return answer.path("result");
      }
    }
  }

  /** What an expression of JavaScript comes to; promises are waited for. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    assertThat(result.path("exceptionDetails").isMissingNode()).as("%s", result).isTrue();
    return result.path("result").path("value");
  }

  /** Waits until an expression of JavaScript is true. */
  void await(String condition) throws Exception {
    for (int attempt = 0; attempt < 10 * SECONDS; attempt++) {
      if (evaluate(condition).asBoolean()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("not true: " + condition + "\n" + evaluate("document.body.innerText"));
  }

  /** Waits until an element says something. */
  void awaitText(String id, String text) throws Exception {
    await("document.getElementById('" + id + "').textContent == '" + text + "'");
  }

  /** Chooses files as a person does. */
  void choose(String selector, List<Path> files) throws Exception {
    int document = call("DOM.getDocument", Map.of()).path("root").path("nodeId").asInt();
    int node =
        call("DOM.querySelector", Map.of("nodeId", document, "selector", selector))
            .path("nodeId")
            .asInt();
    call(
        "DOM.setFileInputFiles",
        Map.of("nodeId", node, "files", files.stream().map(Path::toString).toList()));
  }

  /** Its processes write to the profile until they end. */
  @Override
  public void close() throws Exception {
    List<ProcessHandle> all = process.descendants().toList();
    call("Browser.close", Map.of());
    socket.abort();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    for (ProcessHandle one : all) {
      one.onExit().get(SECONDS, TimeUnit.SECONDS);
    }
  }
}
