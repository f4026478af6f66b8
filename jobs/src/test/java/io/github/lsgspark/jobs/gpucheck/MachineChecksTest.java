package io.github.lsgspark.jobs.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.jobs.gpucheck.Cards.Card;
import io.github.lsgspark.jobs.gpucheck.CheckRow.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Driver, discovery script and what an executor would get, by what programs print. */
class MachineChecksTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "580.65.06, 13, false, PASS",
    "590.10, 13, false, PASS",
    "570.124.06, 13, false, FAIL",
    "570.124.06, 13, true, PASS",
    "535.54, 12, false, PASS",
    ", 13, false, FAIL",
    ", 13, true, PASS",
  })
  void theDriverMustBeNewEnough(String version, int cuda, boolean seen, Result wanted) {
    CheckRow row = DriverCheck.row(Optional.ofNullable(version), cuda, seen);
    assertThat(row.result()).isEqualTo(wanted);
    if (wanted == Result.FAIL) {
      assertThat(row.note()).contains("needs 580 or newer");
    }
  }

  @Test
  void theKernelsModuleSaysItsVersion() {
    assertThat(
            Cards.version(
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build"
                    + "  (root)\nGCC version:  gcc version 12.2.0\n"))
        .contains("580.65.06");
    assertThat(
            Cards.version(
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.54.03  Tue Jun  6 2023\n"))
        .contains("535.54.03");
    assertThat(Cards.version(" 590.10\n")).contains("590.10");
    assertThat(Cards.version("nothing")).isEmpty();
  }

  @Test
  void nvidiaSmiSaysTheCards() {
    assertThat(
            Cards.parse(
                "0, NVIDIA H200, 143771, 9.0, Disabled\n1, NVIDIA A100, 40960, 8.0, Enabled\n"
                    + "2, Tesla T4, 15360, 7.5, [N/A]\nNo devices were found\n"))
        .containsExactly(
            new Card(0, "NVIDIA H200", 143771, "9.0", false),
            new Card(1, "NVIDIA A100", 40960, "8.0", true),
            new Card(2, "Tesla T4", 15360, "7.5", false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | {\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]} | 2 | PASS",
        "0 | {\"name\": \"gpu\", \"addresses\": [\"3\", \"5\"]} | 2 | FAIL",
        "0 | {\"name\": \"gpu\", \"addresses\": [\"0\"]} | 2 | FAIL",
        "0 | {\"name\": \"gpu\", \"addresses\": []} | 0 | PASS",
        "0 | {\"name\": \"gpu\", \"addresses\": [\"0\"]} | -1 | NOT_RUN",
        "0 | {\"name\": \"gpu\", \"addresses\": [0]} | 1 | FAIL",
        "0 | {\"name\": \"fpga\", \"addresses\": [\"0\"]} | 1 | FAIL",
        "0 | GPU 0 | 1 | FAIL",
        "0 | null | 1 | FAIL",
        "1 | none | 1 | FAIL",
        "1 | none | 0 | PASS",
        "1 | none | -1 | NOT_RUN",
      })
  void theScriptMustCountAsLibtorchDoes(int code, String printed, int counted, Result wanted) {
    OptionalInt cards = counted < 0 ? OptionalInt.empty() : OptionalInt.of(counted);
    assertThat(DiscoveryCheck.judge(new ShellOutput(code, printed + "\n", ""), cards).result())
        .isEqualTo(wanted);
  }

  @Test
  void aScriptIsRun() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("discover"), "echo '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
    assertThat(DiscoveryCheck.row(Optional.of(script), OptionalInt.of(1)).result())
        .isEqualTo(Result.PASS);
    assertThat(DiscoveryCheck.row(Optional.of(folder.resolve("none")), OptionalInt.of(1)).result())
        .isEqualTo(Result.NOT_RUN);
    assertThat(DiscoveryCheck.row(Optional.empty(), OptionalInt.of(1)).note())
        .contains("spark.executor.resource.gpu.discoveryScript");
  }

  @ParameterizedTest
  @CsvSource({"4, 2, false, PASS", "1, 2, false, FAIL", "1, 2, true, FAIL", "1, 0, false, PASS"})
  void anExecutorMustNotAskForMoreCardsThanThereAre(
      int seen, int wanted, boolean parted, Result result) {
    CheckRows rows = new CheckRows(row -> {});
    Cards cards =
        new Cards(Optional.of("580.1"), List.of(new Card(0, "A100", 40960, "8.0", parted)));
    ExecutorCheck.run(seen, wanted, Optional.of("0"), cards, rows);
    assertThat(rows.all()).hasSize(3);
    assertThat(rows.all().get(0).note()).contains("CUDA_VISIBLE_DEVICES=0");
    CheckRow share = rows.all().get(1);
    assertThat(share.result()).isEqualTo(result);
    assertThat(share.note()).contains("cluster.gpus-per-executor = " + wanted);
    assertThat(share.note().contains("MIG")).isEqualTo(parted);
    assertThat(rows.all().get(2).measured()).hasValue(40);
  }
}
