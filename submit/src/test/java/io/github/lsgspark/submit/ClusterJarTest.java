package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jar for spark-submit: what it holds is what its bill of materials and its licences say. */
class ClusterJarTest {
  /** What the build itself writes into the jar. */
  private static final Pattern OWN =
      Pattern.compile(
          "META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|THIRD-PARTY(-NATIVE)?\\.txt|WORDNET\\.txt|sbom/bom\\.json"
              + "|services/.*|maven/io\\.github\\.lsgspark/.*)");

  private static final Pattern NATIVE = Pattern.compile(".*\\.(so(\\.\\d+)*|dll|jnilib|dylib)");

  /** The build folder of module jobs, which made the classes on this test's class path. */
  private static Path target;

  private static Path jar;

  @BeforeAll
  static void find() throws Exception {
    Class<?> program = Class.forName("io.github.lsgspark.jobs.SparkCompatibility");
    target = Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
    target = target.getParent();
    try (var files = Files.newDirectoryStream(target, "lsg-jobs-*-spark.jar")) {
      var found = files.iterator();
      assumeTrue(found.hasNext(), "the build ended before package: no jar");
      jar = found.next();
    }
  }

  /** The class path of the program: jars, and folders of the modules built here. */
  private static List<Path> classPath() throws IOException {
    List<Path> parts = new ArrayList<>();
    parts.add(target.resolve("classes"));
    for (String part : Files.readString(target.resolve("classpath/own")).split(":")) {
      parts.add(Path.of(part.strip()));
    }
    return parts;
  }

  private static List<Path> libraries() throws IOException {
    return classPath().stream()
        .filter(part -> part.toString().endsWith(".jar"))
        .filter(part -> !part.getFileName().toString().startsWith("lsg-"))
        .toList();
  }

  private static Set<String> entries(Path part) throws IOException {
    if (Files.isDirectory(part)) {
      try (var files = Files.walk(part)) {
        return files
            .filter(Files::isRegularFile)
            .map(file -> part.relativize(file).toString())
            .collect(Collectors.toCollection(TreeSet::new));
      }
    }
    try (JarFile file = new JarFile(part.toFile())) {
      return file.stream()
          .filter(entry -> !entry.isDirectory())
          .map(JarEntry::getName)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String text(String entry) throws IOException {
    try (JarFile file = new JarFile(jar.toFile());
        InputStream in = file.getInputStream(file.getJarEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String text(JarFile file, String entry) throws IOException {
    try (var in = file.getInputStream(file.getEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Set<String> lines(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.toSet());
  }

  private static List<? extends Config> components() throws IOException {
    return ConfigFactory.parseString(text("META-INF/sbom/bom.json")).getConfigList("components");
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void theBillOfMaterialsListsEveryLibraryByItsHashAndNoOther() throws Exception {
    assertThat(text("META-INF/sbom/bom.json"))
        .isEqualTo(Files.readString(target.resolve("bom.json")));
    Set<String> listed = new TreeSet<>();
    for (Config component : components()) {
      if (!component.getString("group").equals("io.github.lsgspark")) {
        listed.add(
            component.getConfigList("hashes").stream()
                .filter(hash -> hash.getString("alg").equals("SHA-256"))
                .map(hash -> hash.getString("content"))
                .findFirst()
                .orElse("no hash of " + component.getString("purl")));
      }
    }
    Set<String> used = new TreeSet<>();
    for (Path library : libraries()) {
      used.add(sha256(library));
    }
    assertThat(used).hasSizeGreaterThan(15);
    assertThat(listed).isEqualTo(used);
  }

  @Test
  void nothingIsInsideThatDoesNotComeFromThese() throws Exception {
    Set<String> unknown = entries(jar);
    unknown.removeIf(entry -> OWN.matcher(entry).matches());
    for (Path part : classPath()) {
      unknown.removeAll(entries(part));
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void whatSparkBringsIsNotInside() throws Exception {
    assertThat(entries(jar))
        .contains("io/github/lsgspark/jobs/Lsg.class", "com/typesafe/config/Config.class")
        .noneMatch(
            entry -> entry.matches("(org/apache|org/slf4j|scala|com/fasterxml|io/netty)/.*"));
  }

  @Test
  void everyLibraryIsListedWithItsLicence() throws Exception {
    String list = text("META-INF/THIRD-PARTY.txt");
    for (Config component : components()) {
      if (!component.getString("group").equals("io.github.lsgspark")) {
        assertThat(list)
            .containsPattern(
                "\\(\\S.*\\) .* \\(%s "
                    .formatted(
                        Pattern.quote(
                            String.join(
                                ":",
                                component.getString("group"),
                                component.getString("name"),
                                component.getString("version")))));
      }
    }
    assertThat(list).doesNotContain("Unknown license");
  }

  @Test
  void noticesAndNativeLibrariesAreAccountedFor() throws Exception {
    assertThat(text("META-INF/NOTICE")).isEqualTo(Files.readString(Shell.HOME.resolve("NOTICE")));
    assertThat(text("META-INF/LICENSE")).isEqualTo(Files.readString(Shell.HOME.resolve("LICENSE")));
    Set<String> known = lines(text("META-INF/NOTICE"));
    for (Path library : libraries()) {
      try (JarFile file = new JarFile(library.toFile())) {
        for (String entry : entries(library)) {
          if (entry.matches("(?i)(META-INF/)?NOTICE(\\.\\w+)?")) {
            assertThat(known)
                .as("%s has a notice of its own, which must go into NOTICE", library)
                .containsAll(lines(text(file, entry)));
          }
        }
      }
    }
    String natives = text("META-INF/THIRD-PARTY-NATIVE.txt");
    Set<String> names =
        entries(jar).stream()
            .filter(entry -> NATIVE.matcher(entry).matches())
            .map(entry -> entry.substring(entry.lastIndexOf('/') + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(names).contains("libtorch_cpu.so", "libgomp.so.1");
    assertThat(names).allSatisfy(name -> assertThat(natives).contains(name));
  }
}
