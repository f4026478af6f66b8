package io.github.lsgspark.jobs.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.jobs.gpucheck.CheckRow.Result;
import io.github.lsgspark.jobs.gpucheck.NetworksCheck.Tried;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.NativeTorch;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each computation passes on the processor, and fails where its result is not right. */
class DamagedResultsTest {
  private static final ComputeDevice CPU = ComputeDevice.cpu();

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** Ways in which a device computes wrongly. */
  enum Damage {
    /** Every number is a thousandth off: more than float32, less than TF32 may. */
    SCALED(false, values -> scaled(values, 1.001)),
    ONE_IS_NO_NUMBER(true, values -> with(values, Double.NaN)),
    ZEROS(true, values -> new double[values.length]);

    /** Whether bfloat16 shows it. */
    private final boolean coarse;

    private final UnaryOperator<double[]> seen;

    Damage(boolean coarse, UnaryOperator<double[]> seen) {
      this.coarse = coarse;
      this.seen = seen;
    }
  }

  private static double[] scaled(double[] values, double factor) {
    double[] changed = values.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] *= factor;
    }
    return changed;
  }

  private static double[] with(double[] values, double value) {
    double[] changed = values.clone();
    changed[changed.length / 2] = value;
    return changed;
  }

  private static List<CheckRow> checks(Trial trial) {
    CheckRows rows = new CheckRows(row -> {});
    rows.guarded("product", new ProductCheck(trial)::run);
    rows.guarded("branch", new BranchCheck(trial)::run);
    rows.guarded("optimiser", new OptimizerCheck(trial)::run);
    rows.guarded("collective", new CollectiveCheck(trial, List.of(CPU, CPU))::run);
    return rows.all();
  }

  private static List<CheckRow> networks(Trial trial) {
    CheckRows rows = new CheckRows(row -> {});
    List<Tried> small = List.of(new Tried("small-cnn", true, 3, 32, 32));
    rows.guarded("networks", new NetworksCheck(trial, small)::run);
    return rows.all();
  }

  @ParameterizedTest
  @EnumSource
  void aWrongResultFails(Damage damage) {
    Trial whole = Trial.of(CPU, false);
    Trial damaged = new Trial(CPU, false, damage.seen);
    assertThat(checks(whole))
        .hasSize(7)
        .allSatisfy(row -> assertThat(row.result()).as(row.line()).isEqualTo(Result.PASS));
    assertThat(checks(damaged))
        .hasSize(7)
        .allSatisfy(row -> assertThat(row.result()).as(row.line()).isEqualTo(Result.FAIL));
  }

  @ParameterizedTest
  @EnumSource
  void aWrongNetworkFails(Damage damage) {
    assertThat(networks(Trial.of(CPU, false)))
        .hasSize(6)
        .noneMatch(row -> row.result() == Result.FAIL);
    for (CheckRow row : networks(new Trial(CPU, false, damage.seen))) {
      boolean seen =
          damage.coarse || (row.check().contains("float32") && !row.check().contains("batch norm"));
      Result wanted =
          row.check().contains("tf32") ? Result.NOT_RUN : seen ? Result.FAIL : Result.PASS;
      assertThat(row.result()).as(row.line()).isEqualTo(wanted);
    }
  }
}
