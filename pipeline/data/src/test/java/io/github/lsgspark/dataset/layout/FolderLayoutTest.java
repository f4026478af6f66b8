package io.github.lsgspark.dataset.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderLayoutTest {
  private static DataSettings data(String more) {
    return SettingsLoader.parse("data.train = x\n" + more).data();
  }

  /** Split, label and depth of each path; of one left out its reason. */
  private static List<String> read(String more, String... paths) {
    return read(more, Set.of(), paths);
  }

  private static List<String> read(String more, Set<String> known, String... paths) {
    return new FolderLayout("x", data(more), known)
        .read(List.of(paths)).stream()
            .map(
                position ->
                    position
                        .leftOut()
                        .map(left -> left.reason().name())
                        .orElse(position.split() + "|" + position.label() + "|" + position.depth()))
            .toList();
  }

  private static void refused(String more, String message, String... paths) {
    assertThatThrownBy(() -> read(more, paths))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("data.layout")
        .hasMessageContaining(message);
  }

  @Test
  void classesAreFoldersAndSplitsAreFoldersOfClasses() {
    assertThat(read("", "cat/1.jpg", "dog/a/2.jpg")).containsExactly("|cat|1", "|dog|1");
    assertThat(read("", "train/cat/1.jpg", "Dev/dog/2.jpg", "TESTING/cat/3.jpg"))
        .containsExactly("train|cat|2", "validation|dog|2", "test|cat|2");
    assertThat(read("", "train/cat/1.jpg", "train/dog/1.jpg", "unsup/a/b/c.jpg", "unsup/d.jpg"))
        .containsExactly("train|cat|2", "train|dog|2", "unlabelled||1", "unlabelled||1");
  }

  @Test
  void foldersRoundEverythingAreLookedThrough() {
    assertThat(read("", "photos/train/cat/1.jpg", "photos/test/dog/1.jpg"))
        .containsExactly("train|cat|3", "test|dog|3");
    assertThat(read("", "a/b/cat/1.jpg", "a/b/dog/1.jpg")).containsExactly("|cat|3", "|dog|3");
    assertThat(read("", "photos/cover.jpg", "photos/cat/1.jpg", "photos/dog/1.jpg"))
        .containsExactly("NO_CLASS_FOLDER", "|cat|2", "|dog|2");
    // The way in which Kaggle's archives are packed.
    assertThat(
            read(
                "",
                "training_set/training_set/cats/1.jpg",
                "training_set/training_set/dogs/1.jpg",
                "test_set/test_set/cats/1.jpg",
                "test_set/test_set/dogs/1.jpg"))
        .containsExactly("train|cats|3", "train|dogs|3", "test|cats|3", "test|dogs|3");
  }

  @Test
  void splitsAreAlsoToldByTheOneWordThatFoldersDifferIn() {
    assertThat(
            read(
                "",
                "seg_train/seg_train/cat/1.jpg",
                "seg_train/seg_train/dog/1.jpg",
                "seg_test/seg_test/cat/1.jpg",
                "seg_test/seg_test/dog/1.jpg"))
        .containsExactly("train|cat|3", "train|dog|3", "test|cat|3", "test|dog|3");
    // Of classes that only hold such a word.
    assertThat(read("", "test tube/1.jpg", "train station/1.jpg", "dev kit/1.jpg"))
        .containsExactly("|test tube|1", "|train station|1", "|dev kit|1");
    refused(
        "",
        "beside them lie seg_pred/",
        "seg_train/cat/1.jpg",
        "seg_test/cat/1.jpg",
        "seg_pred/1.jpg");
    refused(
        "",
        "hold files without class folders",
        "cats_train/1.jpg",
        "dogs_train/1.jpg",
        "cats_test/1.jpg",
        "dogs_test/1.jpg");
  }

  @Test
  void unlabelledSamplesMayLieAmongTheClassesOfTheTrainingSplit() {
    assertThat(
            read("", "train/cat/1.jpg", "train/dog/1.jpg", "train/unsup/a/1.jpg", "test/cat/1.jpg"))
        .containsExactly("train|cat|2", "train|dog|2", "unlabelled||2", "test|cat|2");
  }

  @Test
  void foldersThatAllClassesHoldMayBeTheClasses() {
    FoldersInClasses same = new FoldersInClasses();
    FoldersInClasses others = new FoldersInClasses();
    for (String path : List.of("images/cat/1.jpg", "images/dog/1.jpg", "masks/cat/1.png")) {
      same.add(path, Position.of("", path.split("/")[0], 1));
      others.add(path, Position.of("", path.split("/")[0], 1));
    }
    same.add("masks/dog/1.png", Position.of("", "masks", 1));
    assertThat(same.warning().orElseThrow()).contains("images, masks", "cat, dog");
    assertThat(others.warning()).isEmpty();
  }

  @Test
  void oneClassIsNoFolderRoundEverything() {
    assertThat(read("", "cat/1.jpg", "cat/2.jpg")).containsExactly("|cat|1", "|cat|1");
    assertThat(read("", Set.of("cat", "dog"), "cat/a/1.jpg", "cat/b/2.jpg"))
        .containsExactly("|cat|1", "|cat|1");
    assertThat(read("", "train/cat/1.jpg", "train/dog/1.jpg", "test/cat/a/1.jpg"))
        .containsExactly("train|cat|2", "train|dog|2", "test|cat|2");
  }

  @Test
  void framesOfOneClassAreNoClasses() {
    assertThat(read("data.modality = video", "run/clip 1/f0.png", "run/clip 2/f0.png"))
        .containsExactly("|run|1", "|run|1");
    assertThat(read("data.modality = video", "all/run/a/f0.png", "all/jump/b/f0.png"))
        .containsExactly("|run|2", "|jump|2");
  }

  @Test
  void splitsBelowClassesAreSplits() {
    assertThat(read("", "cat/train/1.jpg", "cat/test/2.jpg", "dog/train/1.jpg"))
        .containsExactly("train|cat|2", "test|cat|2", "train|dog|2");
    refused("", "2 of 3 files", "cat/train/1.jpg", "cat/test/2.jpg", "dog/1.jpg");
    assertThat(read("data.layout = classes", "cat/train/1.jpg", "cat/test/2.jpg", "dog/1.jpg"))
        .containsExactly("|cat|1", "|cat|1", "|dog|1");
  }

  @Test
  void aClassMayBeCalledLikeASplit() {
    assertThat(read("", "bus/1.jpg", "car/1.jpg", "train/1.jpg"))
        .containsExactly("|bus|1", "|car|1", "|train|1");
    String[] paths = {"bus/1.jpg", "car/1.jpg", "train/side/1.jpg"};
    refused("", "train/ (1 files)", paths);
    assertThat(read("data.layout = classes", paths))
        .containsExactly("|bus|1", "|car|1", "|train|1");
  }

  @Test
  void otherFoldersBesideSplitsAreRefusedOrLeftOut() {
    String[] paths = {"train/a/1.jpg", "train/b/1.jpg", "test/a/2.jpg", "extra/a/3.jpg"};
    refused("", "extra/ (1 files)", paths);
    assertThat(read("data.layout = splits", paths))
        .containsExactly("train|a|2", "train|b|2", "test|a|2", "OTHER_FOLDER");
    refused("data.layout = splits", "no folder is named", "a/1.jpg", "b/2.jpg");
    refused("", "unlabelled/", "a/1.jpg", "b/2.jpg", "unlabelled/3.jpg");
    refused("", "without class folders", "train/1.jpg", "test/1.jpg");
  }

  @ParameterizedTest
  @CsvSource({
    "Train,train",
    "TRAINING,train",
    "training_set,train",
    "train2017,train",
    "train_images,train",
    "val,validation",
    "Valid,validation",
    "dev,validation",
    "validation-split,validation",
    "test1,test",
    "Testing,test",
    "eval,test",
    "test set,test",
    "unlabeled,unlabelled",
    "Unsup,unlabelled"
  })
  void splitsHaveManyNames(String name, String split) {
    assertThat(SplitNames.of(name)).contains(split);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"trains", "trainer", "tests", "valley", "developer", "train station", "a"})
  void otherNamesAreNoSplits(String name) {
    assertThat(SplitNames.of(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a/.hidden.jpg,HIDDEN",
    ".git/x.jpg,HIDDEN",
    "a/.ipynb_checkpoints/1.jpg,HIDDEN",
    "a/@eaDir/1.jpg/x.jpg,LITTER",
    "x/y/__MACOSX/1.jpg,LITTER",
    "a/Thumbs.db,LITTER",
    "DESKTOP.INI,LITTER",
    "a/README,LITTER",
    "a/notes.TXT,OTHER_TYPE",
    "a/clip.mp4,OTHER_TYPE",
    "a/labels.csv,OTHER_TYPE",
    "more.zip,OTHER_TYPE"
  })
  void litterIsToldFromSamples(String path, LeftOut.Reason reason) {
    assertThat(Litter.of(DataSettings.Modality.IMAGE, path))
        .hasValueSatisfying(left -> assertThat(left.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/1.JPG", "a/1.webp", "a/1", "a/1.heic", "a/photo.2024", "a/x.unknown"})
  void whatMayBeASampleIsOne(String path) {
    assertThat(Litter.of(DataSettings.Modality.IMAGE, path)).isEmpty();
  }

  @Test
  void aSoundMayLieInAFilm() {
    assertThat(Litter.of(DataSettings.Modality.AUDIO, "a/talk.mp4")).isEmpty();
    assertThat(Litter.of(DataSettings.Modality.AUDIO, "a/cover.jpg")).isPresent();
  }
}
