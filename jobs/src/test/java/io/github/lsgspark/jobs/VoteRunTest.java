package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From drawn pictures to a training on the soft labels of a vote: two networks with drawn weights,
 * three heads.
 */
@Tag("long-2")
class VoteRunTest {
  private static final String TINY =
      """
      data {
        train = "drawn:novel", label-budget = 6, validation-fraction = 0.1
        drawn { image-size = 32, base-classes = 4, novel-classes = 4
                train-per-class = 30, test-per-class = 10 }
      }
      embedding.encoder = lexical
      lsg.enabled = false
      ssl { strategy = vote, batch-ratio = 1 }
      train {
        backbone = small-cnn, image-size = 32, iterations = 3, global-batch = 6
        precision = float32, augmentation.resize-factor = 1, start = random, keep = trained
      }
      vote.members {
        plain {}
        gauss { head.kind = gda }
        tower { train { backbone = resnet20-cifar, image-size = 40 }, head.unlabelled = balanced }
      }
      """;

  @TempDir Path work;

  private Map<String, JsonNode> run(Map<String, String> overrides, Stage... targets)
      throws IOException {
    Map<String, JsonNode> stages = new LinkedHashMap<>();
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of())) {
      for (Stage target : targets) {
        new PipelineRun(SettingsLoader.load(TINY, overrides), work.toString(), spark)
            .execute(Goal.of(Stages.of(List.of()), target));
        JsonNode run = new ObjectMapper().readTree(Files.readString(work.resolve("run.json")));
        JsonNode made = run.get("runs").get(0).get("stages");
        made.properties().forEach(stage -> stages.put(stage.getKey(), stage.getValue()));
      }
    }
    return stages;
  }

  private JsonNode metrics(Map<String, JsonNode> stages, String stage) throws IOException {
    Path file =
        work.resolve(stage)
            .resolve(stages.get(stage).get("fingerprint").asText())
            .resolve("metrics.json");
    return new ObjectMapper().readTree(Files.readString(file));
  }

  private long outputs(String stage) throws IOException {
    try (Stream<Path> folders = Files.list(work.resolve(stage))) {
      return folders.filter(folder -> Files.exists(folder.resolve("manifest.json"))).count();
    }
  }

  @Test
  void severalHeadsVoteAndOneModelIsTrained() throws IOException {
    Map<String, JsonNode> first = run(Map.of(), Stages.EVALUATE, Stages.EVALUATE_HEAD);
    JsonNode vote = metrics(first, "vote");
    assertThat(vote.get("members")).hasSize(3);
    assertThat(vote.get("unlabelled").asInt()).isEqualTo(4 * (30 - 3 - 6));
    assertThat(vote.get("agreement").properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("gauss, plain", "gauss, tower", "plain, tower");
    JsonNode accuracy = vote.get("accuracy");
    for (String split : List.of("validation", "test", "unlabelled")) {
      double sum = 0;
      for (String member : List.of("plain", "gauss", "tower")) {
        sum += accuracy.get(split).get(member).asDouble();
      }
      assertThat(sum / 3).as(split).isBetween(0.3, 1.0);
      assertThat(accuracy.get(split).get("vote").asDouble()).as(split).isGreaterThan(0.3);
    }
    assertThat(vote.get("without_majority").asInt()).isLessThan(84);
    assertThat(vote.get("soft_label_accuracy").asDouble())
        .isCloseTo(accuracy.get("unlabelled").get("vote").asDouble(), within(1e-9));
    // This member is the head of the file itself, and votes as it is evaluated.
    assertThat(accuracy.get("test").get("plain").asDouble())
        .isCloseTo(metrics(first, "evaluate-head").get("accuracy").asDouble(), within(1e-9));
    JsonNode train = metrics(first, "train");
    assertThat(train.get("accepted_share").asDouble()).isEqualTo(1);
    assertThat(outputs("features")).isEqualTo(2);
    assertThat(outputs("head")).isEqualTo(3);

    Map<String, JsonNode> again =
        run(
            Map.of("vote.members.gauss.head.shrinkage", "0.5", "vote.balance", "true"),
            Stages.EVALUATE);
    assertThat(again.get("prepare").get("skipped").asBoolean()).isTrue();
    assertThat(again.get("vote").get("skipped").asBoolean()).isFalse();
    assertThat(again.get("train").get("skipped").asBoolean()).isFalse();
    assertThat(metrics(again, "vote").get("balanced").asBoolean()).isTrue();
    assertThat(outputs("features")).isEqualTo(2);
    assertThat(outputs("head")).isEqualTo(4);
  }
}
