package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * Requests to a server that is under test.
 *
 * @param address with a slash at the end
 */
record ServerCalls(String address) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path));
  }

  HttpResponse<byte[]> post(byte[] body) throws Exception {
    return send(request("api/predictions").POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** The same, not waited for. */
  CompletableFuture<HttpResponse<byte[]>> postLater(HttpClient client, byte[] body) {
    return client.sendAsync(
        request("api/predictions").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Without a stated length. */
  HttpResponse<byte[]> inChunks(byte[] body) throws Exception {
    return send(
        request("api/predictions")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
  }

  static JsonNode json(HttpResponse<byte[]> response, int status) throws Exception {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(text).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    return JSON.readTree(text);
  }

  /** The first line of what is answered to bytes that a client would not send. */
  String firstLine(String request) throws Exception {
    URI server = URI.create(address);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      StringBuilder line = new StringBuilder();
      for (int c = socket.getInputStream().read(); c >= 0 && c != '\n'; ) {
        line.append((char) c);
        c = socket.getInputStream().read();
      }
      return line.toString();
    }
  }
}
