package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.gcn.GcnWeights;
import io.github.lsgspark.storage.FileParts;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.TowerBackbones;
import io.github.lsgspark.tower.TowerDirectory;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Whether files of weights are what the networks can read, by their headers: names, shapes and
 * element types, as far as they are known before any stage.
 */
final class WeightsCheck implements Check {
  /** They read files of weights, and none of another kind. */
  private static final Set<Part> WEIGHTS = EnumSet.of(Part.GCN, Part.FEATURES, Part.TRAIN);

  private static final byte[] ZIP = {'P', 'K', 3, 4};

  @Override
  public void run(Plan plan, Findings findings) {
    Set<String> done = new HashSet<>();
    for (Planned planned : plan.planned()) {
      for (Input input : Input.of(planned)) {
        String path = input.path().apply(planned.settings());
        if (WEIGHTS.contains(input.part())
            && planned.makes().contains(input.part())
            && findings.isSound(path)
            && done.add(input.key() + " " + path + " " + network(planned.settings()))) {
          findings.look(path, () -> look(plan, planned.settings(), input, path));
        }
      }
    }
  }

  /** What the same file may fit or not. */
  private static String network(Settings settings) {
    return settings.train().backbone()
        + " "
        + settings.train().partialWeights()
        + " "
        + Arrays.toString(views(settings))
        + " "
        + settings.labels().file();
  }

  /** Shape of a view. */
  private static long[] views(Settings settings) {
    return InputSpec.of(settings, TrainSettings.Normalization.IMAGENET).shape();
  }

  private static void look(Plan plan, Settings settings, Input input, String path) {
    String name = input.key() + ": " + path;
    boolean network = input.part() != Part.GCN;
    if (TowerDirectory.isDirectory(plan.files(), path)) {
      lookInto(plan, settings, network, path, name);
      return;
    }
    if (network && Backbones.TORCHSCRIPT.equals(settings.train().backbone())) {
      byte[] start =
          FileParts.read(
              plan.files(), path, (bytes, size) -> bytes.at(0, (int) Math.min(size, ZIP.length)));
      if (!Arrays.equals(start, ZIP)) {
        throw LsgException.input(name + ": is no TorchScript archive");
      }
      return;
    }
    Safetensors.Outline outline = Safetensors.outline(plan.files(), path, name);
    if (network) {
      PretrainedWeights.requireFit(settings.train(), views(settings), outline, name);
    } else {
      GcnWeights.requireFit(outline.entries(), classes(plan, settings), name);
    }
  }

  /** A directory is for a network that its files describe. */
  private static void lookInto(
      Plan plan, Settings settings, boolean network, String path, String name) {
    if (!network || !settings.train().backbone().equals(TowerBackbones.AUTO)) {
      throw LsgException.input(
          name
              + ": is a folder, not a file"
              + (network
                  ? "; train.backbone = auto reads config.json and model.safetensors in it"
                  : ""));
    }
    PretrainedWeights.requireFit(
        settings.train(), views(settings), TowerDirectory.open(plan.files(), path).outline(), name);
  }

  private static OptionalInt classes(Plan plan, Settings settings) {
    return plan.labels(settings).map(set -> OptionalInt.of(set.size())).orElse(OptionalInt.empty());
  }
}
