package io.github.lsgspark.jobs.serve;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.evaluation.LiveClassifier;
import io.github.lsgspark.storage.Json;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.RoutingHandler;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A web page to drop samples on, and the same as REST; {@code /openapi.json} describes it. On a
 * loopback address only requests that name this machine are answered, so that no page of another
 * site can ask by a name of its own for this address.
 */
public final class PredictionServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionServer.class);
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
  private static final int NEIGHBOURS = 6;
  private static final String JSON = "application/json";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' blob:; media-src 'self' blob:; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final LiveClassifier classifier;
  private final Map<String, Object> facts;
  private final boolean local;
  private final Undertow server;

  private PredictionServer(
      LiveClassifier classifier,
      Map<String, Object> facts,
      InetSocketAddress address,
      long mostBytes) {
    this.classifier = classifier;
    this.facts = new LinkedHashMap<>(facts);
    this.local = address.getAddress().isLoopbackAddress();
    this.facts.put("labels", classifier.labels());
    RoutingHandler routes =
        new RoutingHandler()
            .get("/", file("index.html", "text/html; charset=utf-8"))
            .get("/app.js", file("app.js", "text/javascript; charset=utf-8"))
            .get("/style.css", file("style.css", "text/css; charset=utf-8"))
            .get("/openapi.json", file("openapi.json", JSON))
            // Browsers ask for it by themselves.
            .get("/favicon.ico", exchange -> exchange.setStatusCode(StatusCodes.NO_CONTENT))
            .get("/health", exchange -> send(exchange, StatusCodes.OK, Map.of("status", "ok")))
            .get("/api/model", exchange -> send(exchange, StatusCodes.OK, this.facts))
            .get("/api/samples", new BlockingHandler(this::sample))
            .post("/api/predictions", new BlockingHandler(this::predict))
            .setFallbackHandler(
                exchange -> refuse(exchange, StatusCodes.NOT_FOUND, "there is no such page"))
            .setInvalidMethodHandler(
                exchange ->
                    refuse(
                        exchange,
                        StatusCodes.METHOD_NOT_ALLOWED,
                        "this page takes no " + exchange.getRequestMethod()));
    this.server =
        Undertow.builder()
            .addHttpListener(address.getPort(), address.getHostString())
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, mostBytes)
            .setHandler(guarded(routes))
            .build();
  }

  /**
   * Starts to answer.
   *
   * @param facts of the model, for {@code /api/model}
   * @param host an address or name of this machine
   * @param port 0: any that is free
   * @param mostBytes of a sample
   * @throws LsgException exit 2 if the host is not of this machine, exit 4 if the port is taken
   */
  public static PredictionServer start(
      LiveClassifier classifier, Map<String, Object> facts, String host, int port, long mostBytes) {
    InetSocketAddress address;
    try {
      address = new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw LsgException.usage("--host must be an address of this machine, but was: " + host);
    }
    PredictionServer started = new PredictionServer(classifier, facts, address, mostBytes);
    try {
      started.server.start();
    } catch (RuntimeException e) {
      throw LsgException.environment(
          "cannot listen on %s port %d: %s; --port names another"
              .formatted(host, port, e.getMessage()),
          e);
    }
    if (!started.local) {
      LOG.warn(
          "{} can be reached from other machines, without a password and unencrypted",
          started.address());
    }
    return started;
  }

  /** Where it answers: {@code http://127.0.0.1:8080/}. */
  public String address() {
    InetSocketAddress bound = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    String host = bound.getAddress().getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort() + "/";
  }

  private HttpHandler guarded(HttpHandler next) {
    return exchange -> {
      exchange.getResponseHeaders().put(new HttpString("Content-Security-Policy"), POLICY);
      exchange.getResponseHeaders().put(new HttpString("X-Content-Type-Options"), "nosniff");
      exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
      if (local && !OWN_NAMES.contains(exchange.getHostName().toLowerCase(java.util.Locale.ROOT))) {
        refuse(exchange, StatusCodes.FORBIDDEN, "this machine is asked by the name of another");
        return;
      }
      next.handleRequest(exchange);
    };
  }

  private void predict(HttpServerExchange exchange) throws IOException {
    byte[] sample;
    try (InputStream body = exchange.getInputStream()) {
      sample = body.readAllBytes();
    } catch (RequestTooBigException e) {
      refuse(
          exchange,
          StatusCodes.REQUEST_ENTITY_TOO_LARGE,
          "a sample may have at most " + exchange.getMaxEntitySize() + " bytes");
      return;
    }
    if (sample.length == 0) {
      refuse(exchange, StatusCodes.BAD_REQUEST, "the body must be the file of one sample");
      return;
    }
    try {
      send(exchange, StatusCodes.OK, json(classifier.answer(sample, NEIGHBOURS)));
    } catch (UnreadableSampleException e) {
      refuse(exchange, StatusCodes.UNPROCESSABLE_ENTITY, e.reason() + ": " + e.getMessage());
    } catch (LsgException e) {
      refuse(exchange, StatusCodes.UNPROCESSABLE_ENTITY, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a sample could not be labelled", e);
      refuse(exchange, StatusCodes.INTERNAL_SERVER_ERROR, "failed: " + e.getMessage());
    }
  }

  private static Map<String, Object> json(LiveClassifier.Answer answer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("label", answer.top().get(0).label());
    json.put("probability", answer.top().get(0).probability());
    json.put("entropy", answer.entropy());
    json.put("unlike", answer.unlike());
    json.put("top", answer.top());
    json.put("nearest", answer.nearest());
    return json;
  }

  private void sample(HttpServerExchange exchange) {
    String id =
        Optional.ofNullable(exchange.getQueryParameters().get("id"))
            .map(Deque::getFirst)
            .orElse("");
    Optional<byte[]> file;
    try {
      file = classifier.sample(id);
    } catch (LsgException | UncheckedIOException e) {
      refuse(exchange, StatusCodes.GONE, e.getMessage());
      return;
    }
    if (file.isEmpty()) {
      refuse(exchange, StatusCodes.NOT_FOUND, "there is no labelled sample of this id");
      return;
    }
    String type = URLConnection.guessContentTypeFromName(id);
    // Never what a browser would run.
    boolean media = type != null && type.matches("(image|audio|video)/.*") && !type.contains("svg");
    exchange
        .getResponseHeaders()
        .put(Headers.CONTENT_TYPE, media ? type : "application/octet-stream");
    exchange.getResponseSender().send(ByteBuffer.wrap(file.get()));
  }

  private static HttpHandler file(String name, String type) {
    byte[] content;
    try (InputStream in = PredictionServer.class.getResourceAsStream(name)) {
      content = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
    return exchange -> {
      exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
      exchange.getResponseSender().send(ByteBuffer.wrap(content));
    };
  }

  private static void refuse(HttpServerExchange exchange, int status, String why) {
    send(exchange, status, Map.of("error", why));
  }

  private static void send(HttpServerExchange exchange, int status, Map<String, Object> json) {
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, JSON);
    exchange.getResponseSender().send(Json.text(json), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop();
  }
}
