package io.github.lsgspark.sparkml;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.VectorHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * What a training came to.
 *
 * @param folder of the trained model, output of the stage train, or of a {@link VectorHead}
 * @param labels its classes
 * @param seen numbers of the classes that had labels
 * @param loaded the settings it was trained by
 */
record TrainedState(String folder, LabelSet labels, int[] seen, Loaded loaded) {
  private static final String MODEL = "model";
  private static final String STATE = "lsg.json";

  /** What a training that goes on needs, and no prediction. */
  private static final String CHECKPOINTS = "checkpoints/";

  /** Whether it is a head on vectors. */
  boolean isOfVectors(HadoopFiles files) {
    return files.exists(HadoopFiles.path(folder, VectorHead.FILE));
  }

  /** Copies the model to a folder, which then does not need this one. */
  void save(HadoopFiles files, String path) {
    String target = HadoopFiles.path(path, MODEL);
    for (String name : files.below(folder)) {
      if (!name.startsWith(CHECKPOINTS)) {
        copy(files, HadoopFiles.path(folder, name), HadoopFiles.path(target, name));
      }
    }
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("seen", seen);
    state.put("settings", loaded.effective().root().unwrapped());
    Json.write(files, HadoopFiles.path(path, STATE), state);
  }

  private static void copy(HadoopFiles files, String from, String to) {
    try (InputStream in = files.open(from);
        OutputStream out = files.create(to)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(from + " to " + to + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws io.github.lsgspark.config.LsgException exit 3 that names a file that is missing
   */
  static TrainedState load(HadoopFiles files, String path) {
    JsonNode state = Json.read(files, HadoopFiles.path(path, STATE));
    int[] seen =
        StreamSupport.stream(state.path("seen").spliterator(), false)
            .mapToInt(JsonNode::asInt)
            .toArray();
    String folder = files.qualified(HadoopFiles.path(path, MODEL));
    return new TrainedState(
        folder,
        SampleTable.labels(files, folder),
        seen,
        SettingsLoader.load(state.path("settings").toString(), Map.of()));
  }
}
