package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.torch.CudaDevices;
import io.github.lsgspark.torch.CudaDevices.CudnnVersions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The rows on CUDA's libraries: a row for each piece that is missing. */
final class LibrariesCheck {
  private static final String CHECK = "cuda libraries";

  /** As cuDNN counts: 91900 is 9.19.0. */
  private static final int MAJOR = 10_000;

  private static final String CPU_BUILD =
      "this is the CPU build of libtorch: put org.bytedeco:pytorch with the classifier"
          + " linux-x86_64-gpu in its place on the class path (docs/gpu.md)";

  private static final String NCCL_CLASSES = "/org/bytedeco/cuda/presets/nccl.class";

  private static final String NO_NCCL_CLASSES =
      "org.bytedeco:cuda is not on the class path, without which JavaCPP loads no NCCL: put its jar,"
          + " of the version that libtorch's CUDA build names, beside that build";

  private LibrariesCheck() {}

  /**
   * @param libraries what was looked for; empty for the CPU build
   * @param needed whether a card is asked for or there
   */
  static void run(Optional<CudaLibraries> libraries, boolean needed, CheckRows rows) {
    if (libraries.isEmpty()) {
      rows.add(
          needed
              ? CheckRow.failed(CHECK, CPU_BUILD)
              : CheckRow.notRun(CHECK, "the CPU build of libtorch needs none"));
      return;
    }
    List<String> problems = libraries.get().problems();
    if (problems.isEmpty()) {
      TreeSet<String> folders = new TreeSet<>();
      for (Path file : libraries.get().found().values()) {
        folders.add(String.valueOf(file.getParent()));
      }
      rows.add(
          CheckRow.passed(
              CHECK,
              "all %d are there, with every function (%s)"
                  .formatted(libraries.get().found().size(), String.join(", ", folders))));
    }
    problems.forEach(problem -> rows.add(CheckRow.failed(CHECK, problem)));
    if (LibrariesCheck.class.getResource(NCCL_CLASSES) == null) {
      rows.add(CheckRow.failed(CHECK, NO_NCCL_CLASSES));
    }
  }

  /** Whether the cuDNN that was loaded is the one that libtorch was built with, or newer. */
  static void cudnn(CheckRows rows) {
    CudaDevices.cudnn().ifPresent(versions -> rows.add(row(versions)));
  }

  static CheckRow row(CudnnVersions versions) {
    boolean fits =
        versions.found() / MAJOR == versions.built() / MAJOR
            && versions.found() >= versions.built();
    String note =
        "%s, and libtorch was built with %s"
            .formatted(name(versions.found()), name(versions.built()));
    return fits
        ? CheckRow.passed("cudnn", note)
        : CheckRow.failed("cudnn", note + ": take that or a newer one of the same first number");
  }

  private static String name(long version) {
    return version / MAJOR + "." + version % MAJOR / 100 + "." + version % 100;
  }
}
