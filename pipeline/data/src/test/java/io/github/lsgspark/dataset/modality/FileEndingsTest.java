package io.github.lsgspark.dataset.modality;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileEndingsTest {

  @ParameterizedTest
  @CsvSource({
    "a.jpg, IMAGE VIDEO",
    "train/red fox/A.JPEG, IMAGE VIDEO",
    "a.webp, IMAGE VIDEO",
    "a.avif, IMAGE VIDEO",
    "a.tiff, IMAGE VIDEO",
    "a.jp2, IMAGE VIDEO",
    "a.heic, IMAGE VIDEO",
    "a.gif, IMAGE VIDEO",
    "a.wav, AUDIO",
    "a.wv, AUDIO",
    "a.mp4, AUDIO VIDEO",
    "a.zip, VIDEO",
  })
  void endingsTellTheModalities(String name, String modalities) {
    Set<Modality> of = EnumSet.noneOf(Modality.class);
    for (Modality modality : Modality.values()) {
      if (FileEndings.isOf(modality, name)) {
        of.add(modality);
      }
    }
    assertThat(of).extracting(Modality::name).containsExactly(modalities.split(" "));
  }

  @Test
  void otherFilesAreOfNone() {
    for (String name : new String[] {"a.txt", "a", ".jpg", "a.jpg/b", "a.json", "a.", "", "jpg"}) {
      for (Modality modality : Modality.values()) {
        assertThat(FileEndings.isOf(modality, name)).as(name).isFalse();
      }
    }
  }
}
