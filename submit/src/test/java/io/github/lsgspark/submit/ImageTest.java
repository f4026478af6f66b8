package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.submit.Shell.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image as far as it goes without building it: its instructions and the folder they take. */
class ImageTest {
  private static final Path BUILD = Shell.HOME.resolve("submit/docker/build");

  @TempDir static Path folder;
  private static Path context;

  /**
   * One instruction of a Dockerfile.
   *
   * @param stage number of the FROM that it belongs to, from 0 on; -1 before the first
   */
  private record Instruction(int stage, String name, String arguments) {}

  @BeforeAll
  static void assemble() throws Exception {
    Outcome outcome = build(Map.of("LSG_NO_BUILD", "1"), "--context-only");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    context = Path.of(outcome.out().strip());
  }

  private static Outcome build(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(BUILD.toString()));
    command.addAll(List.of(arguments));
    return Shell.run(folder, environment, command.toArray(String[]::new));
  }

  private static List<Instruction> instructions() throws IOException {
    List<Instruction> instructions = new ArrayList<>();
    int stage = -1;
    String text =
        Files.readString(context.resolve("Dockerfile"))
            .replaceAll("(?m)^#.*\n", "")
            .replaceAll("\\\\\n", " ");
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      String[] words = line.strip().split("\\s+", 2);
      if (words[0].equals("FROM")) {
        stage++;
      }
      instructions.add(new Instruction(stage, words[0], words[1]));
    }
    return instructions;
  }

  private static List<String> all(String name) throws IOException {
    return instructions().stream()
        .filter(instruction -> instruction.name().equals(name))
        .map(Instruction::arguments)
        .toList();
  }

  private static String property(String name) throws IOException {
    for (String pom : List.of("pom.xml", "submit/pom.xml")) {
      Matcher found =
          Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<")
              .matcher(Files.readString(Shell.HOME.resolve(pom)));
      if (found.find()) {
        return found.group(1);
      }
    }
    throw new IllegalStateException("no property " + name);
  }

  @Test
  void basesArePinnedAndOfOurVersions() throws Exception {
    Map<String, String> bases = new HashMap<>();
    for (Instruction instruction : instructions()) {
      if (instruction.stage() < 0) {
        assertThat(instruction.name()).isEqualTo("ARG");
        String[] words = instruction.arguments().split("=", 2);
        bases.put("${" + words[0] + "}", words[1]);
      }
    }
    List<String> from = all("FROM").stream().map(base -> base.split(" ")[0]).toList();
    assertThat(bases).containsOnlyKeys(from);
    assertThat(bases.values()).allMatch(base -> base.matches("[a-z/-]+:\\d+\\.\\d+\\S*"));
    assertThat(bases.get("${SPARK}"))
        .contains(":" + property("spark.version") + "-scala" + property("scala.binary.version"))
        .contains("java17");
    assertThat(bases.get("${JAVA}")).contains(":17.").contains("-jre-");
    // That CUDA which libtorch's build is of.
    String[] cuda = property("cuda.version").split("[.-]");
    assertThat(Files.readString(BUILD))
        .containsPattern("nvidia/cuda:" + cuda[0] + "\\." + cuda[1] + "\\.\\d+-cudnn-runtime-")
        .contains("cuda-cupti-" + cuda[0] + "-" + cuda[1]);
    assertThat(property("cuda.version")).endsWith(property("pytorch.version").split("-")[1]);
  }

  @Test
  void theProgramIsNobodyAndFindsNoCompiler() throws Exception {
    JsonNode pod = Manifests.document("executor-pod.yaml").at("/spec/securityContext");
    String user = pod.path("runAsUser").asText() + ":" + pod.path("runAsGroup").asText();
    List<Instruction> instructions = instructions();
    int last = instructions.get(instructions.size() - 1).stage();
    List<Instruction> users =
        instructions.stream().filter(instruction -> instruction.name().equals("USER")).toList();
    assertThat(users).containsExactly(new Instruction(last, "USER", user));
    assertThat(all("ENTRYPOINT")).containsExactly("[\"/opt/entrypoint.sh\"]");
    String installed =
        String.join("\n", all("RUN"))
            + all("ARG")
            + Files.readAllLines(BUILD).stream().filter(line -> line.contains("PACKAGES")).toList();
    assertThat(installed)
        .contains("tini", "cuda-cupti")
        .doesNotContainPattern("\\b(gcc|g\\+\\+|make|maven|git|curl|wget|build-essential)( |\"|;)")
        .doesNotContainPattern("-dev\\b|-devel\\b|-jdk\\b");
    // Of Spark's image, only what a driver and an executor need.
    assertThat(all("COPY"))
        .filteredOn(copy -> copy.startsWith("--from=spark"))
        .noneMatch(copy -> copy.contains("python") || copy.contains("examples"));
  }

  @Test
  void theFolderHasWhatIsCopiedWhereTheLauncherLooksForIt() throws Exception {
    Map<String, Path> image = new HashMap<>();
    for (String copy : all("COPY")) {
      if (!copy.startsWith("--")) {
        String[] words = copy.split(" ");
        assertThat(words).hasSize(2);
        Path source = context.resolve(words[0]);
        try (Stream<Path> files = Files.walk(source)) {
          files
              .filter(Files::isRegularFile)
              .forEach(file -> image.put(words[1] + source.relativize(file), file));
        }
      }
    }
    Path config = Files.writeString(folder.resolve("run.conf"), "seed = 1");
    Outcome outcome =
        Shell.run(
            folder,
            Map.of("SPARK_HOME", ""),
            Shell.HOME.resolve("submit/lsg").toString(),
            "run",
            "--config",
            config.toString(),
            "--master",
            "k8s://https://127.0.0.1:6443",
            "--deploy-mode",
            "cluster",
            "--work-dir",
            "file:///work",
            "-D",
            "cluster.gpus-per-executor=1",
            "--conf",
            "spark.kubernetes.container.image=lsg:1",
            "--dry-run=json");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    JsonNode call = new ObjectMapper().readTree(outcome.out());
    String program = call.path("application").asText().replaceFirst("^local://", "");
    assertThat(image).containsKey(program);
    try (JarFile jar = new JarFile(image.get(program).toFile())) {
      assertThat(jar.getEntry(call.path("java_class").asText().replace('.', '/') + ".class"))
          .isNotNull();
      assertThat(jar.getEntry("org/bytedeco/pytorch/linux-x86_64/libtorch_cpu.so")).isNotNull();
    }
    JsonNode conf = call.path("conf");
    Matcher logging =
        Pattern.compile("log4j2.configurationFile=file:(\\S+)")
            .matcher(conf.path("spark.driver.extraJavaOptions").asText());
    assertThat(logging.find()).isTrue();
    assertThat(image).containsKey(logging.group(1));
    String script = conf.path("spark.executor.resource.gpu.discoveryScript").asText();
    assertThat(image).containsKey(script);
    assertThat(Files.isExecutable(image.get(script))).isTrue();
    JsonNode arguments = Manifests.document("spark-application.yaml").at("/spec/arguments");
    assertThat(image).containsKey(arguments.get(2).asText().replaceFirst("^file://", ""));
  }

  @Test
  void theToolIsCalledWithTheFolder() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path tool =
        Files.writeString(
            bin.resolve("podman"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >'" + bin + "/called'\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    Outcome outcome =
        build(
            Map.of("LSG_NO_BUILD", "1", "PATH", bin + ":" + System.getenv("PATH")),
            "--tool",
            "podman",
            "--tag",
            "registry.example/lsg:7",
            "--",
            "--pull");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    assertThat(Files.readAllLines(bin.resolve("called")))
        .startsWith("build", "--tag", "registry.example/lsg:7", "--build-arg")
        .contains(
            "SPARK=apache/spark:%s-scala%s-java17-ubuntu"
                .formatted(
                    org.apache.spark.package$.MODULE$.SPARK_VERSION(), StandaloneCluster.SCALA))
        .anyMatch(word -> word.matches("REVISION=([0-9a-f]{40}|unknown)"))
        .endsWith("--pull", context.toString());
  }

  @Test
  void withoutAToolOrWithAWrongWordItSaysSo() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bare"));
    for (String name : List.of("bash", "env", "readlink", "dirname")) {
      Path found =
          Stream.of(System.getenv("PATH").split(":"))
              .map(path -> Path.of(path, name))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(bin.resolve(name), found);
    }
    Map<String, String> bare = Map.of("PATH", bin.toString(), "LSG_NO_BUILD", "1");
    Outcome none = build(bare);
    assertThat(none.code()).isEqualTo(4);
    assertThat(none.log()).contains("no docker, podman or buildah is in the path");
    Outcome named = build(bare, "--tool", "buildah");
    assertThat(named.code()).isEqualTo(4);
    assertThat(named.log()).contains("buildah is not in the path");
    Outcome wrong = build(bare, "--gpu");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.log()).contains("unknown option --gpu");
  }
}
