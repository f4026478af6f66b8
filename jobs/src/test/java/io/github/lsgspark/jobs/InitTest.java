package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.DataSettings.TestSplit;
import io.github.lsgspark.config.SettingsLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** lsg init and lsg try on samples in many layouts, and on what is none. */
class InitTest {
  private static final List<String> TINY =
      List.of(
          "-D", "train.backbone=small-cnn",
          "-D", "train.image-size=16",
          "-D", "embedding.encoder=lexical");

  @TempDir Path folder;

  /** Exit code, and what was printed. */
  private record Outcome(int code, String out, String error) {}

  private static Outcome lsg(List<String> more, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(more);
    PrintStream out = System.out;
    PrintStream error = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    ByteArrayOutputStream failed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(failed, true, StandardCharsets.UTF_8));
    try {
      int code = Lsg.execute(all.toArray(String[]::new));
      return new Outcome(
          code, told.toString(StandardCharsets.UTF_8), failed.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(error);
    }
  }

  private Path conf() {
    return folder.resolve("mine.conf");
  }

  private Outcome init(Path source, String... more) {
    List<String> all = new ArrayList<>(TINY);
    all.addAll(List.of("--output", conf().toString()));
    all.addAll(List.of(more));
    return lsg(all, "init", source.toString());
  }

  static Stream<Arguments> layouts() {
    List<Arguments> layouts = new ArrayList<>();
    List<List<String>> splits =
        List.of(List.of(), List.of("val"), List.of("test"), List.of(), List.of("val", "test"));
    for (RandomSource.Kind kind : RandomSource.Kind.values()) {
      int i = kind.ordinal();
      layouts.add(Arguments.of(kind, splits.get(i % splits.size()), i % 2 == 0));
    }
    return layouts.stream();
  }

  @ParameterizedTest(name = "{0} with {1}, large: {2}")
  @MethodSource("layouts")
  @Tag("long-3")
  void whatInitWritesRunsAtOnce(RandomSource.Kind kind, List<String> others, boolean large)
      throws IOException {
    RandomSource source = RandomSource.write(folder, kind, others, large, kind.ordinal());
    Outcome outcome = init(source.path());
    assertThat(outcome.code()).as(outcome.error()).isZero();
    assertThat(outcome.out())
        .contains("classes    " + source.classes() + ":")
        .contains("%,d train".formatted(source.counts().get("train")));
    DataSettings data = SettingsLoader.load(conf(), Map.of()).settings().data();
    assertThat(source.counts().get("train") >= 100).isEqualTo(large);
    boolean few = source.counts().get("train") < 100;
    if (source.counts().containsKey("test")) {
      assertThat(data.testSplit()).isEqualTo(TestSplit.TEST);
      assertThat(data.testFraction()).isZero();
    } else if (source.counts().containsKey("val")) {
      assertThat(data.testSplit()).isEqualTo(TestSplit.VALIDATION);
    } else {
      assertThat(data.testSplit()).isEqualTo(few ? TestSplit.NONE : TestSplit.TEST);
      assertThat(data.testFraction()).isEqualTo(few ? 0 : 0.2);
    }
    Outcome run =
        lsg(
            List.of("--work-dir", folder.resolve("w").toString(), "--master", "local[2]"),
            "run",
            "--config",
            conf().toString());
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(run.out()).contains(data.testSplit() == TestSplit.NONE ? "left-out" : "test acc");
  }

  @Test
  void namesThatTheDefaultEncoderCannotReadGetOneThatCan() throws IOException {
    SmallPictures.write(folder.resolve("photos"), 3, "red fox", "キツネ");
    assertThat(init(folder.resolve("photos")).code()).isZero();
    assertThat(Files.readString(conf())).contains("no Latin letter (キツネ)");
    SmallPictures.write(folder.resolve("pictures"), 3, "red fox", "blue jay");
    Path other = folder.resolve("other.conf");
    List<String> more = new ArrayList<>(TINY.subList(0, 4));
    more.addAll(List.of("--output", other.toString()));
    assertThat(lsg(more, "init", folder.resolve("pictures").toString()).code()).isZero();
    assertThat(SettingsLoader.load(other, Map.of()).settings().embedding().encoder())
        .isEqualTo("auto");
  }

  @Test
  @Tag("long-4")
  void tryComesToAPageAndGoesOnByWhatItWrote() throws IOException {
    Path source = folder.resolve("photos");
    SmallPictures.write(source, 3, "red fox", "blue jay");
    List<String> more =
        List.of(
            "--output", conf().toString(),
            "--work-dir", folder.resolve("w").toString(),
            "--master", "local[2]");
    List<String> first = new ArrayList<>(TINY);
    first.addAll(more);
    Outcome once = lsg(first, "try", source.toString());
    assertThat(once.code()).as(once.error()).isZero();
    assertThat(once.out()).contains("leave-one-out").contains("index.html").contains("written:");
    String written = Files.readString(conf());
    Outcome again = lsg(more, "try", source.toString());
    assertThat(again.code()).as(again.error()).isZero();
    assertThat(again.out()).contains("which is there already").contains("index.html");
    assertThat(conf()).content().isEqualTo(written);
    List<String> guided = new ArrayList<>(more.subList(2, more.size()));
    guided.addAll(List.of("--config", conf().toString(), "-D", "lsg.enabled=true"));
    guided.addAll(List.of("-D", "train.enabled=true", "-D", "train.iterations=2"));
    guided.addAll(List.of("-D", "data.test-split=test", "-D", "data.test-fraction=0.4"));
    guided.addAll(List.of("-D", "gcn.iterations=5", "-D", "train.keep=trained"));
    Outcome trained = lsg(guided, "run");
    assertThat(trained.code()).as(trained.error()).isZero();
    SmallPictures.write(folder.resolve("others"), 3, "red fox", "blue jay");
    Outcome others = lsg(more, "try", folder.resolve("others").toString());
    assertThat(others.code()).isEqualTo(2);
    assertThat(others.error()).contains("for other samples").contains("--output");
    Outcome changed = lsg(first, "try", source.toString());
    assertThat(changed.code()).isEqualTo(2);
    assertThat(changed.error()).contains("-D and --backbone are for a new one");
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    SmallPictures.write(folder.resolve("photos"), 3, "red fox", "blue jay");
    Files.writeString(conf(), "mine");
    Outcome outcome = init(folder.resolve("photos"));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.error()).contains("is there already and is not overwritten");
    assertThat(conf()).content().isEqualTo("mine");
  }

  @Test
  void whatCannotBeUsedEndsInASentence() throws IOException {
    refused(Files.createDirectories(folder.resolve("empty")), 3, "holds");
    refused(Path.of("."), 2, "is the current folder");
    refused(folder.resolve("none"), 3, "no such file or folder");
    SmallPictures.write(folder.resolve("one"), 4, "red fox");
    refused(folder.resolve("one"), 3, "holds one class");
    refused(folder.resolve("one/red fox/p0.png"), 3, "is one sample");
    SmallPictures.write(folder.resolve("twice"), 4, "red fox", "red_fox", "blue jay");
    refused(folder.resolve("twice"), 3, "red_fox");
    refused(folder.resolve("one/red fox"), 3, "left out");
    SmallPictures.write(folder.resolve("broken"), 4, "red fox", "blue jay");
    for (int i = 0; i < 4; i++) {
      Files.writeString(folder.resolve("broken/red fox/p" + i + ".png"), "<html>");
    }
    refused(folder.resolve("broken"), 3, "4 of 8 samples that were opened cannot be used");
    assertThat(conf()).doesNotExist();
    SmallPictures.write(folder.resolve("photos"), 4, "red fox", "blue jay");
    Outcome noNetwork =
        lsg(List.of("--output", conf().toString()), "init", folder.resolve("photos").toString());
    assertThat(noNetwork.code()).isEqualTo(4);
    assertThat(noNetwork.error()).contains("--backbone DIR");
    Outcome noDirectory =
        lsg(
            List.of("--output", conf().toString(), "--backbone", folder.toString()),
            "init",
            folder.resolve("photos").toString());
    assertThat(noDirectory.code()).isEqualTo(3);
    assertThat(noDirectory.error()).contains("config.json");
  }

  private void refused(Path source, int code, String sentence) {
    Outcome outcome = init(source);
    assertThat(outcome.error()).contains(sentence).doesNotContain("\tat ");
    assertThat(outcome.code()).isEqualTo(code);
  }

  @Test
  void oddThingsAreSaid() throws IOException {
    Path source = folder.resolve("photos");
    SmallPictures.write(source, 6, "n01440764", "n01443537");
    SmallPictures.write(source, 1, "n01484850");
    Files.writeString(source.resolve("n01440764/p0.png"), "<html>");
    Files.writeString(source.resolve("Thumbs.db"), "x");
    Files.writeString(
        source.resolve("synset_words.txt"),
        "n01440764 tench, Tinca tinca\nn01443537 goldfish\nn01484850 great white shark\n");
    Outcome outcome = init(source);
    assertThat(outcome.code()).as(outcome.error()).isZero();
    assertThat(outcome.out())
        .contains("tench, goldfish")
        .contains("1 classes have one training sample")
        .contains("1 of 13 that were opened cannot be used")
        .contains("2 other files")
        .contains("by " + source.toRealPath().resolve("synset_words.txt"));
    assertThat(conf()).content().contains("labels.names = ").contains("max-bad-fraction");
  }
}
