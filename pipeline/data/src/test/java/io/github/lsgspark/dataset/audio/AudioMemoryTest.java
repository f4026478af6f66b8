package io.github.lsgspark.dataset.audio;

import static io.github.lsgspark.dataset.audio.SoundViews.modality;
import static io.github.lsgspark.dataset.audio.SoundViews.refused;
import static io.github.lsgspark.dataset.audio.SoundViews.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.dataset.media.SoundWriter;
import io.github.lsgspark.dataset.media.TestSounds;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.dataset.modality.ViewKind;
import io.github.lsgspark.torch.ProcessUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What decoding sounds and making views of them leaves in the memory of a process. */
@Tag("long-6")
class AudioMemoryTest {
  /** Native memory is not seen by the garbage collector: none may stay behind. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void thousandsOfSoundsAndViewsLeaveNothingBehind() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                Churn.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(Long.parseLong(said.strip())).isLessThan(20_000_000);
  }

  /** Prints by how many bytes a process with a heap of fixed size grows over 2,000 views. */
  static final class Churn {
    private Churn() {}

    public static void main(String[] arguments) throws Exception {
      Modality modality = modality("audio { seconds = 1, augmentation.noise = 20 }");
      byte[] file = TestSounds.wav(44100, TestSounds.tone(440, 1, 44100));
      float[] tone = TestSounds.tone(440, 1, 44100);
      byte[] flac = SoundWriter.encoded("flac", "flac", Map.of(), 44100, tone);
      byte[] damaged = Arrays.copyOf(flac, flac.length / 2);
      churn(modality, file, damaged, 500);
      long before = ProcessUsage.residentBytes();
      churn(modality, file, damaged, 2000);
      System.out.println(ProcessUsage.residentBytes() - before);
    }

    private static void churn(Modality modality, byte[] file, byte[] damaged, int times)
        throws Exception {
      for (int i = 0; i < times; i++) {
        view(modality, modality.decode(file), ViewKind.STRONG, i);
        refused(modality, damaged, Reason.TRUNCATED, "states a length of 1.00");
      }
    }
  }
}
