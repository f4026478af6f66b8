package io.github.lsgspark.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InputPathsTest {

  @Test
  void theseSettingsNameFiles() {
    assertThat(InputPaths.keys())
        .containsExactlyInAnyOrder(
            "data.train",
            "data.test",
            "data.root",
            "data.unseen-classes.file",
            "labels.file",
            "labels.names",
            "labels.taxonomy",
            "prompts.file",
            "embedding.model",
            "embedding.precomputed.path",
            "embedding.precomputed.labels",
            "gcn.init",
            "head.marginal-file",
            "train.weights",
            "predict.input");
  }

  @Test
  void pathsAreChangedWhereverTheyStand() {
    Map<String, String> seen = new TreeMap<>();
    Config changed =
        InputPaths.changed(
            ConfigFactory.parseString(
                """
                labels.file = names.txt
                data { train = a, test = "", format = generic }
                pretrain.data.train = "drawn:base"
                experiment.methods."a.b".train.weights = w
                """),
            (key, path) -> {
              seen.put(key, path);
              return "hdfs:/" + path;
            });
    assertThat(seen)
        .isEqualTo(
            Map.of(
                "labels.file", "names.txt",
                "data.train", "a",
                "pretrain.data.train", "drawn:base",
                "experiment.methods.a.b.train.weights", "w"));
    assertThat(changed.getString("labels.file")).isEqualTo("hdfs:/names.txt");
    assertThat(changed.getString("data.test")).isEmpty();
    assertThat(changed.getString("data.format")).isEqualTo("generic");
    assertThat(changed.getString("experiment.methods.\"a.b\".train.weights")).isEqualTo("hdfs:/w");
  }
}
