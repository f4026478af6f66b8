package io.github.lsgspark.jobs.gpucheck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether all is there that a CUDA build of libtorch takes from CUDA: the libraries that its own
 * are linked to and those that these are, what cuDNN and the runtime open while they work, and
 * every function by its name.
 *
 * @param cuda number of CUDA that the build is for, such as 13; 0 if it does not say
 * @param found each library and where it lies
 * @param problems a sentence for each piece that is missing
 */
record CudaLibraries(int cuda, Map<String, Path> found, List<String> problems) {
  private static final String CUDNN = "libcudnn.so.9";

  /** Not linked, but opened at work: the driver, and the parts of cuDNN. */
  private static final List<String> OPENED_LATER =
      List.of(
          "libcuda.so.1",
          "libcudnn_graph.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_cnn.so.9",
          "libcudnn_adv.so.9",
          "libcudnn_heuristic.so.9",
          "libcudnn_engines_precompiled.so.9",
          "libcudnn_engines_runtime_compiled.so.9");

  private static final String RUNTIME = "libcudart.so.";
  private static final int NAMED_FUNCTIONS = 3;

  /**
   * Looks for everything.
   *
   * @param torch the build's own libraries
   */
  static CudaLibraries of(List<Path> torch, LibrarySearch search) {
    return new Walk(search).from(torch);
  }

  private static final class Walk {
    private final LibrarySearch search;
    private final Map<String, Path> found = new LinkedHashMap<>();
    private final Map<String, String> missing = new TreeMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private final Set<String> wanted = new TreeSet<>();
    private final Set<String> defined = new HashSet<>();
    private final Deque<ElfFile> open = new ArrayDeque<>();
    private int cuda;

    Walk(LibrarySearch search) {
      this.search = search;
    }

    CudaLibraries from(List<Path> torch) {
      for (Path file : torch) {
        read(file)
            .ifPresent(
                library -> {
                  library.wanted().stream()
                      .filter(name -> !CudaPackages.ofFunction(name).isEmpty())
                      .forEach(wanted::add);
                  defined.addAll(library.defined());
                  open.add(library);
                });
      }
      while (!open.isEmpty()) {
        ElfFile library = open.remove();
        library.needed().forEach(name -> need(name, library));
      }
      List<String> runPath =
          found.containsKey(CUDNN)
              ? List.of(String.valueOf(found.get(CUDNN).toAbsolutePath().getParent()))
              : List.of();
      OPENED_LATER.stream()
          .filter(name -> !found.containsKey(name) && !missing.containsKey(name))
          .forEach(name -> look(name, runPath, "libtorch at work"));
      List<String> problems = new ArrayList<>();
      missing.forEach(
          (name, by) ->
              problems.add(name + " is missing, which " + by + " needs: " + CudaPackages.of(name)));
      problems.addAll(unreadable);
      problems.addAll(functions());
      return new CudaLibraries(cuda, found, problems);
    }

    private void need(String name, ElfFile by) {
      if (cuda == 0 && name.matches("libcudart\\.so\\.\\d+")) {
        cuda = Integer.parseInt(name.substring(RUNTIME.length()));
      }
      if (CudaPackages.isCuda(name) && !found.containsKey(name) && !missing.containsKey(name)) {
        look(name, by.runPath(), String.valueOf(by.path().getFileName()));
      }
    }

    private void look(String name, List<String> runPath, String by) {
      Optional<Path> file = search.find(name, runPath);
      if (file.isEmpty()) {
        missing.put(name, by);
        return;
      }
      found.put(name, file.get());
      read(file.get())
          .ifPresent(
              library -> {
                defined.addAll(library.defined());
                open.add(library);
              });
    }

    private Optional<ElfFile> read(Path file) {
      try {
        return Optional.of(ElfFile.read(file));
      } catch (IOException e) {
        unreadable.add(file + " cannot be read: " + e.getMessage());
        return Optional.empty();
      }
    }

    /** Functions that no library has, though the one that they are of is there. */
    private List<String> functions() {
      Map<String, List<String>> lacking = new TreeMap<>();
      for (String name : wanted) {
        String library = CudaPackages.ofFunction(name);
        if (!defined.contains(name) && there(library)) {
          lacking.computeIfAbsent(library, none -> new ArrayList<>()).add(name);
        }
      }
      List<String> sentences = new ArrayList<>();
      lacking.forEach(
          (library, names) ->
              sentences.add(
                  "%s lacks %d functions that libtorch calls (%s%s): it is of another version, %s"
                      .formatted(
                          there(library, found),
                          names.size(),
                          String.join(
                              ", ", names.subList(0, Math.min(NAMED_FUNCTIONS, names.size()))),
                          names.size() > NAMED_FUNCTIONS ? ", …" : "",
                          CudaPackages.of(library + ".so"))));
      return sentences;
    }

    private boolean there(String library) {
      return found.keySet().stream().anyMatch(name -> name.startsWith(library + ".so"));
    }

    private static String there(String library, Map<String, Path> found) {
      return found.entrySet().stream()
          .filter(entry -> entry.getKey().startsWith(library + ".so"))
          .map(entry -> entry.getValue().toString())
          .findFirst()
          .orElse(library);
    }
  }
}
