package io.github.lsgspark.torch;

import static io.github.lsgspark.torch.ConvolutionChoice.Answer.DIES;
import static io.github.lsgspark.torch.ConvolutionChoice.Answer.LIVES;
import static io.github.lsgspark.torch.ConvolutionChoice.Answer.NONE;
import static io.github.lsgspark.torch.ConvolutionMode.ASSUMED_CACHES;
import static io.github.lsgspark.torch.ConvolutionMode.ORDINARY;
import static io.github.lsgspark.torch.ConvolutionMode.WITHOUT_ONEDNN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvolutionChoiceTest {
  private static final String FACTS = "probe 1\nmodel name : AMD EPYC\ncaches hidden";

  @TempDir Path folder;

  private final List<ConvolutionMode> tried = new ArrayList<>();

  /** Answers in the order of the modes. */
  private ConvolutionMode choose(ConvolutionChoice.Answer... answers) {
    tried.clear();
    return new ConvolutionChoice(
            new ProbeMemory(folder, FACTS),
            mode -> {
              tried.add(mode);
              return answers[mode.ordinal()];
            })
        .choose();
  }

  @Test
  void aProcessorThatHidesItsCachesIsTriedOutInAProcessThatDies() {
    NativeTorch.load();
    if (CpuFeatures.showsCaches()) {
      assertThat(NativeTorch.convolutions()).isEqualTo(ORDINARY);
      assertThat(ConvolutionChoice.probe(ORDINARY)).isEqualTo(LIVES);
      // There is nothing to assume.
      assertThat(ConvolutionChoice.probe(ASSUMED_CACHES)).isEqualTo(DIES);
    } else if (CpuFeatures.identity().contains("AuthenticAMD")) {
      assertThat(ConvolutionChoice.probe(ORDINARY)).isEqualTo(DIES);
      assertThat(NativeTorch.convolutions()).isEqualTo(ASSUMED_CACHES);
      assertThat(NativeTorch.facts().get("convolutions")).startsWith("processor hides its caches");
    }
  }

  @Test
  void theFastestModeThatLivesIsTakenAndRemembered() {
    assertThat(choose(DIES, LIVES, LIVES)).isEqualTo(ASSUMED_CACHES);
    assertThat(tried).containsExactly(ORDINARY, ASSUMED_CACHES);
    assertThat(choose(LIVES, LIVES, LIVES)).isEqualTo(ASSUMED_CACHES);
    assertThat(tried).isEmpty();
  }

  @Test
  void whereNothingElseLivesOneDnnIsOff() {
    assertThat(choose(DIES, DIES, LIVES)).isEqualTo(WITHOUT_ONEDNN);
    assertThat(choose(LIVES, LIVES, LIVES)).isEqualTo(WITHOUT_ONEDNN);
  }

  @Test
  void noAnswerIsNotRemembered() throws IOException {
    assertThat(choose(DIES, NONE, LIVES)).isEqualTo(WITHOUT_ONEDNN);
    assertThat(folder).isEmptyDirectory();
    assertThat(choose(LIVES, LIVES, LIVES)).isEqualTo(ORDINARY);
  }

  @Test
  void aDamagedAnswerAndThatOfAnotherProcessorAreNone() throws IOException {
    Path file = new ProbeMemory(folder, FACTS).file();
    for (String content :
        List.of(
            "",
            "assumed-caches",
            "assumed-caches\n" + FACTS.substring(1),
            "quickly\n" + FACTS,
            "\n\n\0")) {
      Files.writeString(file, content);
      assertThat(choose(DIES, DIES, LIVES)).as(content).isEqualTo(WITHOUT_ONEDNN);
      assertThat(tried).as(content).hasSize(3);
    }
    assertThat(new ProbeMemory(folder, FACTS + " ").file()).isNotEqualTo(file);
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoFault() {
    Path missing = folder.resolve("missing");
    new ProbeMemory(missing, FACTS).write(ORDINARY);
    assertThat(missing).doesNotExist();
  }

  @Test
  void theKernelTellsLevelsOfCachesOfData() throws IOException {
    cache(0, "Data", "1", "48K");
    cache(1, "Instruction", "1", "32K");
    cache(2, "Unified", "2", "0K");
    assertThat(CpuFeatures.levels(folder)).isEqualTo(Set.of("1"));
    cache(3, "Unified", "2", "1024K");
    assertThat(CpuFeatures.levels(folder)).isEqualTo(Set.of("1", "2"));
    assertThat(CpuFeatures.levels(folder.resolve("missing"))).isEmpty();
  }

  private void cache(int index, String type, String level, String size) throws IOException {
    Path cache = Files.createDirectory(folder.resolve("index" + index));
    Files.writeString(cache.resolve("type"), type + "\n");
    Files.writeString(cache.resolve("level"), level + "\n");
    Files.writeString(cache.resolve("size"), size + "\n");
  }

  @Test
  void everyModeHasANameOfItsOwn() {
    assertThat(Arrays.stream(ConvolutionMode.values()).map(ConvolutionMode::label))
        .containsExactly("ordinary", "assumed-caches", "without-onednn");
    assertThat(ConvolutionMode.of("assumed-caches")).contains(ASSUMED_CACHES);
    assertThat(ConvolutionMode.of("")).isEmpty();
  }
}
