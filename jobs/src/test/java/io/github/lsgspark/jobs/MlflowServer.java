package io.github.lsgspark.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of MLflow's REST interface that tells of runs, with its limits (the server itself is
 * Python, which is not everywhere).
 */
final class MlflowServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What was told of a run. */
  static final class Told {
    final Map<String, String> tags = new TreeMap<>();
    final Map<String, String> params = new TreeMap<>();
    final Map<String, List<JsonNode>> metrics = new TreeMap<>();
    String status = "RUNNING";
  }

  private final HttpServer server;
  private final Map<String, String> experiments = new LinkedHashMap<>();
  final Map<String, Told> runs = new LinkedHashMap<>();
  final Map<String, byte[]> files = new TreeMap<>();

  /** Refuses what is told next. */
  boolean refuses;

  /** Its experiments were deleted. */
  boolean deleted;

  MlflowServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void createExperiment(String name) {
    experiments.put(name, "" + (experiments.size() + 1));
  }

  List<Told> told() {
    return new ArrayList<>(runs.values());
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    ObjectNode answer = JSON.createObjectNode();
    int status = 200;
    if (refuses && path.endsWith("log-batch")) {
      status = 400;
      answer.put("error_code", "INVALID_PARAMETER_VALUE").put("message", "refused");
    } else if (path.startsWith("/api/2.0/mlflow-artifacts/artifacts/")) {
      files.put(path.substring("/api/2.0/mlflow-artifacts/artifacts/".length()), body);
    } else {
      JsonNode asked = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
      switch (path.substring("/api/2.0/mlflow/".length())) {
        case "experiments/get-by-name" -> {
          String name = exchange.getRequestURI().getQuery().replaceFirst("experiment_name=", "");
          if (experiments.containsKey(name)) {
            answer
                .putObject("experiment")
                .put("experiment_id", experiments.get(name))
                .put("lifecycle_stage", deleted ? "deleted" : "active");
          } else {
            status = 404;
            answer.put("error_code", "RESOURCE_DOES_NOT_EXIST").put("message", "no " + name);
          }
        }
        case "experiments/create" -> {
          experiments.put(asked.path("name").asText(), "" + (experiments.size() + 1));
          answer.put("experiment_id", "" + experiments.size());
        }
        case "runs/search" -> search(asked, answer.putArray("runs"));
        case "runs/create" -> {
          Told told = new Told();
          asked.path("tags").forEach(t -> told.tags.put(text(t, "key"), text(t, "value")));
          String id = "run" + runs.size();
          runs.put(id, told);
          answer
              .putObject("run")
              .putObject("info")
              .put("run_id", id)
              .put("artifact_uri", "mlflow-artifacts:/1/" + id + "/artifacts");
        }
        case "runs/log-batch" -> batch(asked);
        case "runs/update" -> runs.get(text(asked, "run_id")).status = text(asked, "status");
        default -> status = 501;
      }
    }
    byte[] text = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asText();
  }

  private void search(JsonNode asked, ArrayNode found) {
    String wanted = text(asked, "filter").replaceFirst(".* = '(\\w+)' and .*", "$1");
    runs.forEach(
        (id, told) -> {
          if (told.status.equals("FINISHED") && told.tags.containsValue(wanted)) {
            found.addObject().putObject("info").put("run_id", id);
          }
        });
  }

  private void batch(JsonNode asked) {
    Told told = runs.get(text(asked, "run_id"));
    if (asked.path("metrics").size() > 1000 || asked.path("params").size() > 100) {
      throw new IllegalStateException("too much at once");
    }
    for (JsonNode param : asked.path("params")) {
      if (told.params.put(name(param), text(param, "value")) != null) {
        throw new IllegalStateException("a parameter twice: " + name(param));
      }
    }
    asked
        .path("metrics")
        .forEach(m -> told.metrics.computeIfAbsent(name(m), key -> new ArrayList<>()).add(m));
  }

  private static String name(JsonNode entry) {
    String name = text(entry, "key");
    if (!name.matches("(?U)[\\w\\-. /]{1,250}") || name.matches("(.*//.*|/.*|.*/|\\.\\.?)")) {
      throw new IllegalStateException("a name that MLflow refuses: " + name);
    }
    return name;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
