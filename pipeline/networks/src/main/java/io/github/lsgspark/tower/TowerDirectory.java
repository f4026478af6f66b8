package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory as transformers and timm publish networks of images, clips and sounds: {@code
 * config.json}, {@code model.safetensors} or its shards, and how samples are prepared in {@code
 * preprocessor_config.json}, {@code video_preprocessor_config.json} or timm's {@code
 * pretrained_cfg}. On any file system of Hadoop's.
 */
public final class TowerDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(TowerDirectory.class);
  static final String CONFIG = "config.json";
  private static final long MOST_BYTES = Integer.MAX_VALUE - (2L << 20);

  private final String path;
  private final TowerConfig config;
  private final TowerFamily family;
  private final Preparation preparation;
  private final WeightFiles weights;

  private TowerDirectory(HadoopFiles files, String path) {
    this.path = path;
    String file = HadoopFiles.path(path, CONFIG);
    this.config = TowerConfig.parse(files.read(file), file);
    this.family = Towers.family(config);
    this.preparation = Preparation.of(files, path, config, family);
    this.weights = new WeightFiles(files, path);
  }

  /**
   * The weights at a path: a file as it is, or those of a directory as one safetensors file, with
   * what its other files say in the metadata. What is no part of the network is left behind.
   *
   * @throws LsgException exit 3 for a directory that no network can be made of, and for more than 2
   *     GiB of weights
   */
  public static byte[] content(HadoopFiles files, String path) {
    return isDirectory(files, path) ? new TowerDirectory(files, path).whole() : files.read(path);
  }

  /** Whether there is a directory. */
  public static boolean isDirectory(HadoopFiles files, String path) {
    try {
      return files.fileSystem(path).getFileStatus(new Path(path)).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
  }

  /** A directory that may be looked into. */
  public static TowerDirectory open(HadoopFiles files, String path) {
    return new TowerDirectory(files, path);
  }

  /** Where it is. */
  public String path() {
    return path;
  }

  /** What config.json says. */
  public TowerConfig config() {
    return config;
  }

  /** The family that it is of. */
  public TowerFamily family() {
    return family;
  }

  /** The network at its own size, without weights. */
  public Tower network() {
    return Towers.atOwnSize(family, config, preparation.sound());
  }

  /** How samples are prepared. */
  Preparation preparation() {
    return preparation;
  }

  /** The clips that it is made for; empty for a network of images or sounds. */
  public Optional<ClipSpec> clips() {
    if (!(family instanceof VideoFamily videos)) {
      return Optional.empty();
    }
    int side = family.imageSize(config);
    double share = preparation.pixels().orElseThrow().share();
    return Optional.of(new ClipSpec(videos.frames(config), side, (int) Math.round(side / share)));
  }

  /**
   * What the headers of its weights tell, without reading them.
   *
   * @throws LsgException exit 3 for a file that is missing, cut off or no safetensors
   */
  public Safetensors.Outline outline() {
    try (Backbone network = network()) {
      return new Safetensors.Outline(named(network, weights.entries()), metadata());
    }
  }

  /** What a model keeps of the directory beside the weights. */
  public String variant() {
    return new TowerVariant(config, preparation.pixels(), preparation.sound()).text();
  }

  /** What it was made for, in words. */
  String views() {
    return preparation
        .sound()
        .map(
            own ->
                own.samples() == 0
                    ? "stretches of any length"
                    : "%d x %d".formatted(own.shape()[1], own.shape()[2]))
        .orElseGet(() -> clips().map(ClipSpec::toString).orElse(family.imageSize(config) + " px"));
  }

  private Map<String, String> metadata() {
    return Map.of(TowerBackbones.KEY, variant());
  }

  private byte[] whole() {
    LOG.info(
        "{}: {}, {}; made for {}; {}: {}",
        path,
        family.help(),
        config.network(),
        views(),
        clips().isPresent() ? "frames" : preparation.what(),
        preparation);
    Map<String, Safetensors.Entry> entries = weights.entries();
    LinkedHashMap<String, String> own;
    try (Backbone network = network()) {
      Map<String, String> names = new LinkedHashMap<>();
      entries.keySet().forEach(name -> names.put(name, name));
      own = named(network, names);
      own.keySet().removeIf(network::leavesOut);
    }
    long bytes = own.values().stream().mapToLong(name -> entries.get(name).bytes()).sum();
    if (bytes > MOST_BYTES) {
      throw LsgException.input(
          path + ": its network has " + (bytes >> 20) + " MiB of weights; up to 2047 are read");
    }
    Map<String, HostArray> arrays = weights.arrays(Set.copyOf(own.values()));
    Map<String, HostArray> taken = new LinkedHashMap<>();
    own.forEach((name, source) -> taken.put(name, arrays.get(source)));
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) bytes + (1 << 20));
    try {
      Safetensors.write(out, taken, metadata());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The names of a file as the network has them: files of whole models carry the name of their part
   * in front.
   */
  private static <T> LinkedHashMap<String, T> named(Backbone network, Map<String, T> tensors) {
    String first = network.parameterShapes().keySet().iterator().next();
    String prefix =
        tensors.containsKey(first)
            ? ""
            : tensors.keySet().stream()
                .filter(name -> name.endsWith("." + first))
                .map(name -> name.substring(0, name.length() - first.length()))
                .min(Comparator.comparing(String::length))
                .orElse("");
    LinkedHashMap<String, T> named = new LinkedHashMap<>();
    UnaryOperator<String> translator = network.translator(tensors.keySet());
    tensors.forEach(
        (name, tensor) -> {
          String own = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
          named.put(translator.apply(own), tensor);
        });
    return named;
  }
}
