package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.ExchangeSettings;
import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Why the result of a training depends on how many replicas share its batches. Where nothing is
 * listed, it does not: all losses are those of the global batch, and sums over replicas differ from
 * those of one in the last bits only.
 */
public final class ReplicaDependence {
  /** Methods whose terms compare the rows of a replica's part of the batch. */
  private static final List<TransferSettings.Method> OF_A_PART =
      List.of(
          TransferSettings.Method.BSS,
          TransferSettings.Method.SUP_CON,
          TransferSettings.Method.BI_TUNING);

  private ReplicaDependence() {}

  /** The reasons that a configuration has, as settings; empty if there is none. */
  public static List<String> reasons(Settings settings) {
    TrainSettings train = settings.train();
    LsgSettings lsg = settings.lsg();
    List<String> reasons = new ArrayList<>();
    if (Backbones.TORCHSCRIPT.equals(train.backbone())) {
      reasons.add("train.backbone = torchscript, whose batch normalisation is each replica's own");
    } else if (train.batchNorm() == TrainSettings.BatchNorm.LOCAL && normalizesBatches(settings)) {
      reasons.add("train.batch-norm = local");
    }
    if (lsg.enabled() && lsg.batchGraph() == LsgSettings.BatchGraph.LOCAL) {
      reasons.add("lsg.batch-graph = local");
    }
    for (TransferSettings.Method method : OF_A_PART) {
      if (train.transfer().uses(method)) {
        reasons.add("train.transfer.methods with " + Setting.text(method));
      }
    }
    if (train.exchange().dtype() == ExchangeSettings.Wire.BFLOAT16) {
      reasons.add("train.exchange.dtype = bfloat16, which rounds each replica's gradient");
    }
    return List.copyOf(reasons);
  }

  private static boolean projects(Settings settings) {
    return settings.lsg().enabled() || settings.train().transfer().projects();
  }

  /** Whether backbone or projector has batch normalisation. */
  private static boolean normalizesBatches(Settings settings) {
    return Backbones.normalizesBatches(settings.train().backbone())
        || (projects(settings) && settings.lsg().projector() == LsgSettings.Projector.MLP);
  }
}
