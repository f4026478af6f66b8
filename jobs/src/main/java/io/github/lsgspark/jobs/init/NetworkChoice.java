package io.github.lsgspark.jobs.init;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.tower.ClipSpec;
import io.github.lsgspark.tower.TowerDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The network whose features are taken.
 *
 * @param backbone value of train.backbone
 * @param weights value of train.weights, absolute
 * @param imageSize value of train.image-size: a number, or auto for that of the directory
 * @param clips what its directory says of clips; empty: it sees frames one by one
 * @param sentence for people
 */
record NetworkChoice(
    String backbone, String weights, String imageSize, Optional<ClipSpec> clips, String sentence) {
  /** Below the program's root: the network that comes with it. */
  static final String OWN = "conf/demo/squeezenet1_1.safetensors";

  private static final int USUAL = 224;
  private static final int FRAMES = 112;

  /**
   * Chooses: the named directory, or the network that comes with the program.
   *
   * @param named directory of a published network; empty: none
   * @param root folder of the program; empty: not known
   * @param given settings that are not asked about any more
   * @param side shorter side of the sample in the middle; 0: not known
   * @throws LsgException exit 3 if the directory holds no network, exit 4 if no network is at hand
   */
  static NetworkChoice of(
      String named,
      String root,
      Map<String, String> given,
      Modality modality,
      int side,
      HadoopFiles files) {
    if (!named.isEmpty()) {
      if (!TowerDirectory.isDirectory(files, named)) {
        throw LsgException.input(
            "--backbone "
                + named
                + ": no directory with config.json and model.safetensors, as transformers and timm"
                + " publish networks; a file of weights is named by -D train.backbone=... -D"
                + " train.weights=...");
      }
      TowerDirectory directory = TowerDirectory.open(files, named);
      String family = directory.family().name();
      return new NetworkChoice(
          "auto",
          absolute(named),
          "auto",
          directory.clips(),
          "the one in " + named + ", of the family " + family);
    }
    if (given.containsKey("train.weights") || given.containsKey("train.backbone")) {
      String backbone = given.getOrDefault("train.backbone", "squeezenet1_1");
      return new NetworkChoice(
          backbone,
          given.getOrDefault("train.weights", ""),
          Integer.toString(size(modality, side)),
          Optional.empty(),
          "as you set it");
    }
    Path own = Path.of(root, OWN);
    if (root.isEmpty() || !Files.isRegularFile(own)) {
      throw LsgException.environment(
          own
              + " is missing, the network that comes with the program: --backbone DIR names the"
              + " directory of a published one (docs/backbones.md), or -D train.backbone=... -D"
              + " train.weights=... a file of weights",
          null);
    }
    int size = size(modality, side);
    return new NetworkChoice(
        "squeezenet1_1",
        own.toAbsolutePath().normalize().toString(),
        Integer.toString(size),
        Optional.empty(),
        "SqueezeNet 1.1 with ImageNet weights, which comes with the program"
            + (modality == Modality.AUDIO ? ", on spectrograms" : ", at " + size + " pixels"));
  }

  private static String absolute(String directory) {
    return directory.contains(":/") ? directory : Path.of(directory).toAbsolutePath().toString();
  }

  /** Small pictures are enlarged to where the network still sees something (docs/features.md). */
  private static int size(Modality modality, int side) {
    if (modality == Modality.VIDEO) {
      return FRAMES;
    }
    return side == 0 || side > 160 ? USUAL : side > 96 ? 128 : 96;
  }
}
