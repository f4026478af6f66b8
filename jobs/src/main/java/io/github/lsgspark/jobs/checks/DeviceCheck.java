package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.TrainSettings.Device;
import io.github.lsgspark.embedding.LabelEncoders;
import io.github.lsgspark.torch.ComputeDevice;
import java.util.OptionalInt;

/**
 * Whether this process has the GPU that is asked for. Which ones a cluster's executors have is
 * known only there.
 */
final class DeviceCheck implements Check {
  @Override
  public void run(Plan plan, Findings findings) {
    if (!plan.isLocal()) {
      return;
    }
    for (Planned planned : plan.planned()) {
      boolean model = LabelEncoders.of(planned.settings()).isPretrained();
      boolean network =
          planned.makes().contains(Part.TRAIN) || planned.makes().contains(Part.FEATURES);
      if (network || (model && planned.makes().contains(Part.EMBED))) {
        require(planned.settings().train().device(), "train.device", findings);
      }
      if (planned.makes().contains(Part.GCN)) {
        require(planned.settings().gcn().device(), "gcn.device", findings);
      }
    }
  }

  private static void require(Device device, String key, Findings findings) {
    if (device == Device.CUDA) {
      findings.look(key, () -> ComputeDevice.resolve(device, OptionalInt.empty(), key));
    }
  }
}
