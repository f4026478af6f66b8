package io.github.lsgspark.training;

import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.Retry;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.SoundWeights;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The files of a trained model, in the folder of the train stage. */
final class ModelFiles {
  static final String LAST = "model.safetensors";
  static final String VALIDATION_PICKED = "model-validation.safetensors";
  static final String PROTOTYPES = "prototypes.safetensors";
  static final String PROTOTYPES_TENSOR = "prototypes";
  static final String DESCRIPTION = "model.json";
  static final String LABELS = "labels.json";
  static final String METRICS = "metrics.json";
  static final String LOGS = "logs";
  static final String SERVING = "model.torchscript.pt";
  static final String MODULE = "backbone.pt";
  static final String CHECKPOINT = "checkpoints/last.safetensors";

  private final HadoopFiles files;
  private final String folder;

  ModelFiles(HadoopFiles files, String folder) {
    this.files = files;
    this.folder = folder;
  }

  boolean exists(String name) {
    return files.exists(path(name));
  }

  /**
   * @throws LsgException exit 3 if a tensor is not finite throughout
   */
  Map<String, HostArray> read(String name) {
    Map<String, HostArray> arrays = Safetensors.read(files.read(path(name)), path(name));
    SoundWeights.require(arrays, path(name));
    return arrays;
  }

  void write(String name, Map<String, HostArray> arrays) {
    write(name, arrays, Map.of());
  }

  /** Weights that say how their network sees pictures. */
  void write(String name, Map<String, HostArray> arrays, ModelDescription description) {
    write(
        name,
        arrays,
        PretrainedWeights.metadata(
            description.input().normalization(),
            description.variant(),
            description.featureScale()));
  }

  /**
   * @param facts that are not tensors
   */
  void write(String name, Map<String, HostArray> arrays, Map<String, String> facts) {
    Map<String, String> metadata = new TreeMap<>(facts);
    metadata.put("format", "pt");
    try {
      Retry.io(
          path(name),
          () -> {
            try (OutputStream out = files.create(path(name))) {
              Safetensors.write(out, arrays, metadata);
            }
            return name;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(path(name) + ": " + e.getMessage(), e);
    }
  }

  void write(String name, byte[] content) {
    files.write(path(name), content);
  }

  byte[] content(String name) {
    return files.read(path(name));
  }

  /** The module that a TorchScript backbone came from; null for other backbones. */
  byte[] module() {
    return exists(MODULE) ? content(MODULE) : null;
  }

  ModelDescription description() {
    return Json.read(files, path(DESCRIPTION), ModelDescription.class)
        .checked(path(DESCRIPTION), exists(MODULE));
  }

  void write(ModelDescription description) {
    Json.write(files, path(DESCRIPTION), description);
  }

  /** The path of a file of the model. */
  String path(String name) {
    return HadoopFiles.path(folder, name);
  }
}
