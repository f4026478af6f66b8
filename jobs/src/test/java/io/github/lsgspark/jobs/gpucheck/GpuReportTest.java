package io.github.lsgspark.jobs.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.jobs.gpucheck.CheckRow.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GpuReportTest {
  private static GpuReport report(CheckRow... rows) {
    return new GpuReport("cuda", Map.of("libtorch", "2.10.0"), List.of(rows));
  }

  @Test
  void oneFailureIsExitFour() {
    CheckRow good = CheckRow.atMost("a product", 1e-6, 1e-5, "");
    CheckRow left = CheckRow.notRun("tf32", "only GPUs have it");
    assertThat(report(good, left).exitCode()).isZero();
    assertThat(report(good, left, CheckRow.failed("driver", "none")).exitCode()).isEqualTo(4);
    assertThat(report(good, left).summary())
        .isEqualTo("1 passed, 0 failed, 1 not run (device: cuda)");
  }

  /** What is no number compares with nothing, and must not pass for that. */
  @Test
  void aNumberAboveItsBoundFails() {
    assertThat(CheckRow.atMost("a", 1e-5, 1e-5, "").result()).isEqualTo(Result.PASS);
    assertThat(CheckRow.atMost("a", 1.1e-5, 1e-5, "").result()).isEqualTo(Result.FAIL);
    assertThat(CheckRow.atMost("a", Double.NaN, 1e-5, "").result()).isEqualTo(Result.FAIL);
    assertThat(CheckRow.atMost("a", Double.POSITIVE_INFINITY, 1e-5, "").result())
        .isEqualTo(Result.FAIL);
  }

  @Test
  void theDistanceIsRelative() {
    double[] wanted = {3, 4};
    assertThat(Distance.relative(wanted, new double[] {3, 4})).isZero();
    assertThat(Distance.relative(wanted, new double[] {3, 4.5})).isEqualTo(0.1);
    assertThat(Distance.relative(wanted, new double[] {3, Double.NaN})).isNaN();
    assertThat(Distance.relative(new double[2], new double[2])).isZero();
    assertThat(Distance.relative(new double[2], wanted)).isInfinite();
    assertThatThrownBy(() -> Distance.relative(wanted, new double[3]))
        .hasMessage("there are 3 numbers, but there should be 2");
  }

  @Test
  void theJsonHasEveryRow() throws Exception {
    JsonNode json =
        new ObjectMapper()
            .readTree(
                report(
                        CheckRow.atMost("a product", Double.NaN, 1e-5, "bad").after(0.25),
                        CheckRow.told("copy", 12.5, "GB/s", ""),
                        CheckRow.notRun("tf32", "only GPUs have it"))
                    .json());
    assertThat(json.path("device").asText()).isEqualTo("cuda");
    assertThat(json.path("failed").asInt()).isEqualTo(1);
    assertThat(json.path("not_run").asInt()).isEqualTo(1);
    assertThat(json.path("facts").path("libtorch").asText()).isEqualTo("2.10.0");
    JsonNode first = json.path("checks").path(0);
    assertThat(first.path("result").asText()).isEqualTo("fail");
    assertThat(first.path("measured").isNull()).isTrue();
    assertThat(first.path("bound").asDouble()).isEqualTo(1e-5);
    assertThat(first.path("seconds").asDouble()).isEqualTo(0.25);
    assertThat(json.path("checks").path(1).path("measured").asDouble()).isEqualTo(12.5);
    assertThat(json.path("checks").path(1).path("unit").asText()).isEqualTo("GB/s");
    assertThat(json.path("checks").path(2).path("result").asText()).isEqualTo("not run");
  }

  /** Rows come from another process in this form. */
  @Test
  void aRowIsReadAsItWasWritten() {
    for (CheckRow row :
        List.of(
            CheckRow.atMost("a sum", 1.5, 0, "of two").after(0.5),
            CheckRow.told("copy", 12.5, "GB/s", ""),
            CheckRow.notRun("tf32", "only GPUs have it"))) {
      assertThat(CheckRow.of(row.json())).isEqualTo(row);
    }
  }

  @Test
  void theLinesOfTheTableStandBelowEachOther() {
    assertThat(CheckRow.atMost("a product", 2.5e-6, 1e-5, "").line())
        .matches("pass +a product +2\\.50e-06 +1e-05 +0\\.0");
    assertThat(CheckRow.heading().indexOf("check"))
        .isEqualTo(CheckRow.failed("driver", "none").line().indexOf("driver"));
    assertThat(CheckRow.told("copy", 12.5, "GB/s", "of memory").sentence())
        .isEqualTo("12.50 GB/s, of memory");
  }

  @Test
  void whatIsThrownIsAFailureAndTheNextCheckRuns() {
    List<String> told = new ArrayList<>();
    CheckRows rows = new CheckRows(row -> told.add(row.check()));
    rows.guarded(
        "first",
        all -> {
          throw new IllegalStateException("CUDA error: no kernel image\nstack");
        });
    rows.guarded(
        "second",
        all -> {
          throw LsgException.environment("there is no NCCL", null);
        });
    rows.guarded("third", all -> all.add(CheckRow.passed("third", "")));
    assertThat(told).containsExactly("first", "second", "third");
    assertThat(rows.all())
        .extracting(CheckRow::note)
        .containsExactly(
            "IllegalStateException: CUDA error: no kernel image", "there is no NCCL", "");
  }
}
