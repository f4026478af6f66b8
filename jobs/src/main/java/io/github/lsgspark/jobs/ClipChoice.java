package io.github.lsgspark.jobs;

import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.tower.ClipSpec;
import io.github.lsgspark.tower.TowerBackbones;
import io.github.lsgspark.tower.TowerDirectory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clips as the directory of a public network says they must be: frames and size where a
 * configuration leaves them open.
 */
final class ClipChoice {
  private static final Logger LOG = LoggerFactory.getLogger(ClipChoice.class);
  private static final String FRAMES = "video.frames";
  private static final String SIDE = "train.image-size";
  private static final String EDGE = "video.short-side";

  private final HadoopFiles files;
  private final Map<String, Optional<ClipSpec>> known = new ConcurrentHashMap<>();

  ClipChoice(HadoopFiles files) {
    this.files = files;
  }

  /** The configuration with what it leaves open. */
  Loaded of(Loaded open) {
    Settings settings = open.settings();
    if (settings.data().modality() != Modality.VIDEO
        || !settings.train().backbone().equals(TowerBackbones.AUTO)) {
      return open;
    }
    return known
        .computeIfAbsent(settings.train().weights(), this::read)
        .map(clips -> with(open, clips))
        .orElse(open);
  }

  /** Of a directory that cannot be read, whoever reads its weights tells. */
  private Optional<ClipSpec> read(String path) {
    try {
      if (!TowerDirectory.isDirectory(files, path)) {
        return Optional.empty();
      }
      TowerDirectory directory = TowerDirectory.open(files, path);
      directory.clips().ifPresentOrElse(own -> tell(path, own), () -> tell(path, directory));
      return directory.clips();
    } catch (LsgException e) {
      return Optional.empty();
    }
  }

  private static void tell(String path, ClipSpec clips) {
    LOG.info(
        "{}: {}, cut out of frames whose shorter side is {} px; {}, {} and {} follow it where the"
            + " configuration does not set them",
        path,
        clips,
        clips.edge(),
        FRAMES,
        SIDE,
        EDGE);
  }

  private static void tell(String path, TowerDirectory images) {
    LOG.info(
        "{}: {}, a network of images, which sees the frames of a clip one by one; {}",
        path,
        images.family().name(),
        images.family().comparesAngles(images.config())
            ? "their vectors are divided by their norms, and so is the clip's"
            : "their features are averaged");
  }

  private static Loaded with(Loaded open, ClipSpec clips) {
    Map<String, Object> chosen = new LinkedHashMap<>();
    put(open, chosen, FRAMES, clips.frames());
    put(open, chosen, SIDE, clips.side());
    put(open, chosen, EDGE, clips.edge());
    return chosen.isEmpty()
        ? open
        : SettingsLoader.overlay(
            open, ConfigFactory.parseMap(chosen, "the directory of train.weights"));
  }

  private static void put(Loaded open, Map<String, Object> chosen, String key, int value) {
    if (open.isDefault(key)) {
      chosen.put(key, value);
    }
  }
}
