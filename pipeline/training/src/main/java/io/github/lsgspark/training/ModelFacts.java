package io.github.lsgspark.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.tower.TowerBackbones;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What people are told of a model.
 *
 * @param network its name, and the layers that the classifier sees where they are not its last
 * @param shape of what goes in, without the first dimension: "3, 224, 224"
 * @param seen how samples are prepared, in words
 * @param files that make the model, by name
 */
public record ModelFacts(String network, String shape, String seen, List<String> files) {

  /**
   * Those of a model.
   *
   * @param modelDir output of the stage that made it
   */
  public static ModelFacts of(HadoopFiles files, String modelDir) {
    ModelFiles model = new ModelFiles(files, modelDir);
    ModelDescription description = model.description();
    String layers =
        description.seen().isEmpty() ? "" : ", layers " + String.join(", ", description.seen());
    return new ModelFacts(
        named(description) + layers + (description.second() == null ? "" : ", and a second one"),
        Arrays.stream(description.input().shape())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", ")),
        description.input().modality() == Modality.AUDIO
            ? "As model.json has them under input: rate, seconds, mel bands"
            : description.input().seen(),
        List.of(
                ModelFiles.DESCRIPTION,
                ModelFiles.LABELS,
                ModelFiles.LAST,
                ModelFiles.PROTOTYPES,
                ModelFiles.MODULE,
                ModelFiles.SERVING)
            .stream()
            .filter(model::exists)
            .toList());
  }

  /** That of a directory is what its own file calls it. */
  private static String named(ModelDescription description) {
    if (!description.backbone().equals(TowerBackbones.AUTO)) {
      return description.backbone();
    }
    JsonNode published;
    try {
      published = Json.tree(description.variant());
    } catch (JsonProcessingException e) {
      return description.backbone();
    }
    return published
        .path("model_type")
        .asText(published.path("architecture").asText(description.backbone()));
  }
}
