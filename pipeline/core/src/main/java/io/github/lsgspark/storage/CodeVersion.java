package io.github.lsgspark.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;

/**
 * Which version of some code is running, by its class files: for the keys of caches, whose values
 * are wrong when the code that made them was.
 */
public final class CodeVersion {
  private CodeVersion() {}

  /**
   * Of all classes and resources in the packages of some classes and below them.
   *
   * @param members one class of each package, of this program or of a library
   */
  public static Fingerprint of(List<Class<?>> members) {
    Fingerprint.Builder version = Fingerprint.builder("code");
    for (Class<?> member : members) {
      version.add(member.getPackageName(), checksums(member));
    }
    return version.build();
  }

  private static TreeMap<String, Long> checksums(Class<?> member) {
    String folder = member.getPackageName().replace('.', '/') + "/";
    CodeSource source = member.getProtectionDomain().getCodeSource();
    try {
      Path place = Path.of(source.getLocation().toURI());
      return Files.isDirectory(place) ? ofFolder(place, folder) : ofJar(place, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(source.getLocation() + ": " + e.getMessage(), e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(source.getLocation() + " is no place", e);
    }
  }

  private static TreeMap<String, Long> ofJar(Path jar, String folder) throws IOException {
    TreeMap<String, Long> checksums = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.stream()
          .filter(entry -> entry.getName().startsWith(folder) && !entry.isDirectory())
          .forEach(entry -> checksums.put(entry.getName(), entry.getCrc()));
    }
    return checksums;
  }

  private static TreeMap<String, Long> ofFolder(Path root, String folder) throws IOException {
    TreeMap<String, Long> checksums = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root.resolve(folder))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        CRC32 checksum = new CRC32();
        checksum.update(Files.readAllBytes(file));
        checksums.put(root.relativize(file).toString(), checksum.getValue());
      }
    }
    return checksums;
  }
}
