package io.github.lsgspark.jobs.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.jobs.gpucheck.CheckRow.Result;
import io.github.lsgspark.torch.CudaDevices.CudnnVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A libtorch of a few links and functions, and a folder of CUDA's libraries, whole or not. */
class CudaLibrariesTest {
  private static final List<String> PARTS =
      List.of(
          "graph",
          "ops",
          "cnn",
          "adv",
          "heuristic",
          "engines_precompiled",
          "engines_runtime_compiled");

  @TempDir Path folder;
  private Path cuda;
  private Path torch;

  @BeforeEach
  void write() throws IOException {
    cuda = Files.createDirectory(folder.resolve("cuda"));
    torch =
        new TinyElf()
            .needs("libcudart.so.13", "libcudnn.so.9", "libcusparse.so.12", "libc.so.6")
            .calls("cudaMalloc", "__cudaRegisterVar", "cudnnCreate", "cusparseCreate", "strlen")
            .has("cudnnOfOurs")
            .write(folder.resolve("libtorch_cuda.so"));
    new TinyElf().has("cudaMalloc", "__cudaRegisterVar").write(cuda.resolve("libcudart.so.13"));
    new TinyElf().has("cudnnCreate").write(cuda.resolve("libcudnn.so.9"));
    new TinyElf()
        .needs("libnvJitLink.so.13", "libm.so.6")
        .has("cusparseCreate")
        .write(cuda.resolve("libcusparse.so.12"));
    for (String name : List.of("libnvJitLink.so.13", "libcuda.so.1")) {
      new TinyElf().write(cuda.resolve(name));
    }
    for (String part : PARTS) {
      new TinyElf().write(cuda.resolve("libcudnn_" + part + ".so.9"));
    }
  }

  private CudaLibraries looked() {
    return CudaLibraries.of(List.of(torch), new LibrarySearch(List.of(cuda), Map.of()));
  }

  @Test
  void allThatIsThereIsFound() {
    CudaLibraries libraries = looked();
    assertThat(libraries.problems()).isEmpty();
    assertThat(libraries.cuda()).isEqualTo(13);
    assertThat(libraries.found())
        .hasSize(5 + PARTS.size())
        .containsKeys("libcudart.so.13", "libnvJitLink.so.13", "libcudnn_ops.so.9");
  }

  @Test
  void eachMissingOneIsASentenceWithItsPackage() throws IOException {
    Files.delete(cuda.resolve("libnvJitLink.so.13"));
    Files.delete(cuda.resolve("libcuda.so.1"));
    Files.delete(cuda.resolve("libcudnn_cnn.so.9"));
    assertThat(looked().problems())
        .hasSize(3)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("libnvJitLink.so.13 is missing, which libcusparse.so.12 needs")
                    .contains("libnvjitlink-13-1"))
        .anySatisfy(line -> assertThat(line).contains("libcuda.so.1", "driver", "580"))
        .anySatisfy(line -> assertThat(line).contains("libcudnn_cnn.so.9", "libcudnn9-cuda-13"));
  }

  /** Of the functions that only weak links name nothing is said. */
  @Test
  void anotherVersionLacksFunctions() throws IOException {
    new TinyElf().has("cudnnOld").write(cuda.resolve("libcudnn.so.9"));
    assertThat(looked().problems())
        .singleElement()
        .asString()
        .contains("libcudnn.so.9 lacks 1 functions that libtorch calls (cudnnCreate)");
  }

  @Test
  void emptyFilesAreNoLibraries() throws IOException {
    Files.write(cuda.resolve("libcudart.so.13"), new byte[0]);
    List<String> problems = looked().problems();
    assertThat(problems.get(0)).contains("libcudart.so.13 cannot be read");
    assertThat(problems.get(1)).contains("lacks 2 functions", "__cudaRegisterVar");
  }

  @Test
  void theRowsSayItForTheTable() {
    assertThat(rows(Optional.of(looked()), true).get(0))
        .satisfies(row -> assertThat(row.result()).isEqualTo(Result.PASS))
        .satisfies(row -> assertThat(row.note()).contains("all 12 are there"));
    assertThat(rows(Optional.empty(), true))
        .singleElement()
        .satisfies(row -> assertThat(row.result()).isEqualTo(Result.FAIL))
        .satisfies(row -> assertThat(row.note()).contains("CPU build", "linux-x86_64-gpu"));
    assertThat(rows(Optional.empty(), false))
        .singleElement()
        .satisfies(row -> assertThat(row.result()).isEqualTo(Result.NOT_RUN));
  }

  private static List<CheckRow> rows(Optional<CudaLibraries> libraries, boolean needed) {
    CheckRows rows = new CheckRows(row -> {});
    LibrariesCheck.run(libraries, needed, rows);
    return new ArrayList<>(rows.all());
  }

  @Test
  void anOlderCudnnThanTheBuildsIsWrong() {
    assertThat(LibrariesCheck.row(new CudnnVersions(91900, 91900)).result()).isEqualTo(Result.PASS);
    assertThat(LibrariesCheck.row(new CudnnVersions(91900, 92001)).result()).isEqualTo(Result.PASS);
    CheckRow older = LibrariesCheck.row(new CudnnVersions(91900, 90700));
    assertThat(older.result()).isEqualTo(Result.FAIL);
    assertThat(older.note()).contains("9.7.0", "9.19.0");
    assertThat(LibrariesCheck.row(new CudnnVersions(91900, 100000)).result())
        .isEqualTo(Result.FAIL);
  }

  @Test
  void theLoadersCacheIsRead() throws IOException {
    Path there = new TinyElf().write(folder.resolve("libnccl.so.2"));
    Map<String, Path> cache =
        LibrarySearch.cache(
            "2 libs found in cache `/etc/ld.so.cache'\n"
                + "\tlibnccl.so.2 (libc6,x86-64) => "
                + there
                + "\n\tlibnccl.so.2 (libc6,x86-64) => /later/libnccl.so.2\n"
                + "\tlibcufft.so.12 (libc6) => /usr/lib/i386/libcufft.so.12\n");
    assertThat(cache).containsOnlyKeys("libnccl.so.2").containsValue(there);
    LibrarySearch search = new LibrarySearch(List.of(cuda), cache);
    assertThat(search.find("libnccl.so.2", List.of())).contains(there);
    assertThat(search.find("libcufft.so.12", List.of())).isEmpty();
    assertThat(search.find("libnccl.so.2", List.of(folder.toString()))).contains(there);
  }

  @Test
  void whatIsNotCudasIsNotLookedFor() {
    assertThat(CudaPackages.isCuda("libcurl.so.4")).isFalse();
    assertThat(CudaPackages.isCuda("libcudnn_engines_runtime_compiled.so.9")).isTrue();
    assertThat(CudaPackages.ofFunction("cudnnCreate")).isEqualTo("libcudnn");
    assertThat(CudaPackages.ofFunction("cublasLtMatmul")).isEqualTo("libcublasLt");
    assertThat(CudaPackages.ofFunction("curl_easy_init")).isEmpty();
  }
}
