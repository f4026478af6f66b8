package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.jobs.checks.Findings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known to be wrong before any stage is told before any stage, all of it at once. */
class PreflightTest {
  private static final String SOUND =
      """
      data.train = "drawn:novel"
      embedding.encoder = lexical
      train { backbone = small-cnn, image-size = 16, start = random, keep = trained }
      """;

  @TempDir Path folder;

  private Findings findings(String hocon, Stage target) throws IOException {
    return findings(hocon, target, folder.resolve("w").toString());
  }

  private Findings findings(String hocon, Stage target, String workDir) throws IOException {
    return ForeseenFaults.of(folder, hocon, target, workDir);
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  @Test
  void whereNothingIsWrongNothingIsSaidAndNothingIsLeftBehind() throws IOException {
    assertThat(findings(SOUND, Stages.REPORT).sentences()).isEmpty();
    assertThat(folder.resolve("w")).isEmptyDirectory();
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() throws IOException {
    Files.createDirectory(folder.resolve("tree"));
    Findings findings =
        findings(
            """
            data { train = "here/train", test = "s3a://bucket/test" }
            labels { file = "names.txt", taxonomy = "tree" }
            train { weights = "weights.safetensors", engine = bigdl }
            predict.input = "hdfs:///pictures"
            compare.methods {
              a { embedding { encoder = transformer, model = "models/bert" } }
              b { embedding { encoder = precomputed, precomputed.path = "words.npy" } }
            }
            """,
            Stages.REPORT);
    assertThat(findings.exitCode()).isEqualTo(LsgException.ENVIRONMENT);
    assertThat(String.join("\n", findings.sentences()))
        .contains("data.test: s3a://bucket/test: no client for s3a:// is in the class path: add")
        .contains("predict.input: hdfs:///pictures: names no host")
        .containsPattern(
            "data.train: here/train: no such file or folder; looked for /\\S+ and "
                + folder.resolve("here/train"))
        .contains("labels.file: names.txt: no such file or folder; looked for ")
        .containsPattern("labels.taxonomy: \\S+: is a folder, not a file")
        .contains("train.weights: weights.safetensors: no such file or folder")
        .contains("embedding.model: models/bert: no such file or folder")
        .contains("embedding.precomputed.path: words.npy: no such file or folder")
        .contains("train.engine = bigdl: its module");
  }

  @Test
  void onlyWhatTheCommandNeedsIsLookedAt() throws IOException {
    String hocon = SOUND + "predict.input = none\ntrain.weights = none\nprompts.file = none";
    assertThat(findings(hocon, Stages.PREPARE).sentences()).isEmpty();
    ForeseenFaults.assertOnly(findings(hocon, Stages.EMBED), 3, "prompts.file: none: no such file");
    assertThat(findings(hocon, Stages.TRAIN).sentences()).hasSize(2);
    assertThat(findings(hocon, Stages.PREDICT).sentences()).hasSize(3);
    assertThat(findings(hocon + "\nlsg.enabled = false", Stages.TRAIN).sentences()).hasSize(1);
  }

  @Test
  void whatTheClosedFormReadsIsLookedAtWithoutATrainingToo() throws IOException {
    String none =
        SOUND
            + "train { enabled = false, weights = none }\n"
            + "head { marginal = given, marginal-file = none }";
    ForeseenFaults.assertOnly(
        findings(none, Stages.FEATURES), 3, "train.weights: none: no such file");
    assertThat(findings(none, Stages.REPORT).sentences())
        .hasSize(2)
        .anyMatch(sentence -> sentence.startsWith("head.marginal-file: none: no such file"));
    String cuda = SOUND + "train { enabled = false, device = cuda }";
    assertThat(findings(cuda, Stages.FEATURES).exitCode()).isEqualTo(4);
    ForeseenFaults.assertOnly(
        findings(
            SOUND
                + "lsg.enabled = false, pretrain { data.train = none }\n"
                + "train { enabled = false, weights = pretrain }",
            Stages.HEAD),
        3,
        "data.train: none: no such file or folder");
  }

  @Test
  void namesMayHoldAColon() throws IOException {
    Path file = Files.writeString(folder.resolve("a:b.jpg"), "x");
    assertThat(findings(SOUND + "predict.input = \"" + file + "\"", Stages.PREDICT).sentences())
        .noneMatch(sentence -> sentence.contains("URI"));
  }

  @Test
  void aPipeIsNotOpened() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    ForeseenFaults.assertOnly(
        findings(SOUND + "prompts.file = \"" + pipe + "\"", Stages.EMBED),
        3,
        "prompts.file: " + pipe + ": is a pipe, socket or device");
  }

  @Test
  void thePretrainBlockIsLookedAtToo() throws IOException {
    ForeseenFaults.assertOnly(
        findings(
            SOUND
                + "train.weights = pretrain, pretrain { data.train = none }\n"
                + "compare { seeds = [1, 2], methods { a {}, b { lsg.enabled = false } } }",
            Stages.REPORT),
        3,
        "data.train: none: no such file or folder");
  }

  @Test
  void labelsArePlentyDifferentAndThoseThatOthersName() throws IOException {
    String one = "labels.file = \"" + file("one.txt", "cat\n") + "\"\n";
    ForeseenFaults.assertOnly(
        findings(SOUND + one, Stages.TRAIN), 3, "one.txt holds one class, [cat]");
    String twice = "labels.file = \"" + file("twice.txt", "cat\nred_fox\nred fox\n") + "\"\n";
    ForeseenFaults.assertOnly(
        findings(SOUND + twice, Stages.TRAIN), 3, "twice.txt:3", "already given");
    String two = "labels.file = \"" + file("two.txt", "cat\ndog\n") + "\"\n";
    String unseen = "data.unseen-classes.file = \"" + file("unseen.txt", "wolf\n") + "\"\n";
    ForeseenFaults.assertOnly(
        findings(SOUND + two + unseen, Stages.TRAIN), 3, "unseen.txt:1", "no class \"wolf\"");
    String prompts = "prompts.file = \"" + file("prompts.txt", "a {}\n") + "\"\n";
    ForeseenFaults.assertOnly(
        findings(SOUND + two + prompts, Stages.EMBED), 2, "prompts.txt holds only 1");
    byte[] header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }\n"
            .getBytes(StandardCharsets.US_ASCII);
    byte[] vectors = new byte[10 + header.length + 12];
    System.arraycopy(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0},
        0,
        vectors,
        0,
        10);
    System.arraycopy(header, 0, vectors, 10, header.length);
    Files.write(folder.resolve("three.npy"), vectors);
    ForeseenFaults.assertOnly(
        findings(
            SOUND + two + "embedding { encoder = precomputed, precomputed.path = three.npy }",
            Stages.EMBED),
        3,
        "three.npy: holds 3 rows, but there are 2 labels");
  }

  @Test
  void weightsAndSourcesAreWhatTheyMustBe() throws IOException {
    file("w.pt", "PK\u0003\u0004 and more, a Python pickle");
    ForeseenFaults.assertOnly(
        findings(SOUND + "train.weights = w.pt", Stages.TRAIN),
        3,
        "train.weights: " + folder.resolve("w.pt"),
        "only safetensors files are read");
    file("script.pt", "no archive");
    ForeseenFaults.assertOnly(
        findings(
            "data.train = \"drawn:novel\", embedding.encoder = lexical, train { backbone = torchscript,"
                + " weights = script.pt }",
            Stages.TRAIN),
        3,
        "script.pt: is no TorchScript archive");
    file("a.zip", "no zip");
    ForeseenFaults.assertOnly(
        findings("data.train = a.zip", Stages.PREPARE), 3, "a.zip: not a zip file");
    file("b.parquet", "PAR1, but no table");
    ForeseenFaults.assertOnly(
        findings("data.train = b.parquet", Stages.PREPARE), 3, "cannot be read as Parquet");
    ForeseenFaults.assertOnly(
        findings("data.train = \"drawn:old\"", Stages.PREPARE), 2, "drawn:base or");
    ForeseenFaults.assertOnly(findings("", Stages.PREPARE), 2, "data.train must say");
    file("names.json", "{");
    ForeseenFaults.assertOnly(
        findings("data.train = \"drawn:novel\", labels.names = names.json", Stages.PREPARE),
        3,
        "names.json is not JSON");
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("good.zip")))) {
      zip.putNextEntry(new ZipEntry("train/cat/1.png"));
      zip.putNextEntry(new ZipEntry("val/cat/2.png"));
    }
    ForeseenFaults.assertOnly(
        findings("data.train = good.zip", Stages.PREPARE), 3, "data.test-split = validation");
    assertThat(
            findings("data.train = good.zip, data.test-split = validation", Stages.PREPARE)
                .sentences())
        .isEmpty();
  }

  @Test
  void aWorkDirectoryThatCannotBeMadeIsExitThree() throws IOException {
    String file = file("taken", "");
    ForeseenFaults.assertOnly(
        findings(SOUND, Stages.TRAIN, file + "/w"), 3, "--work-dir " + file + "/w", "is a file");
    ForeseenFaults.assertOnly(findings(SOUND, Stages.TRAIN, file), 3, file + " is a file");
    ForeseenFaults.assertOnly(
        findings(SOUND, Stages.TRAIN, "/proc/lsg"), 3, "--work-dir /proc/lsg cannot be written");
  }

  @Test
  void sparksOwnFoldersCanBeWritten() throws IOException {
    String file = file("taken", "");
    Path config = Files.writeString(folder.resolve("run.conf"), SOUND);
    try (SparkLauncher spark =
        new SparkLauncher("local[no]", Map.of("spark.local.dir", file + "/a," + file + "/b"))) {
      Loaded loaded = SettingsLoader.load(config, Map.of());
      PipelineRun run = new PipelineRun(loaded, folder.resolve("w").toString(), spark);
      ForeseenFaults.assertOnly(
          new Preflight(loaded, run, spark).of(RunSpec.of(loaded), Stages.TRAIN),
          LsgException.ENVIRONMENT,
          "spark.local.dir = " + file + "/a cannot be written: ");
    }
    try (SparkLauncher spark =
        new SparkLauncher("local[no]", Map.of("spark.local.dir", file + "/a," + folder + "/b"))) {
      Loaded loaded = SettingsLoader.load(config, Map.of());
      PipelineRun run = new PipelineRun(loaded, folder.resolve("w").toString(), spark);
      assertThat(new Preflight(loaded, run, spark).of(RunSpec.of(loaded), Stages.TRAIN).sentences())
          .isEmpty();
    }
  }

  @Test
  void aGpuIsAskedForBeforeAnyStageButNotForWhatIsMade() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeFalse(
        io.github.lsgspark.torch.NativeTorch.cudaAvailable());
    ForeseenFaults.assertOnly(
        findings(SOUND + "train.device = cuda", Stages.TRAIN),
        LsgException.ENVIRONMENT,
        "train.device = cuda was asked for");
    assertThat(findings(SOUND + "train.device = cuda", Stages.PREPARE).sentences()).isEmpty();
  }

  @Test
  void aRunIsRefusedWithALineForEachReason() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("run.conf"), SOUND + "labels.file = none, train.weights = none");
    java.io.PrintStream original = System.err;
    java.io.ByteArrayOutputStream captured = new java.io.ByteArrayOutputStream();
    System.setErr(new java.io.PrintStream(captured, true, StandardCharsets.UTF_8));
    int code;
    try {
      code =
          Lsg.execute(
              "run", "--config", file.toString(), "--work-dir", folder.resolve("w").toString());
    } finally {
      System.setErr(original);
    }
    assertThat(code).isEqualTo(3);
    List<String> lines =
        captured
            .toString(StandardCharsets.UTF_8)
            .lines()
            .filter(l -> l.startsWith("lsg: "))
            .toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("lsg: labels.file: none: no such file or folder; looked");
    assertThat(lines.get(1)).startsWith("lsg: train.weights: none: no such file or folder; looked");
    assertThat(folder.resolve("w")).doesNotExist();
    String work = folder.resolve("w").toString();
    assertThat(Lsg.execute("doctor", "--config", file.toString(), "--work-dir", work)).isEqualTo(3);
  }
}
