package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.torch.NativeTorch;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The command as a whole, on the processor. */
class GpuCheckCommandTest {
  /** Exit code, and what went to standard output. */
  private record Outcome(int code, String out) {}

  private static Outcome lsg(String... arguments) {
    PrintStream original = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      return new Outcome(Lsg.execute(arguments), captured.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(original);
    }
  }

  @Tag("long-4")
  @Test
  void theProcessorComputesWhatItShould() throws Exception {
    Outcome outcome =
        lsg(
            "gpu-check",
            "--device",
            "cpu",
            "--json",
            "--conf",
            "spark.executor.resource.gpu.discoveryScript=../submit/gpu-discovery.sh");
    assertThat(outcome.code()).as(outcome.out()).isZero();
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("device").asText()).isEqualTo("cpu");
    assertThat(json.path("failed").asInt()).isZero();
    List<String> checks = new ArrayList<>();
    json.path("checks").forEach(row -> checks.add(row.path("check").asText()));
    assertThat(checks)
        .contains(
            "cuda libraries",
            "discovery script",
            "product of matrices on cpu",
            "resnet18 bfloat16, channels last",
            "lsg branch, gradients",
            "optimiser, 5 steps",
            "copy to the device",
            "step, resnet18 float32",
            "gloo, 1 replica",
            "gloo, 2 replicas")
        .doesNotHaveDuplicates();
  }

  @Test
  void aCardThatIsMissingIsExitFour() {
    org.junit.jupiter.api.Assumptions.assumeFalse(NativeTorch.cudaAvailable());
    Outcome outcome = lsg("gpu-check", "--device", "cuda");
    assertThat(outcome.code()).isEqualTo(4);
    assertThat(outcome.out())
        .containsPattern("fail +card .*a card was asked for, but this libtorch sees no CUDA device")
        .containsPattern("fail +cuda libraries .*this is the CPU build of libtorch")
        .containsPattern("not run +computations")
        .containsPattern("device: none");
    assertThat(lsg("gpu-check", "--device", "tpu").code()).isEqualTo(2);
  }
}
