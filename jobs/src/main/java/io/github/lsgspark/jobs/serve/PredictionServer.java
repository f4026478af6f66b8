package io.github.lsgspark.jobs.serve;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.evaluation.LiveClassifier;
import io.github.lsgspark.storage.Json;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RoutingHandler;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.RequestLimit;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;

/**
 * A web page to drop samples on, and the same as REST; {@code /openapi.json} describes it. As many
 * samples as there are processors are in work at a time, some more wait, and others are told to
 * come again (503).
 */
public final class PredictionServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionServer.class);
  private static final int WAITING = 32;
  private static final int SILENT_MILLIS = 60_000;
  private static final int NEIGHBOURS = 6;
  private static final int PROCESSORS = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final String JSON = "application/json";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' blob:; media-src 'self' blob:; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final LiveClassifier classifier;
  private final Map<String, Object> facts;
  private final HostNames names;
  private final long mostBytes;
  private final Undertow server;

  private PredictionServer(
      LiveClassifier classifier,
      Map<String, Object> facts,
      InetSocketAddress address,
      long mostBytes) {
    this.classifier = classifier;
    this.facts = new LinkedHashMap<>(facts);
    this.names = new HostNames(address);
    this.mostBytes = mostBytes;
    this.facts.put("labels", classifier.labels());
    RoutingHandler routes =
        new RoutingHandler()
            .get("/", file("index.html", "text/html; charset=utf-8"))
            .add(Methods.HEAD, "/", file("index.html", "text/html; charset=utf-8"))
            .get("/app.js", file("app.js", "text/javascript; charset=utf-8"))
            .get("/style.css", file("style.css", "text/css; charset=utf-8"))
            .get("/openapi.json", file("openapi.json", JSON))
            // Browsers ask for it by themselves.
            .get("/favicon.ico", exchange -> exchange.setStatusCode(StatusCodes.NO_CONTENT))
            .get("/health", exchange -> send(exchange, StatusCodes.OK, Map.of("status", "ok")))
            .get("/api/model", exchange -> send(exchange, StatusCodes.OK, this.facts))
            .get("/api/samples", limited(this::sample))
            .post("/api/predictions", Handlers.httpContinueRead(limited(this::predict)))
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
            .setWorkerThreads(2 * PROCESSORS)
            .setSocketOption(Options.READ_TIMEOUT, SILENT_MILLIS)
            .setSocketOption(Options.WRITE_TIMEOUT, SILENT_MILLIS)
            .setHandler(guarded(routes))
            .build();
  }

  private static HttpHandler limited(HttpHandler handler) {
    RequestLimit limit = new RequestLimit(PROCESSORS, WAITING);
    limit.setFailureHandler(
        exchange ->
            refuse(
                exchange,
                StatusCodes.SERVICE_UNAVAILABLE,
                "too many samples are in work; come again"));
    return Handlers.requestLimitingHandler(limit, new BlockingHandler(handler));
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
      if (!isOfThisMachine(address.getAddress())) {
        throw LsgException.usage("--host must be an address of this machine, but was: " + host);
      }
      throw LsgException.environment(
          "cannot listen on %s port %d: %s; --port names another"
              .formatted(host, port, e.getMessage()),
          e);
    }
    if (started.names.areAll()) {
      LOG.warn(
          "{} can be reached from other machines, without a password and unencrypted",
          started.address());
    }
    return started;
  }

  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true;
    }
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
      exchange
          .getResponseHeaders()
          .put(new HttpString("Cross-Origin-Resource-Policy"), "same-origin");
      exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
      if (!names.include(exchange.getRequestHeaders().getFirst(Headers.HOST))) {
        refuse(exchange, StatusCodes.FORBIDDEN, "this machine is asked by the name of another");
        return;
      }
      next.handleRequest(exchange);
    };
  }

  private void predict(HttpServerExchange exchange) throws IOException {
    if (exchange.getRequestContentLength() > mostBytes) {
      refuseLarge(exchange);
      return;
    }
    byte[] sample;
    try (InputStream body = exchange.getInputStream()) {
      // Of a body whose length is not stated no more is read than it may have.
      sample = body.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, mostBytes + 1));
      if (sample.length > mostBytes) {
        refuseLarge(exchange);
        return;
      }
    }
    if (sample.length == 0) {
      refuse(exchange, StatusCodes.BAD_REQUEST, "the body must be the file of one sample");
      return;
    }
    try {
      send(exchange, StatusCodes.OK, json(classifier.answer(sample, NEIGHBOURS)));
    } catch (UnreadableSampleException e) {
      refuse(exchange, StatusCodes.UNPROCESSABLE_ENTITY, e.reason() + ": " + e.getMessage());
    } catch (OutOfMemoryError e) {
      LOG.error("a sample of {} bytes was too large for the memory", sample.length, e);
      refuse(exchange, StatusCodes.SERVICE_UNAVAILABLE, "not enough memory for this sample now");
    } catch (RuntimeException e) {
      boolean input = e instanceof LsgException lsg && lsg.exitCode() == LsgException.INPUT;
      if (!input) {
        LOG.error("a sample could not be labelled", e);
      }
      refuse(
          exchange,
          input ? StatusCodes.UNPROCESSABLE_ENTITY : StatusCodes.INTERNAL_SERVER_ERROR,
          e.getMessage());
    }
  }

  /** The rest of the body is not read, so the connection ends. */
  private void refuseLarge(HttpServerExchange exchange) {
    exchange.setPersistent(false);
    refuse(
        exchange,
        StatusCodes.REQUEST_ENTITY_TOO_LARGE,
        "a sample may have at most " + mostBytes + " bytes");
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
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, MediaType.of(id, file.get()));
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
