package io.github.lsgspark.tower;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a directory: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. Tensors are read one by one, so that files may be larger
 * than memory holds.
 */
final class WeightFiles {
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final HadoopFiles files;
  private final String path;

  WeightFiles(HadoopFiles files, String path) {
    this.files = files;
    this.path = path;
  }

  /**
   * What the headers tell, without reading the tensors.
   *
   * @return tensors by the files' names
   * @throws LsgException exit 3 for a file that is missing, cut off or no safetensors
   */
  LinkedHashMap<String, Safetensors.Entry> entries() {
    LinkedHashMap<String, Safetensors.Entry> entries = new LinkedHashMap<>();
    for (String name : names()) {
      Safetensors.outline(files, file(name), file(name))
          .entries()
          .forEach((tensor, entry) -> add(entries, tensor, entry, name));
    }
    return entries;
  }

  /**
   * Reads tensors.
   *
   * @param wanted by the files' names; others are passed over
   */
  LinkedHashMap<String, HostArray> arrays(Set<String> wanted) {
    LinkedHashMap<String, HostArray> arrays = new LinkedHashMap<>();
    for (String name : names()) {
      Safetensors.read(files, file(name), wanted::contains)
          .forEach((tensor, array) -> add(arrays, tensor, array, name));
    }
    return arrays;
  }

  private <T> void add(Map<String, T> all, String tensor, T value, String file) {
    if (all.put(tensor, value) != null) {
      throw LsgException.input(
          file(file) + ": holds tensor " + tensor + ", as another of its shards does");
    }
  }

  private List<String> names() {
    if (files.exists(file(WEIGHTS))) {
      return List.of(WEIGHTS);
    }
    if (!files.exists(file(INDEX))) {
      throw OtherFormat.instead(path, files.list(path), WEIGHTS + " nor " + INDEX);
    }
    JsonNode map = Json.read(files, file(INDEX)).path("weight_map");
    Set<String> shards = new LinkedHashSet<>();
    map.forEach(shard -> shards.add(RelativePath.inside(shard.asText(), file(INDEX))));
    if (shards.isEmpty()) {
      throw LsgException.input(file(INDEX) + ": holds no \"weight_map\"");
    }
    for (String shard : shards) {
      if (!files.exists(file(shard))) {
        throw LsgException.input(path + ": " + INDEX + " names " + shard + ", which is missing");
      }
    }
    return List.copyOf(shards);
  }

  private String file(String name) {
    return HadoopFiles.path(path, name);
  }
}
