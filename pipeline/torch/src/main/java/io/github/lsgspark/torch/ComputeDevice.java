package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors live: the CPU or one CUDA device.
 *
 * @param index CUDA device number, -1 for the CPU
 */
public record ComputeDevice(int index) {
  private static final ComputeDevice CPU = new ComputeDevice(-1);

  /** The CPU. */
  public static ComputeDevice cpu() {
    return CPU;
  }

  /** CUDA device number {@code index}. */
  public static ComputeDevice cuda(int index) {
    return new ComputeDevice(index);
  }

  /** Whether this is a CUDA device. */
  public boolean isCuda() {
    return index >= 0;
  }

  /**
   * The device a replica computes on. Never falls back silently: a requested GPU that is missing is
   * an environment error (exit 4).
   *
   * @param gpuAddress the GPU that the scheduler gave, if any
   * @param key the key of the configuration that {@code wanted} comes from, for the error
   */
  public static ComputeDevice resolve(
      TrainSettings.Device wanted, OptionalInt gpuAddress, String key) {
    NativeTorch.load();
    if (wanted == TrainSettings.Device.CPU) {
      return CPU;
    }
    if (wanted == TrainSettings.Device.AUTO && gpuAddress.isEmpty()) {
      return CPU;
    }
    if (!torch.cuda_is_available()) {
      throw LsgException.environment(
          (gpuAddress.isPresent()
                  ? "the scheduler gave GPU " + gpuAddress.getAsInt()
                  : key + " = cuda was asked for")
              + ", but this libtorch sees no CUDA device. Use the CUDA build of the program on a"
              + " machine with an NVIDIA driver, or set "
              + key
              + " = cpu.",
          null);
    }
    int index = gpuAddress.orElse(0);
    int visible = torch.cuda_device_count();
    if (index >= visible) {
      throw LsgException.environment(
          "GPU " + index + " was asked for, but only " + visible + " are visible", null);
    }
    return cuda(index);
  }

  Device torchDevice() {
    return isCuda() ? new Device("cuda:" + index) : new Device("cpu");
  }

  @Override
  public String toString() {
    return isCuda() ? "cuda:" + index : "cpu";
  }
}
