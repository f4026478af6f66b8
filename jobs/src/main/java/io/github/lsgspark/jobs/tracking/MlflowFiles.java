package io.github.lsgspark.jobs.tracking;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands files to an MLflow server; MLflow's own Java client would start its Python program. */
final class MlflowFiles {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowFiles.class);
  private static final String PROXIED = "mlflow-artifacts";
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BasicMlflowHostCreds credentials;

  MlflowFiles(BasicMlflowHostCreds credentials) {
    this.credentials = credentials;
  }

  /** By the server, where it hands files on itself; other storage is not ours to write. */
  void upload(RunInfo run, String name, byte[] content) throws IOException, InterruptedException {
    URI folder = URI.create(run.getArtifactUri().replace(" ", "%20"));
    if (!PROXIED.equals(folder.getScheme())
        || folder.getAuthority() != null
        || credentials.shouldIgnoreTlsVerification()) {
      LOG.warn("{} is not handed to MLflow, whose files lie in {}", name, folder);
      return;
    }
    String path = folder.getPath().replaceFirst("^/+", "") + "/" + name;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(credentials.getHost() + FILES + encoded(path)))
            .timeout(PATIENCE)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
    authorization().ifPresent(value -> request.header("Authorization", value));
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(name + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private static String encoded(String path) {
    return Arrays.stream(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  /** As MLflow's client does it. */
  private Optional<String> authorization() {
    if (credentials.getUsername() != null && credentials.getPassword() != null) {
      String pair = credentials.getUsername() + ":" + credentials.getPassword();
      return Optional.of(
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    return Optional.ofNullable(credentials.getToken()).map(token -> "Bearer " + token);
  }
}
