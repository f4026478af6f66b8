package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.torch.NativeTorch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names and shapes of real models' tensors, as the public code has them. */
@Tag("real-data")
class TowerNamesTest {
  private static final Pattern NOT_LEARNED =
      Pattern.compile(
          ".*(running_mean|running_var|num_batches_tracked|relative_position_index|position_ids|token_type_ids)");

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  static List<NamesTable> tables() throws Exception {
    return NamesTable.all();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aModelHasTheNamesAndShapesOfItsFileAndSaysWhatItLeaves(NamesTable table) {
    TowerConfig config = table.config();
    TowerFamily family = Towers.family(config);
    long[] views = views(family, config);
    Map<String, long[]> tensors = table.tensors();
    List<String> wrong = new ArrayList<>();
    try (Tower network = family.create(config, (int) views[1], (int) views[2])) {
      network.parameterShapes().forEach((name, shape) -> take(name, shape, table, tensors, wrong));
      network.bufferShapes().forEach((name, shape) -> take(name, shape, table, tensors, wrong));
      for (String name : tensors.keySet()) {
        String own =
            name.startsWith(table.prefix()) ? name.substring(table.prefix().length()) : name;
        if (!network.leavesOut(own) && !PretrainedWeights.isHead(own)) {
          wrong.add("neither used nor left: " + name);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static long[] views(TowerFamily family, TowerConfig config) {
    if (family instanceof SoundFamily sounds) {
      return sounds.sound(config, config.part("extractor")).lasting(1).shape();
    }
    int side = family.imageSize(config);
    return new long[] {3, side, side};
  }

  private static void take(
      String name,
      long[] shape,
      NamesTable table,
      Map<String, long[]> tensors,
      List<String> wrong) {
    // What stands behind the model itself has no prefix.
    String full = table.prefix() + name;
    long[] expected = tensors.remove(tensors.containsKey(full) ? full : name);
    if (!Arrays.equals(shape, expected)) {
      wrong.add(name + Arrays.toString(shape) + " but in the file " + Arrays.toString(expected));
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tablesAreReadWhole(NamesTable table) throws Exception {
    Map<String, long[]> tensors = table.tensors();
    assertThat(NamesTable.digest(tensors)).isEqualTo(table.digest());
    long learned =
        tensors.entrySet().stream()
            .filter(entry -> !NOT_LEARNED.matcher(entry.getKey()).matches())
            .mapToLong(entry -> Arrays.stream(entry.getValue()).reduce(1, (a, b) -> a * b))
            .sum();
    assertThat(learned).isEqualTo(table.parameters());
  }
}
