package io.github.lsgspark.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.ParquetFooter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.hadoop.ParquetFileReader;

/**
 * The names of classes that the HuggingFace Hub's library keeps in a Parquet file whose labels are
 * numbers: key {@code huggingface}, {@code info.features.LABEL.names} or {@code
 * features.LABEL.names}, in the order of the numbers.
 */
final class HubNames {
  private static final String KEY = "huggingface";
  private static final ObjectMapper JSON = new ObjectMapper();

  private HubNames() {}

  /** Names by number; empty if the file has none. */
  static List<String> of(HadoopFiles files, FileStatus file, String label) {
    try (ParquetFileReader reader = ParquetFooter.open(files, file)) {
      return parse(reader.getFileMetaData().getKeyValueMetaData().get(KEY), label);
    } catch (IOException e) {
      throw ParquetFooter.failed(file, e);
    }
  }

  static List<String> parse(String info, String label) {
    if (info == null) {
      return List.of();
    }
    JsonNode names;
    try {
      JsonNode read = JSON.readTree(info);
      JsonNode features = read.path("info").path("features");
      names =
          (features.isMissingNode() ? read.path("features") : features).path(label).path("names");
    } catch (JsonProcessingException e) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    // A list, or an object whose keys are the numbers.
    for (int i = 0; i < names.size(); i++) {
      JsonNode name = names.isArray() ? names.get(i) : names.path(Integer.toString(i));
      if (!name.isTextual()) {
        return List.of();
      }
      found.add(name.asText());
    }
    return found;
  }
}
