package io.github.lsgspark.jobs.gpucheck;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the loader, and JavaCPP before it, would find a library by its name. */
final class LibrarySearch {
  /** What JavaCPP looks through for the libraries that libtorch's CUDA build needs. */
  private static final List<String> JAVACPP =
      List.of(
          "/usr/local/cuda-13.1/lib64",
          "/usr/local/cuda-13.1/extras/CUPTI/lib64",
          "/usr/local/cuda/lib64",
          "/usr/local/cuda/extras/CUPTI/lib64",
          "/usr/lib64");

  /** The loader's own. */
  private static final List<String> LOADER =
      List.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64");

  /** A line of ldconfig -p: a name, for which processors, where it lies. */
  private static final Pattern CACHED = Pattern.compile("\\s*(\\S+) \\(libc6,x86-64.*\\) => (/.*)");

  private final List<Path> folders;
  private final Map<String, Path> cached;

  /**
   * @param cached what the loader's cache has, by name
   */
  LibrarySearch(List<Path> folders, Map<String, Path> cached) {
    this.folders = List.copyOf(folders);
    this.cached = Map.copyOf(cached);
  }

  /** For this process. */
  static LibrarySearch here() {
    List<Path> folders = new ArrayList<>();
    for (String variable :
        List.of(
            System.getenv().getOrDefault("LD_LIBRARY_PATH", ""),
            System.getProperty("java.library.path", ""))) {
      for (String folder : variable.split(File.pathSeparator)) {
        if (!folder.isBlank()) {
          folders.add(Path.of(folder));
        }
      }
    }
    JAVACPP.forEach(folder -> folders.add(Path.of(folder)));
    LOADER.forEach(folder -> folders.add(Path.of(folder)));
    Map<String, Path> cached = new HashMap<>();
    for (String program : List.of("/sbin/ldconfig", "/usr/sbin/ldconfig", "ldconfig")) {
      Optional<ShellOutput> output = ShellOutput.of(Map.of(), program, "-p");
      if (output.isPresent() && output.get().code() == 0) {
        cached.putAll(cache(output.get().out()));
        break;
      }
    }
    return new LibrarySearch(folders, cached);
  }

  /** What ldconfig -p printed: the first of each name is the one that is loaded. */
  static Map<String, Path> cache(String printed) {
    Map<String, Path> cached = new HashMap<>();
    printed
        .lines()
        .forEach(
            line -> {
              Matcher parts = CACHED.matcher(line);
              if (parts.matches()) {
                cached.putIfAbsent(parts.group(1), Path.of(parts.group(2)));
              }
            });
    return cached;
  }

  /**
   * The file of a library.
   *
   * @param runPath of the library that needs it
   */
  Optional<Path> find(String name, List<String> runPath) {
    for (String folder : runPath) {
      Path file = Path.of(folder).resolve(name);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.ofNullable(cached.get(name)).filter(Files::isRegularFile);
  }
}
