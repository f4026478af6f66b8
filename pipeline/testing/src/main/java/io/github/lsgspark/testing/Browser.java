package io.github.lsgspark.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
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

/**
 * A page in Chromium without a window, told what to do by its DevTools protocol. It notes what the
 * page complains of and what it asks of others. Not safe for several threads.
 */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LISTENS = Pattern.compile("DevTools listening on ws://([^/]+)/.*");
  private static final String EMPTY = "about:blank";
  private static final int SECONDS = 60;

  /** A phone, a tablet and a screen, in pixels. */
  public static final List<Integer> WIDTHS = List.of(360, 768, 1440);

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private int number;

  /** The program, if this machine has it. */
  public static Optional<Path> program() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .map(name -> Path.of("/usr/bin", name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether there is one, or has to be: LSG_BROWSER=required, as in CI. */
  public static boolean isExpected() {
    return program().isPresent() || "required".equals(System.getenv("LSG_BROWSER"));
  }

  /**
   * Opens a page and waits until it is there.
   *
   * @param profile an empty folder
   * @param page its address
   */
  public Browser(Path profile, String page) throws Exception {
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
    for (String domain : List.of("Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
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
  public JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    int own = ++number;
    String text =
        JSON.writeValueAsString(Map.of("id", own, "method", method, "params", parameters));
    socket.sendText(text, true).get(SECONDS, TimeUnit.SECONDS);
    while (true) {
      String message = messages.poll(SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new IOException("no answer to " + method);
      }
      JsonNode answer = JSON.readTree(message);
      if (answer.path("id").asInt() == own) {
        if (answer.has("error")) {
          throw new IOException(method + ": " + message);
        }
        return answer.path("result");
      }
      note(answer.path("method").asText(), answer.path("params"));
    }
  }

  private void note(String event, JsonNode told) {
    switch (event) {
      case "Runtime.exceptionThrown" -> complaints.add(told.toString());
      case "Log.entryAdded" -> {
        if (told.at("/entry/level").asText().equals("error")) {
          complaints.add(told.toString());
        }
      }
      case "Network.requestWillBeSent" -> requests.add(told.at("/request/url").asText());
      default -> {}
    }
  }

  /** Errors of its scripts, and what its policy or the network refused, so far. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Addresses that the page asked for so far, its own first. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Shows the page on a screen of another width, by day or by night. */
  public void show(int width, boolean dark) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    Map<String, String> scheme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  /** The whole page as a PNG file. */
  public byte[] picture() throws Exception {
    return Base64.getDecoder()
        .decode(
            call("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
                .path("data")
                .asText());
  }

  /**
   * What axe-core finds that keeps people from using the page, with every screen of {@link
   * #WIDTHS}, light and dark; and parts that make it wider than the screen.
   */
  public List<String> barriers() throws Exception {
    evaluate(axe());
    List<String> barriers = new ArrayList<>();
    for (int width : WIDTHS) {
      for (boolean dark : new boolean[] {false, true}) {
        show(width, dark);
        String where = " at " + width + " px" + (dark ? ", dark" : "");
        for (JsonNode found : evaluate("axe.run().then(found => found.violations)")) {
          barriers.add(found.path("id").asText() + where + ": " + found.at("/nodes/0/html"));
        }
        int wide = evaluate("document.documentElement.scrollWidth").asInt();
        if (wide > width) {
          barriers.add("the page is " + wide + " px wide" + where);
        }
      }
    }
    return barriers;
  }

  private static String axe() throws IOException {
    String name = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    try (InputStream in = Browser.class.getClassLoader().getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n;0";
    }
  }

  /** What an expression of JavaScript comes to; promises are waited for. */
  public JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IOException(expression + ": " + result);
    }
    return result.path("result").path("value");
  }

  /** Waits until an expression of JavaScript is true. */
  public void await(String condition) throws Exception {
    for (int attempt = 0; attempt < 10 * SECONDS; attempt++) {
      if (evaluate(condition).asBoolean()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("not true: " + condition + "\n" + evaluate("document.body.innerText"));
  }

  /** Waits until an element says something. */
  public void awaitText(String id, String text) throws Exception {
    await("document.getElementById('" + id + "').textContent == '" + text + "'");
  }

  /** Chooses files as a person does. */
  public void choose(String selector, List<Path> files) throws Exception {
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
