package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.gcn.GcnWeights;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.TowerBackbones;
import io.github.lsgspark.tower.TowerDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

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
    FileSystem files = plan.files().fileSystem(path);
    Path file = new Path(path);
    String name = input.key() + ": " + path;
    boolean network = input.part() != Part.GCN;
    if (TowerDirectory.isDirectory(plan.files(), path)) {
      lookInto(plan, settings, network, path, name);
      return;
    }
    try (FSDataInputStream in = files.open(file)) {
      if (network && Backbones.TORCHSCRIPT.equals(settings.train().backbone())) {
        byte[] start = in.readNBytes(ZIP.length);
        if (!Arrays.equals(start, ZIP)) {
          throw LsgException.input(name + ": is no TorchScript archive");
        }
        return;
      }
      Safetensors.Outline outline =
          Safetensors.check(
              (from, length) -> {
                byte[] bytes = new byte[Math.toIntExact(length)];
                in.readFully(from, bytes);
                return ByteBuffer.wrap(bytes);
              },
              files.getFileStatus(file).getLen(),
              name);
      if (network) {
        PretrainedWeights.requireFit(settings.train(), views(settings), outline, name);
      } else {
        GcnWeights.requireFit(outline.entries(), classes(plan, settings), name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
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
