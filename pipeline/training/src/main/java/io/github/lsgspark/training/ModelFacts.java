package io.github.lsgspark.training;

import io.github.lsgspark.storage.HadoopFiles;
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
        description.backbone() + layers,
        Arrays.stream(description.input().shape())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", ")),
        description.input().seen(),
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
}
