package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.storage.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What machines decide counts where it changes a result, and nowhere else. */
class MachineFingerprintsTest {
  private static final String BASE =
      "data.train = \"drawn:novel\", lsg.label-graph = text, train { start = random, keep = trained }\n";
  private static final StageChain CHAIN = new StageChain(OneMachine.PLAIN);

  private static Map<Stage, Fingerprint> chain(String hocon) {
    return CHAIN.ofRun(hocon);
  }

  private static Set<Stage> changedBy(String base, String hocon) {
    return StageChain.changed(chain(base), chain(base + hocon));
  }

  private static Set<Stage> changedBy(String hocon) {
    return changedBy(BASE, hocon);
  }

  /** On a host that is slow at bfloat16. */
  private static Fingerprint embed(String hocon) {
    return chain(hocon).get(Stages.EMBED);
  }

  /** The number of replicas counts where each of them sees its own part only. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                       | true",
        "train.batch-norm = synchronized                        |",
        "train.batch-norm = frozen                              |",
        "train.backbone = vit-tiny                              |",
        "train.backbone = vit-tiny, lsg.projector = mlp         | true",
        "train.backbone = squeezenet1_1                         |",
        "train.backbone = small-cnn                             | true",
        "train.backbone = resnet20-cifar                        | true",
        "data.modality = audio, train.backbone = ast-tiny       |",
        "data.modality = audio, train.backbone = cnn14          | true",
        "data.modality = video, train.backbone = r3d-18         | true",
        "train { batch-norm = frozen }, lsg.batch-graph = local | true",
        "train { batch-norm = frozen, transfer.methods = [bss] } | true",
        "train { batch-norm = frozen, exchange.dtype = bfloat16 } | true",
        "lsg { enabled = false, batch-graph = local }, train.batch-norm = synchronized |"
      })
  void replicasCountWhereTheResultIsByTheirNumber(String hocon, String counts) {
    String base = BASE + (hocon == null ? "" : hocon) + "\n";
    Set<Stage> trained = Set.of(Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT);
    Set<Stage> expected = counts == null ? Set.of() : trained;
    assertThat(changedBy(base, "train.replicas = 2")).isEqualTo(expected);
    // None asked for: one in local mode, one per executor on a cluster.
    assertThat(changedBy(base, "train.replicas = 1")).isEmpty();
    Map<Stage, Fingerprint> onThree = new StageChain(new OneMachine(false, false, 3)).ofRun(base);
    assertThat(StageChain.changed(chain(base), onThree)).isEqualTo(expected);
    assertThat(chain(base + "train.replicas = 3")).isEqualTo(onThree);
  }

  /** AUTO is what it comes to, the same for all replicas. */
  @Test
  void whatMachinesDecideCountsAsIfItWereSet() {
    StageChain amx = new StageChain(new OneMachine(false, true, 1));
    StageChain gpus = new StageChain(new OneMachine(true, false, 1));
    Set<Stage> trained = Set.of(Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT);
    Set<Stage> withGcn = Set.of(Stages.GCN, Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT);
    assertThat(StageChain.changed(chain(BASE), amx.ofRun(BASE))).isEqualTo(withGcn);
    assertThat(amx.ofRun(BASE))
        .isEqualTo(chain(BASE + "train.precision = bfloat16, gcn.precision = bfloat16"));
    assertThat(amx.ofRun(BASE + "train.precision = float32, gcn.precision = float32"))
        .isEqualTo(chain(BASE));
    String official = BASE + "gcn.schedule = official\n";
    assertThat(StageChain.changed(chain(official), amx.ofRun(official))).isEqualTo(trained);

    assertThat(gpus.ofRun(BASE).get(Stages.TRAIN))
        .isEqualTo(
            chain(
                    BASE
                        + "train { precision = bfloat16, device = cuda }, gcn { device = cuda, precision = bfloat16 }")
                .get(Stages.TRAIN));
    assertThat(gpus.ofRun(BASE + "train.device = cpu, gcn.device = cpu")).isEqualTo(chain(BASE));
    assertThat(StageChain.changed(gpus.ofRun(BASE), gpus.ofRun(BASE + "train.tf32 = false")))
        .isEqualTo(trained);
    assertThat(changedBy("train.tf32 = false")).isEmpty();
    assertThat(changedBy("train.layout = channels-last")).isEmpty();
    assertThat(changedBy("train.layout = contiguous")).isEqualTo(trained);
    assertThat(changedBy("train.engine = bigdl")).isEqualTo(trained);
    assertThat(changedBy("gcn.device = cuda")).isEqualTo(withGcn);
  }

  @Test
  void aLanguageModelComputesOnWhatTheMachinesAreFastAt(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    String model = "embedding { encoder = transformer, model = \"" + folder + "\" }\n";
    StageChain amx = new StageChain(new OneMachine(false, true, 1));
    assertThat(amx.ofRun(model).get(Stages.EMBED))
        .isEqualTo(embed(model + "embedding.dtype = bfloat16"))
        .isNotEqualTo(embed(model));
    // The graph says itself what it computes in.
    String onnx = model + "embedding.encoder = onnx\n";
    assertThat(amx.ofRun(onnx).get(Stages.EMBED)).isEqualTo(embed(onnx));
    assertThat(embed(onnx + "embedding.dtype = bfloat16")).isEqualTo(embed(onnx));
  }
}
