package io.github.lsgspark.embedding.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedFolderTest {
  private static final String NAME = "lsg-model-0123";

  @TempDir Path root;

  private Path unpacked(String place, boolean whole) throws IOException {
    Path folder = Files.createDirectories(root.resolve(place));
    if (whole) {
      Files.createFile(folder.resolve(ShippedFolder.LAST));
    }
    return folder;
  }

  @Test
  void isBesideOtherFilesAsSpark35PutsIt() throws IOException {
    Path folder = unpacked(NAME, true);
    unpacked("lsg-model-4567", true);
    assertThat(ShippedFolder.find(root, NAME)).isEqualTo(folder);
  }

  @Test
  void isInTheFolderOfASessionAsSpark4PutsIt() throws IOException {
    Files.createFile(root.resolve("a-file"));
    Path folder = unpacked("b-session/" + NAME, true);
    assertThat(ShippedFolder.find(root, NAME)).isEqualTo(folder);
  }

  @Test
  void oneThatIsStillBeingUnpackedForAnotherSessionIsNotTaken() throws IOException {
    unpacked("a-session/" + NAME, false);
    Path folder = unpacked("b-session/" + NAME, true);
    assertThat(ShippedFolder.find(root, NAME)).isEqualTo(folder);
  }

  @Test
  void aMissingOneIsNamed() throws IOException {
    unpacked("a-session/" + NAME, false);
    assertThatThrownBy(() -> ShippedFolder.find(root, NAME))
        .hasMessage("Spark brought no archive " + NAME + " to this executor, under " + root);
  }
}
