package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.CountedNames;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.SoundWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Whether the files of a trained model are whole and of the same model. */
final class ModelCheck {
  private ModelCheck() {}

  /**
   * Holds a folder's files against each other, on the machine that runs this.
   *
   * @param weightsFile of those in the folder
   * @throws LsgException exit 3 that names the file that is missing, damaged or of another model
   */
  static void of(HadoopFiles files, String trainDir, String weightsFile) {
    ModelFiles model = new ModelFiles(files, trainDir);
    ModelDescription description = model.description();
    int labels = SampleTable.labels(files, trainDir).size();
    if (labels != description.classes()) {
      throw LsgException.input(
          String.format(
              "%s: labels.json has %d labels, but model.json says %d classes",
              trainDir, labels, description.classes()));
    }
    try (Network network = new Network(description, model.module(), false, ComputeDevice.cpu())) {
      require(network.shapes(), model.read(weightsFile), model.path(weightsFile));
    }
    if (!description.projector().equals(Network.NONE) && model.exists(ModelFiles.PROTOTYPES)) {
      var unused = prototypes(model, description);
    }
  }

  /**
   * The tensors of a model's file.
   *
   * @param expected by model.json
   * @param source what to call the file in errors
   * @throws LsgException exit 3 that counts and names what is missing, of another shape or not part
   *     of the model, or names a tensor that is not finite
   */
  static void require(Map<String, long[]> expected, Map<String, HostArray> held, String source) {
    List<String> missing =
        expected.keySet().stream().filter(name -> !held.containsKey(name)).toList();
    List<String> unexpected =
        held.keySet().stream().filter(name -> !expected.containsKey(name)).toList();
    List<String> misshapen = new ArrayList<>();
    held.forEach(
        (name, array) -> {
          long[] shape = expected.get(name);
          if (shape != null && !Arrays.equals(shape, array.shape())) {
            misshapen.add(
                name + " " + Arrays.toString(array.shape()) + " for " + Arrays.toString(shape));
          }
        });
    if (!missing.isEmpty() || !unexpected.isEmpty() || !misshapen.isEmpty()) {
      throw LsgException.input(
          source
              + ": does not hold the network that model.json describes: "
              + (expected.size() - missing.size() - misshapen.size())
              + " of "
              + expected.size()
              + " tensors fit"
              + CountedNames.part("missing", missing)
              + CountedNames.part("of another shape", misshapen)
              + CountedNames.part("not part of it", unexpected));
    }
    SoundWeights.require(held, source);
  }

  /**
   * The class prototypes [C, D] of a guided training.
   *
   * @throws LsgException exit 3 if they are not those of the model
   */
  static HostArray prototypes(ModelFiles model, ModelDescription description) {
    String source = model.path(ModelFiles.PROTOTYPES);
    Map<String, HostArray> arrays = model.read(ModelFiles.PROTOTYPES);
    require(
        Map.of(
            ModelFiles.PROTOTYPES_TENSOR,
            new long[] {description.classes(), description.dimension()}),
        arrays,
        source);
    return arrays.get(ModelFiles.PROTOTYPES_TENSOR);
  }
}
