package io.github.lsgspark.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/** The cards that this process sees, and what its libtorch was built with. */
public final class CudaDevices {
  private CudaDevices() {}

  /** All that are usable, in libtorch's order. */
  public static List<ComputeDevice> all() {
    List<ComputeDevice> devices = new ArrayList<>();
    int count = NativeTorch.cudaAvailable() ? torch.cuda_device_count() : 0;
    for (int i = 0; i < count; i++) {
      devices.add(ComputeDevice.cuda(i));
    }
    return devices;
  }

  /** Waits until a card has done what it was given; the processor does so at once. */
  public static void synchronize(ComputeDevice device) {
    if (device.isCuda()) {
      torch.cuda_synchronize(device.index());
    }
  }

  /** The most that libtorch's tensors took of a card's memory at a time, in bytes. */
  public static long peakBytes(ComputeDevice device) {
    try (PointerScope scope = new PointerScope()) {
      return torch.getDeviceStats((byte) device.index()).allocated_bytes().peak();
    }
  }

  /**
   * Versions of cuDNN as cuDNN counts them, such as 91900 for 9.19.0.
   *
   * @param built with which libtorch was compiled
   * @param found that was loaded
   */
  public record CudnnVersions(long built, long found) {}

  /** Those of cuDNN, which must be loaded; empty for the CPU build. */
  public static Optional<CudnnVersions> cudnn() {
    NativeTorch.load();
    return torch.hasCUDA()
        ? Optional.of(new CudnnVersions(Context.versionCuDNN(), Context.versionRuntimeCuDNN()))
        : Optional.empty();
  }
}
