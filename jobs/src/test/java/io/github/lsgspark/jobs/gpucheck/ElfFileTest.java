package io.github.lsgspark.jobs.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {
  @TempDir Path folder;

  /** Java's own libraries are such files, as compilers make them. */
  @Test
  void aRealLibrarySaysWhatItNeedsAndHas() throws IOException {
    Path library = Path.of(System.getProperty("java.home"), "lib", "libjava.so");
    ElfFile read = ElfFile.read(library);
    assertThat(read.needed()).contains("libjvm.so", "libc.so.6");
    assertThat(read.defined()).contains("JNU_ThrowByName");
    assertThat(read.wanted()).contains("JVM_GetArrayLength").doesNotContain("JNU_ThrowByName");
    assertThat(read.runPath()).contains(library.getParent().toString());
  }

  @Test
  void whatMayBeMissingIsNotWanted() throws IOException {
    Path file =
        new TinyElf()
            .needs("libcudart.so.13")
            .looksIn("$ORIGIN:/usr/local/cuda/lib64")
            .has("own")
            .calls("cudaMalloc")
            .callsIfThere("cudaNew")
            .write(folder.resolve("libtiny.so"));
    ElfFile read = ElfFile.read(file);
    assertThat(read.needed()).containsExactly("libcudart.so.13");
    assertThat(read.runPath()).containsExactly(folder.toString(), "/usr/local/cuda/lib64");
    assertThat(read.defined()).containsExactly("own");
    assertThat(read.wanted()).containsExactly("cudaMalloc");
  }

  @Test
  void anythingElseIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "INPUT(libcudart.so.13)".repeat(9));
    assertThatThrownBy(() -> ElfFile.read(text)).hasMessageContaining("no library for this");
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> ElfFile.read(empty)).hasMessageContaining("no library for this");
    byte[] whole =
        Files.readAllBytes(Path.of(System.getProperty("java.home"), "lib", "libjava.so"));
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> ElfFile.read(cut))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut off");
  }
}
