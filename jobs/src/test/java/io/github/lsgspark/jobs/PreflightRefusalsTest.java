package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.jobs.checks.Findings;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stage refuses of its own settings is told before the first one. */
class PreflightRefusalsTest {
  private static final String SOUND =
      """
      data.train = "drawn:novel"
      embedding.encoder = lexical
      train { backbone = small-cnn, image-size = 16, start = random, keep = trained }
      """;

  @TempDir Path folder;

  private Findings findings(String hocon, Stage target) throws IOException {
    return ForeseenFaults.of(folder, hocon, target);
  }

  @Test
  void whatAStageRefusesIsToldBeforeAnyStage() throws IOException {
    String soft = SOUND + "lsg.enabled = false, ssl.strategy = soft-labels\n";
    assertThat(findings(soft, Stages.REPORT).sentences())
        .singleElement()
        .asString()
        .startsWith("ssl.strategy = soft-labels")
        .contains("head.unlabelled");
    assertThat(findings(soft, Stages.REPORT).exitCode()).isEqualTo(2);
    assertThat(findings(soft + "head.unlabelled = balanced", Stages.REPORT).sentences()).isEmpty();
    String prior = SOUND + "lsg.enabled = false, head { kind = gda, text-prior = \"1\" }\n";
    assertThat(findings(prior + "train.start = best", Stages.REPORT).sentences())
        .singleElement()
        .asString()
        .startsWith("head.text-prior");
    assertThat(findings(prior, Stages.REPORT).sentences()).isEmpty();
  }

  @Test
  void aVoteThatIsNoneIsToldBeforeAnyStage() throws IOException {
    String vote = SOUND + "lsg.enabled = false, ssl.strategy = vote\n";
    assertThat(findings(vote + "vote.members.a {}", Stages.REPORT).sentences())
        .singleElement()
        .asString()
        .startsWith("vote.members must name at least two heads")
        .endsWith("[a]");
    String two = vote + "vote.members { a {}, b { head.kind = gda } }\n";
    assertThat(findings(two, Stages.REPORT).sentences()).isEmpty();
    assertThat(findings(two + "train.keep = best", Stages.REPORT).sentences())
        .singleElement()
        .asString()
        .contains("ssl.strategy = vote", "train.start = random or head");
    String tower = "vote.members.b.train { backbone = auto, weights = \"%s\" }\n";
    assertThat(findings(two + tower.formatted(folder.resolve("none")), Stages.REPORT).sentences())
        .singleElement()
        .asString()
        .contains("train.weights", "none: no such file");
    assertThat(
            findings(two + "vote.members.b.head { kind = gda, text-prior = \"1\" }", Stages.REPORT)
                .sentences())
        .singleElement()
        .asString()
        .startsWith("vote.members.b: head.text-prior");
  }
}
