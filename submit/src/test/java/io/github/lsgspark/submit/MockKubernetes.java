package io.github.lsgspark.submit;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * An API server that keeps what it is given, as Spark's own client sees it, on the loopback
 * address. It has no scheduler and no kubelet: a pod does nothing until a test says what became of
 * it. It checks no rights.
 */
final class MockKubernetes implements AutoCloseable {
  static final String NAMESPACE = "lsg";
  private static final String TEST = "test";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** It has a line for each request. */
  private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

  private final ApiServer api = new ApiServer();
  private final KubernetesMockServer server;
  private final KubernetesClient client;

  MockKubernetes() {
    REQUESTS.setLevel(Level.WARNING);
    server =
        new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), api, false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withAutoConfigure(false)
                    .withMasterUrl("http://127.0.0.1:" + server.getPort())
                    .withNamespace(NAMESPACE)
                    .withUserAgent(TEST)
                    .build())
            .build();
  }

  /** As spark-submit takes it. */
  String master() {
    return "k8s://http://127.0.0.1:" + server.getPort();
  }

  KubernetesClient client() {
    return client;
  }

  /** What others than the test have asked for: verb and resource, as roles name them. */
  Set<String> asked() {
    return api.asked;
  }

  /** The pods of a role (driver, executor). */
  List<Pod> pods(String role) {
    return client.pods().inNamespace(NAMESPACE).withLabel("spark-role", role).list().getItems();
  }

  /**
   * Waits until there are so many pods of a role.
   *
   * @param maker the process that makes them
   */
  List<Pod> awaitPods(String role, int count, Process maker) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Pod> pods = pods(role);
    while (pods.size() < count) {
      if (!maker.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            pods.size() + " pods of role " + role + " came, not " + count);
      }
      Thread.sleep(100);
      pods = pods(role);
    }
    return pods;
  }

  /** Says of a pod that its containers run. */
  void running(Pod pod) {
    status(pod, new PodStatusBuilder().withPhase("Running").withPodIP("127.0.0.1"));
  }

  /** Says of a pod that its program ended, after a sidecar that ended with 9. */
  void end(Pod pod, int exitCode) {
    String program = pod.getSpec().getContainers().get(0).getName();
    status(
        pod,
        new PodStatusBuilder()
            .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
            .addToContainerStatuses(terminated(program, exitCode), terminated("sidecar", 9)));
  }

  /** Says of a pod that its node threw it out, which leaves no word of its containers. */
  void evict(Pod pod) {
    status(pod, new PodStatusBuilder().withPhase("Failed").withReason("Evicted"));
  }

  private void status(Pod pod, PodStatusBuilder status) {
    client.pods().resource(new PodBuilder(pod).withStatus(status.build()).build()).updateStatus();
  }

  private static ContainerStatus terminated(String name, int exitCode) {
    return new ContainerStatusBuilder()
        .withName(name)
        .withNewState()
        .withNewTerminated()
        .withExitCode(exitCode)
        .withReason(exitCode == 0 ? "Completed" : "Error")
        .endTerminated()
        .endState()
        .build();
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }

  /** What an API server does and the client's mock of it does not. */
  private static final class ApiServer extends KubernetesCrudDispatcher {
    private static final Pattern PATH =
        Pattern.compile(
            "/(?:api|apis/networking.k8s.io)/v1/namespaces/"
                + NAMESPACE
                + "/([a-z]+)(/[^/?]+)?(/[a-z]+)?(\\?.*)?");

    private final Set<String> asked = new ConcurrentSkipListSet<>();

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      if (!TEST.equals(request.getHeader("User-Agent"))) {
        asked.add(verbAndResource(request.getMethod(), request.getPath()));
      }
      return super.dispatch(request);
    }

    private static String verbAndResource(String method, String path) {
      Matcher parts = PATH.matcher(path);
      if (!parts.matches()) {
        return method + " " + path;
      }
      boolean one = parts.group(2) != null;
      String verb =
          switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> one ? "delete" : "deletecollection";
            default -> path.contains("watch=true") ? "watch" : one ? "get" : "list";
          };
      return verb + " " + parts.group(1) + (parts.group(3) == null ? "" : parts.group(3));
    }

    /** A pod is pending from the first moment on. */
    @Override
    public MockResponse handleCreate(RecordedRequest request) {
      String body = request.getBody().clone().readUtf8();
      if (!request.getPath().endsWith("/pods") || body.contains("\"phase\"")) {
        return super.handleCreate(request);
      }
      Pod pod = Serialization.unmarshal(body, Pod.class);
      pod.setStatus(new PodStatusBuilder().withPhase("Pending").build());
      return super.handleCreate(as(request.getRequestLine(), Serialization.asJson(pod), request));
    }

    /** A patch by server-side apply makes what is not there. */
    @Override
    public MockResponse handlePatch(RecordedRequest request) {
      if (!String.valueOf(request.getHeader("Content-Type")).contains("apply-patch")) {
        return super.handlePatch(request);
      }
      String path = request.getPath().replaceFirst("\\?.*", "");
      String body =
          Serialization.asJson(
              Serialization.unmarshal(
                  request.getBody().readUtf8(), GenericKubernetesResource.class));
      return handleGet(path).getStatus().contains(" 200 ")
          ? handleUpdate(as("PUT " + path + " HTTP/1.1", body, request))
          : handleCreate(
              as("POST " + path.replaceFirst("/[^/]+$", "") + " HTTP/1.1", body, request));
    }

    /** A watch begins with what is there, which must not change meanwhile. */
    @Override
    public MockResponse handleWatch(String path) {
      MockResponse response = super.handleWatch(path);
      WebSocketListener listener = response.getWebSocketListener();
      if (listener == null) {
        return response;
      }
      return response.withWebSocketUpgrade(
          new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response answer) {
              synchronized (map) {
                listener.onOpen(socket, answer);
              }
            }

            @Override
            public void onClosing(WebSocket socket, int code, String reason) {
              listener.onClosing(socket, code, reason);
            }

            @Override
            public void onClosed(WebSocket socket, int code, String reason) {
              listener.onClosed(socket, code, reason);
            }

            @Override
            public void onFailure(WebSocket socket, Throwable cause, Response answer) {
              listener.onFailure(socket, cause, answer);
            }
          });
    }

    private static RecordedRequest as(String line, String body, RecordedRequest request) {
      Buffer buffer = new Buffer().writeUtf8(body);
      return new RecordedRequest(
          line,
          request.getHeaders(),
          List.of(),
          buffer.size(),
          buffer,
          request.getSequenceNumber(),
          new Socket());
    }
  }
}
