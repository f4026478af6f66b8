package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.CpuFeatures;
import io.github.lsgspark.torch.CudaDevices;
import io.github.lsgspark.torch.NativeTorch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** All checks of this machine, in order: first what is there, then what it computes. */
public final class GpuCheck {
  /** The check for a card that can be used. */
  public static final String CARD = "card";

  private static final String COMPUTATIONS = "computations";

  private final Request request;
  private final CheckRows rows;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private Optional<CudaLibraries> libraries = Optional.empty();
  private List<ComputeDevice> cards = List.of();

  /** A device that is asked for. */
  public enum Device {
    CPU,
    CUDA
  }

  /**
   * What to check.
   *
   * @param device empty: a card if there is one
   * @param full whether more and larger networks are computed
   * @param gpusPerExecutor cluster.gpus-per-executor
   * @param script Spark's resource discovery script, if it is known
   */
  public record Request(
      Optional<Device> device, boolean full, int gpusPerExecutor, Optional<Path> script) {
    private boolean asks(Device wanted) {
      return device.equals(Optional.of(wanted));
    }
  }

  private GpuCheck(Request request, Consumer<CheckRow> told) {
    this.request = request;
    this.rows = new CheckRows(told);
  }

  /**
   * Makes all checks.
   *
   * @param told hears of each row at once
   */
  public static GpuReport run(Request request, Consumer<CheckRow> told) {
    return new GpuCheck(request, told).all();
  }

  /**
   * The short form: libraries, cards, and on each a product and a convolution.
   *
   * @param asked whether a card is asked for
   */
  public static GpuReport inShort(boolean asked) {
    Optional<Device> device = asked ? Optional.of(Device.CUDA) : Optional.empty();
    GpuCheck check = new GpuCheck(new Request(device, false, 0, Optional.empty()), row -> {});
    if (check.environment()) {
      check.cards.forEach(check::product);
    }
    return check.report(check.cards.isEmpty() ? "none" : "cuda");
  }

  private GpuReport all() {
    boolean loaded = environment();
    boolean onCpu = request.asks(Device.CPU);
    driver();
    rows.add(DiscoveryCheck.row(request.script(), counted(loaded)));
    if (onCpu || (cards.isEmpty() && !request.asks(Device.CUDA))) {
      rows.add(CheckRow.notRun("cards of one executor", "no card is checked"));
    } else {
      ExecutorCheck.run(
          cards.size(),
          request.gpusPerExecutor(),
          Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")),
          Cards.here(),
          rows);
    }
    if (!loaded) {
      rows.add(CheckRow.notRun(COMPUTATIONS, "libtorch cannot be loaded"));
    } else if (onCpu) {
      ComputeDevice cpu = ComputeDevice.cpu();
      compute(cpu, List.of(cpu, cpu));
    } else if (cards.isEmpty()) {
      rows.add(
          CheckRow.notRun(
              COMPUTATIONS,
              "libtorch sees no card; lsg gpu-check --device cpu checks those of the processor"));
    } else {
      compute(cards.get(0), cards);
    }
    return report(onCpu ? "cpu" : cards.isEmpty() ? "none" : "cuda");
  }

  private GpuReport report(String device) {
    return new GpuReport(device, Map.copyOf(facts), rows.all());
  }

  /**
   * Libraries, libtorch and cards.
   *
   * @return whether libtorch could be loaded
   */
  private boolean environment() {
    facts.put("processor", CpuFeatures.description());
    rows.guarded(
        "cuda libraries",
        all -> {
          List<Path> build = NativeTorch.cudaBuild();
          if (!build.isEmpty()) {
            libraries = Optional.of(CudaLibraries.of(build, LibrarySearch.here()));
          }
          LibrariesCheck.run(libraries, needsCard(), all);
        });
    try {
      NativeTorch.load();
    } catch (LsgException e) {
      rows.add(CheckRow.failed("libtorch", e.getMessage()));
      return false;
    }
    facts.putAll(NativeTorch.facts());
    rows.add(
        NativeTorch.cudaProblem()
            .map(problem -> CheckRow.failed("libtorch", "its CUDA part does not load: " + problem))
            .orElseGet(
                () ->
                    CheckRow.passed(
                        "libtorch",
                        facts.get("libtorch") + ", convolutions " + facts.get("convolutions"))));
    rows.guarded("cudnn", LibrariesCheck::cudnn);
    rows.guarded(
        CARD,
        all -> {
          cards = CudaDevices.all();
          card(all);
        });
    return true;
  }

  /** Whether there must be a card: it is asked for, or something here is made for one. */
  private boolean needsCard() {
    return request.asks(Device.CUDA)
        || (request.device().isEmpty() && (libraries.isPresent() || Cards.signs()));
  }

  private void card(CheckRows all) {
    if (request.asks(Device.CPU)) {
      all.add(CheckRow.notRun(CARD, "the processor was asked for"));
    } else if (!cards.isEmpty()) {
      all.add(CheckRow.passed(CARD, "libtorch sees " + cards.size()));
    } else if (needsCard()) {
      String why =
          request.asks(Device.CUDA)
              ? "a card was asked for, but this libtorch sees no CUDA device"
              : "this libtorch sees no CUDA device, though "
                  + (libraries.isPresent()
                      ? "it is the CUDA build"
                      : "this machine has an NVIDIA driver or card");
      String visible = System.getenv("CUDA_VISIBLE_DEVICES");
      all.add(
          CheckRow.failed(
              CARD, why + (visible == null ? "" : " (CUDA_VISIBLE_DEVICES=" + visible + ")")));
    } else {
      all.add(CheckRow.notRun(CARD, "there is none here that libtorch sees"));
    }
  }

  private void driver() {
    if (request.asks(Device.CPU)) {
      rows.add(CheckRow.notRun("driver", "the processor was asked for"));
    } else if (libraries.isEmpty()) {
      rows.add(CheckRow.notRun("driver", "the CPU build of libtorch needs none"));
    } else {
      rows.add(DriverCheck.row(Cards.here().driver(), libraries.get().cuda(), !cards.isEmpty()));
    }
  }

  private OptionalInt counted(boolean loaded) {
    return loaded && libraries.isPresent() ? OptionalInt.of(cards.size()) : OptionalInt.empty();
  }

  private void product(ComputeDevice device) {
    rows.guarded("product on " + device, new ProductCheck(Trial.of(device, false))::run);
  }

  /**
   * @param device of most checks
   * @param members of the collective; a product is computed on each
   */
  private void compute(ComputeDevice device, List<ComputeDevice> members) {
    Trial trial = Trial.of(device, request.full());
    members.stream().distinct().forEach(this::product);
    rows.guarded("networks", new NetworksCheck(trial)::run);
    rows.guarded("lsg branch", new BranchCheck(trial)::run);
    rows.guarded("optimiser", new OptimizerCheck(trial)::run);
    rows.guarded("speed", new SpeedCheck(trial)::run);
    CollectiveProcess.run(members, rows);
  }
}
