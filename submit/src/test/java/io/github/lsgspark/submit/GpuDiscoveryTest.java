package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script that tells Spark of GPUs, with an nvidia-smi that says what a machine might. */
class GpuDiscoveryTest {
  private static final String THREE_CARDS =
      """
      GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5aaa0000-1111)
      GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-5bbb0000-1111)
      GPU 2: NVIDIA A100-SXM4-40GB (UUID: GPU-6ccc0000-1111)
      """;

  private static final String PARTED =
      """
      GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5aaa0000-1111)
        MIG 3g.20gb     Device  0: (UUID: MIG-aaaa)
        MIG 3g.20gb     Device  1: (UUID: MIG-bbbb)
      """;

  @TempDir Path folder;

  private Outcome discovered(String cards, String visible) throws Exception {
    Path list = Files.writeString(folder.resolve("cards"), cards);
    Path smi = folder.resolve("nvidia-smi");
    Files.writeString(smi, "#!/bin/sh\n[ \"$1\" = -L ] && cat '" + list + "'\n");
    assertThat(smi.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", folder + ":" + System.getenv("PATH"));
    environment.put("CUDA_VISIBLE_DEVICES", "");
    // An empty value takes a variable away here, and is one of its own there.
    String set = visible == null ? "" : "export CUDA_VISIBLE_DEVICES='" + visible + "'; ";
    return Shell.run(
        folder,
        environment,
        "bash",
        "-c",
        set + "exec '" + Shell.HOME.resolve("submit/gpu-discovery.sh") + "'");
  }

  /** As CUDA counts what it shows, from 0, whatever the cards are called. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      value = {
        "unset, 0 1 2",
        "'', ''",
        "-1, ''",
        "NoDevFiles, ''",
        "2, 0",
        "'2,0', 0 1",
        "'0, 7,1', 0",
        "'1,1', 0",
        "'1,x,2', 0",
        "GPU-5bbb0000-1111, 0",
        "'GPU-6ccc,GPU-5a', 0 1",
        "GPU-5, ''",
        "GPU-9999, ''",
        "MIG-aaaa, ''",
      })
  void placesAmongTheVisibleCards(String visible, String places) throws Exception {
    assertPlaces(discovered(THREE_CARDS, visible), places);
  }

  /** A process sees one instance of a card that is divided, however many are named. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      value = {
        "unset, 0",
        "MIG-aaaa, 0",
        "'MIG-aaaa,MIG-bbbb', 0",
        "MIG-cccc, ''",
        "0, 0",
        "MIG-GPU-5aaa0000-1111/1/0, 0",
      })
  void oneInstanceOfADividedCard(String visible, String places) throws Exception {
    assertPlaces(discovered(PARTED, visible), places);
  }

  private static void assertPlaces(Outcome outcome, String places) {
    assertThat(outcome.code()).as(outcome.log()).isZero();
    String addresses = places.isEmpty() ? "" : "\"" + places.replace(" ", "\", \"") + "\"";
    assertThat(outcome.out())
        .isEqualTo("{\"name\": \"gpu\", \"addresses\": [" + addresses + "]}\n");
    assertThat(outcome.log().isEmpty()).isEqualTo(!places.isEmpty());
  }

  @Test
  void whereThereIsNoCardTheScriptFails() throws Exception {
    Outcome outcome = discovered("", null);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.log()).contains("no GPU here");
  }
}
